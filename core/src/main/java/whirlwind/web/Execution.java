package whirlwind.web;

import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.HttpInputException;
import whirlwind.loop.Async;

/** The life of a handler, in its request's coroutine. */
final class Execution {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private final RequestHandler handler;
    private final Response response;

    Execution(RequestHandler handler, Response response) {
        this.handler = handler;
        this.response = response;
    }

    void run() throws Exception {
        try {
            handler.clear();
            if (handler.settings().xsrfCookies() && Xsrf.isChecked(response.request().method())) {
                handler.checkXsrfCookie();
            }
            handler.prepare();
            if (!response.isFinished() && !Authentication.admits(handler)) {
                return;
            }
            if (Application.streamsBody(handler.getClass())) {
                readBody();
            }
            if (!response.isFinished()) {
                callVerb(response.request().method());
            }
            if (!response.isFinished()) {
                response.finish();
            }
        } catch (Finish e) {
            if (!response.isFinished()) {
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
        } finally {
            response.end();
            handler.onFinish();
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

    private void callVerb(String method) throws Exception {
        switch (method) {
            case "GET" -> handler.get();
            case "HEAD" -> handler.head();
            case "POST" -> handler.post();
            case "PUT" -> handler.put();
            case "PATCH" -> handler.patch();
            case "DELETE" -> handler.delete();
            case "OPTIONS" -> handler.options();
            default -> handler.otherMethod(method);
        }
    }

    private void fail(Throwable failure) {
        try {
            handler.logException(failure);
        } catch (RuntimeException e) {
            log.error("logException of {} failed", handler.getClass().getName(), e);
            log.error("Uncaught exception {}", AccessLog.summary(response.request()), failure);
        }
        if (response.isFinished()) {
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
                handler.setHeader("Allow", Verbs.ALLOWED.get(handler.getClass()));
            }
            handler.writeError(status, failure);
        } catch (Exception e) {
            log.error("writeError of {} failed", handler.getClass().getName(), e);
            if (!response.isFinished()) {
                response.clear();
                response.setStatus(status, null);
            }
        }
        if (!response.isFinished()) {
            response.finish();
        }
    }
}
