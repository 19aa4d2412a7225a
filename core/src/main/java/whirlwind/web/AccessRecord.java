package whirlwind.web;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;

/**
 * What an access log knows of a request that is over.
 *
 * @param request what the client asked
 * @param status what it was answered; 499 if it went away before that
 * @param bodyLength the bytes of the response's body, as they were sent
 * @param started when its head, or its whole body, had come
 * @param duration from then until its handler had ended
 * @param requestId see {@link RequestId}; null if the application has none
 */
public record AccessRecord(
        HttpServerRequest request,
        int status,
        long bodyLength,
        Instant started,
        Duration duration,
        @Nullable String requestId) {
    /** {@code GET /path (127.0.0.1)}. */
    public String summary() {
        return summary(request);
    }

    static String summary(HttpServerRequest request) {
        return request.method() + " " + request.uri() + " (" + request.remoteIp() + ")";
    }
}
