package whirlwind.web;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.IOLoop;

/**
 * One line for each request, in the logger {@code whirlwind.access}: info below 400, warning below
 * 500, else error. Costs nothing while that logger is off. Tornado: {@code tornado.access}.
 */
final class AccessLog {
    private static final Logger log = LoggerFactory.getLogger("whirlwind.access");

    @Nullable Instant begin() {
        return log.isErrorEnabled() ? IOLoop.current().time() : null;
    }

    void end(HttpServerRequest request, int status, @Nullable Instant started) {
        var level = status < 400 ? Level.INFO : status < 500 ? Level.WARN : Level.ERROR;
        if (started == null || !log.isEnabledForLevel(level)) {
            return;
        }
        var took = Duration.between(started, IOLoop.current().time());
        log.atLevel(level)
                .log(() ->
                        "%d %s %.2f ms".formatted(status, summary(request), took.toNanos() / 1e6));
    }

    /** {@code GET /path (127.0.0.1)}. */
    static String summary(HttpServerRequest request) {
        return request.method() + " " + request.uri() + " (" + request.remoteIp() + ")";
    }
}
