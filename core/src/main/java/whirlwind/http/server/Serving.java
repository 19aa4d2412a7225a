package whirlwind.http.server;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.exchange.Exchanges;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Task;

/** One request being handled: the body of its coroutine, and what becomes of that. */
final class Serving implements Callable<@Nullable Void>, Exchanges.Owner {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final byte[] NO_BODY = new byte[0];

    private final IOLoop loop;
    private final HttpHandler handler;
    private final ServerExchange wire;
    private @Nullable Task<@Nullable Void> task;
    private @Nullable Runnable closeCallback;
    private boolean keepOnDisconnect;
    private boolean keepsOpen;

    Serving(IOLoop loop, HttpHandler handler, ServerExchange wire) {
        this.loop = loop;
        this.handler = handler;
        this.wire = wire;
    }

    Serving start() {
        task = Async.spawn(wire.request().method() + " " + wire.request().path(), this);
        return this;
    }

    @Override
    public @Nullable Void call() {
        try {
            handler.handle(new HttpExchange(wire, this));
        } catch (CancellationException e) {
            cancelled();
        } catch (HttpInputException e) {
            refused(e);
        } catch (Throwable e) {
            failed(e);
        }
        task = null;
        if (keepsOpen) {
            wire.releaseRequest();
        }
        return null;
    }

    /**
     * Mostly by the client's going away; else the loop ends, or what the handler waited for did.
     */
    private void cancelled() {
        if (!wire.isGone() && !wire.isFinished()) {
            log.warn("The handler of {} was cancelled", wire.request().startLine());
            answer(503);
        }
    }

    private void refused(HttpInputException e) {
        log.info(
                "{} gets {}: {}",
                wire.request().remoteIp(),
                e.status(),
                Text.oneLine(e.getMessage()));
        answer(e.status());
    }

    private void failed(Throwable e) {
        if (wire.isGone()) {
            log.debug("{} failed after its client went away", wire.request().startLine(), e);
            return;
        }
        log.error("Exception in the handler of {}", wire.request().startLine(), e);
        answer(500);
    }

    /** With the head out, only dropping the connection tells the client that this isn't all. */
    private void answer(int status) {
        if (wire.isStarted()) {
            if (!wire.isFinished() || wire.isSwitched()) {
                wire.abort();
            }
            return;
        }
        var headers = status == 426 ? WebSocketUpgrade.required() : new Headers();
        wire.respond(status, null, headers, NO_BODY);
    }

    @Override
    public void clientGone() {
        var callback = closeCallback;
        closeCallback = null;
        if (callback != null) {
            loop.addCallback(callback);
        }
        if (!keepOnDisconnect && task != null) {
            task.cancel();
        }
    }

    void keepOnDisconnect() {
        keepOnDisconnect = true;
    }

    void keepOpen() {
        keepsOpen = true;
    }

    void onClose(Runnable callback) {
        if (wire.isGone()) {
            loop.addCallback(callback);
        } else if (!wire.isFinished()) {
            var before = closeCallback;
            closeCallback = before == null ? callback : () -> runBoth(before, callback);
        }
    }

    /** Whatever the first does. */
    private void runBoth(Runnable first, Runnable second) {
        try {
            first.run();
        } finally {
            loop.addCallback(second);
        }
    }
}
