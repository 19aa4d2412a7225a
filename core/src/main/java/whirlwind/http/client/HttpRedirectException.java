package whirlwind.http.client;

import java.io.Serial;

/**
 * As many redirects were followed as may be, and there is yet another, which is the response. For
 * example {@code HTTP 302: Found (after 5 redirects, at http://example.com/)}.
 */
public final class HttpRedirectException extends HttpStatusException {
    @Serial private static final long serialVersionUID = 1;

    HttpRedirectException(HttpResponse response, int followed) {
        super(response, " (after " + followed + " redirects, at " + response.effectiveUrl() + ")");
    }
}
