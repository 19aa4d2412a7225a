package whirlwind.http.client;

import java.io.Serial;

/** The response's status is not one of success (2xx). For example {@code HTTP 404: Not Found}. */
public sealed class HttpStatusException extends HttpClientException permits HttpRedirectException {
    @Serial private static final long serialVersionUID = 1;

    private final transient HttpResponse response;

    HttpStatusException(HttpResponse response) {
        this(response, "");
    }

    HttpStatusException(HttpResponse response, String how) {
        super("HTTP " + response.code() + ": " + response.reason() + how, null);
        this.response = response.withError(this);
    }

    @Override
    public int code() {
        return response.code();
    }

    /** What the server answered. */
    public HttpResponse response() {
        return response;
    }
}
