package whirlwind.http.server;

import whirlwind.http.HttpServerRequest;

/** Answers requests. Tornado: the {@code request_callback} of {@code HTTPServer}. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request; runs in a coroutine of the server's loop, so it may wait. The response
     * may also be finished later, by another coroutine or callback of the loop: the connection's
     * next request comes when it is.
     *
     * <p>If the client goes away before the response is finished, the coroutine is cancelled,
     * unless {@link HttpExchange#keepOnDisconnect} was called.
     *
     * @throws whirlwind.http.HttpInputException answered with its status, if no response has been
     *     started
     * @throws Exception logged with its stack and answered with 500; if a response has been
     *     started, the connection is dropped, so that nobody takes half a response for a whole one;
     *     so is a WebSocket that the request became
     */
    void handle(HttpExchange exchange) throws Exception;

    /**
     * Whether a request, whose head is there and whose body is still to come, is handled at once
     * and reads its body with {@link HttpExchange#read}; else the server reads it into memory
     * first. Asked on the loop's own thread, so it must not wait; only for requests with a body.
     * What it finds out on the way it may {@linkplain HttpServerRequest#attach attach} to the head,
     * from which {@link #handle}'s request has it. Default: no.
     */
    default boolean streamsBody(HttpServerRequest head) {
        return false;
    }
}
