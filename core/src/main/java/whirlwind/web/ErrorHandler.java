package whirlwind.web;

import whirlwind.http.Headers;

/** Answers every request with the same error. Tornado: {@code web.ErrorHandler}. */
public final class ErrorHandler extends RequestHandler {
    private final RuntimeException failure;
    private final Headers headers;

    /**
     * A handler that answers with this status.
     *
     * @throws IllegalArgumentException unless it is 400 to 599
     */
    public ErrorHandler(int status) {
        this(status, new Headers());
    }

    /**
     * The same with headers: {@code new ErrorHandler(401, Headers.of("WWW-Authenticate",
     * "Bearer"))}.
     */
    public ErrorHandler(int status, Headers headers) {
        this(new HttpError(status), headers);
    }

    /**
     * A handler that answers as one that has thrown this: with its status if it has one, or 500.
     */
    public ErrorHandler(RuntimeException failure) {
        this(failure, new Headers());
    }

    private ErrorHandler(RuntimeException failure, Headers headers) {
        this.failure = failure;
        this.headers = headers;
    }

    @Override
    protected void setDefaultHeaders() {
        headers.names().forEach(this::clearHeader); // such as the default Content-Type
        headers.forEach(this::addHeader);
    }

    /** All of them. */
    @Override
    boolean supports(String method) {
        return true;
    }

    /** Nothing is done here that could be forged, and a wrong address is not told by its method. */
    @Override
    protected void checkXsrfCookie() {}

    @Override
    protected void prepare() {
        throw failure;
    }
}
