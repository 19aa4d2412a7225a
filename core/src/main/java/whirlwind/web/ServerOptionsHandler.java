package whirlwind.web;

/** Answers {@code OPTIONS *}, which asks about the server as a whole, RFC 9110 section 9.3.7. */
final class ServerOptionsHandler extends RequestHandler {
    @Override
    protected void options() {
        setStatus(204);
        clearHeader("Content-Type");
        setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
}
