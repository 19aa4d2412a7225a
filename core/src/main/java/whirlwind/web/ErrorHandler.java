package whirlwind.web;

/** Answers every request with the same error. Tornado: {@code web.ErrorHandler}. */
public final class ErrorHandler extends RequestHandler {
    private final int status;

    /** A handler that answers with this status, 400 to 599. */
    public ErrorHandler(int status) {
        this.status = status;
    }

    /** Nothing is done here that could be forged, and a wrong address is not told by its method. */
    @Override
    protected void checkXsrfCookie() {}

    @Override
    protected void prepare() {
        throw new HttpError(status);
    }
}
