package whirlwind.http.client;

import java.io.Serial;

/** The response's status is not one of success (2xx). For example {@code HTTP 404: Not Found}. */
public final class HttpStatusException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    private final transient HttpResponse response;

    HttpStatusException(HttpResponse response) {
        super("HTTP " + response.code() + ": " + response.reason(), null);
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
