package whirlwind.web;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;

/** The life of a handler, in its request's coroutine. */
final class Execution {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private final RequestHandler handler;
    private final Response response;
    private final Traits traits;

    Execution(RequestHandler handler, Response response) {
        this.handler = handler;
        this.response = response;
        this.traits = Traits.of(handler);
    }

    void run() throws Exception {
        try {
            var limit = handler.timeLimit();
            if (limit.isZero()) {
                live();
            } else {
                liveFor(limit);
            }
        } finally {
            try {
                response.end();
                handler.onFinish();
            } finally {
                response.release();
            }
        }
    }

    private void liveFor(Duration limit) throws Exception {
        try {
            Async.withTimeout(limit, this::live);
        } catch (AsyncTimeoutException e) {
            // Not the handler's own: what it throws has been answered within.
            fail(new HttpError(503, "its handler took longer than " + DurationText.of(limit)));
        }
    }

    private void live() throws Exception {
        try {
            handler.clear();
            answer();
            if (!response.isFinished()) {
                response.finish();
            }
        } catch (Finish e) {
            if (!response.isFinished()) {
                e.writeTo(handler);
                response.finish();
            }
        } catch (CancellationException | UncheckedIOException e) {
            if (response.isClientGone()) {
                handler.onConnectionClose();
            } else if (e instanceof CancellationException) {
                throw e;
            } else {
                fail(e);
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void answer() throws Exception {
        var method = response.request().method();
        if (!handler.supports(method)) {
            throw new HttpError(405);
        }
        if (handler.settings().xsrfCookies() && Xsrf.isChecked(method)) {
            handler.checkXsrfCookie();
        }
        handler.prepare();
        if (!response.isFinished() && !Authentication.admits(handler, traits)) {
            return;
        }
        if (traits.streamsBody()) {
            readBody();
        }
        if (!response.isFinished() && hasRightSlash(method)) {
            handler.call(method);
        }
    }

    private void readBody() throws Exception {
        while (!response.isFinished()) {
            var piece = Async.await(response.readBody());
            if (piece == null) {
                return;
            }
            handler.dataReceived(piece);
        }
    }

    /** Whether the path ends as {@link AddSlash} or {@link RemoveSlash} say; redirects if not. */
    private boolean hasRightSlash(String method) {
        var wanted = traits.trailingSlash();
        var path = response.request().path();
        if (wanted == null || path.equals("/") || path.endsWith("/") == wanted) {
            return true;
        }
        if (!Url.isLocalPath(path) || !method.equals("GET") && !method.equals("HEAD")) {
            throw new HttpError(404);
        }
        var query = response.request().query();
        var right = wanted ? path + "/" : withoutSlashes(path);
        handler.redirect(query.isEmpty() ? right : right + "?" + query, 301);
        return false;
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private void fail(Throwable failure) {
        try {
            handler.logException(failure);
        } catch (RuntimeException e) {
            log.error("logException of {} failed", handler.getClass().getName(), e);
            logUncaught(failure, response.request());
        }
        if (response.isFinished()) {
            response.abandon();
            return;
        }
        int status =
                switch (failure) {
                    case HttpError e -> e.status();
                    case HttpInputException e -> e.status();
                    default -> 500;
                };
        sendError(handler, response, status, failure);
    }

    /** What a handler says of what it threw, unless it says something else. */
    static void log(Throwable failure, HttpServerRequest request) {
        switch (failure) {
            case HttpError e when e.getMessage() == null -> {}
            case HttpError e -> logStatus(e.status(), e, request);
            case HttpInputException e -> logStatus(e.status(), e, request);
            default -> logUncaught(failure, request);
        }
    }

    private static void logStatus(int status, Throwable failure, HttpServerRequest request) {
        var message = Text.oneLine(failure.getMessage()); // may quote the client
        log.warn("{} {}: {}", status, AccessRecord.summary(request), message);
    }

    private static void logUncaught(Throwable failure, HttpServerRequest request) {
        log.error("Uncaught exception {}", AccessRecord.summary(request), failure);
    }

    static void sendError(
            RequestHandler handler, Response response, int status, @Nullable Throwable failure) {
        if (response.isStarted()) {
            response.abort(); // ending it here would make a part look like the whole
            return;
        }
        try {
            handler.clear();
            response.setStatus(status, failure instanceof HttpError e ? e.reason() : null);
            if (status == 405) {
                handler.setHeader("Allow", handler.allowed());
            }
            if (status == 426) {
                WebSocketUpgrade.required().forEach(handler::setHeader);
            }
            if (!HttpStatus.hasNoBody(status)) {
                handler.writeError(status, failure);
            }
        } catch (Exception e) {
            log.error("writeError of {} failed", handler.getClass().getName(), e);
            if (response.isStarted()) {
                response.abort();
            } else if (!response.isFinished()) {
                response.clear();
                response.setStatus(status, null);
            }
        }
        if (!response.isFinished()) {
            response.finish();
        }
    }
}
