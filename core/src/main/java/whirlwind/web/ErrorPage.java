package whirlwind.web;

import org.jspecify.annotations.Nullable;

/**
 * What clients of an application are shown of errors, whoever answers with them: handlers, filters,
 * addresses that lead nowhere. Given as {@link ApplicationSettings#withErrorPage}:
 *
 * {@snippet :
 * settings.withErrorPage((handler, status, failure) ->
 *     handler.render("error.html", Map.of("status", status, "reason", handler.getReason())))
 * }
 */
@FunctionalInterface
public interface ErrorPage {
    /**
     * One line of HTML, or problem details in JSON (RFC 9457) if the client's {@code Accept} names
     * JSON and not HTML, or names neither and the request's body is JSON; both with the fields that
     * an {@link InvalidInputException} names. With the setting {@code serveTraceback} an exception
     * is shown with its stack.
     */
    ErrorPage DEFAULT =
            (handler, status, failure) -> new DefaultErrorPage(handler, status, failure).write();

    /**
     * Writes the body of an error page, as {@link RequestHandler#writeError} does; status and
     * headers are set.
     *
     * @param handler that answers the request; with no route for it, one of the library's own
     * @param failure why, null if nothing was thrown
     */
    void write(RequestHandler handler, int status, @Nullable Throwable failure) throws Exception;
}
