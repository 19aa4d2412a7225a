/**
 * The HTTP server: connections are accepted, requests come out of them one at a time, and each is
 * handled in a coroutine. Tornado's {@code httpserver}, and the server's half of {@code
 * http1connection}.
 *
 * <p>Start at {@link whirlwind.http.server.HttpServer}: it takes an {@link
 * whirlwind.http.server.HttpHandler}, which gets an {@link whirlwind.http.server.HttpExchange} per
 * request, and answers through it with a whole response, a stream, or an upgrade to a {@link
 * whirlwind.http.server.WebSocketConnection}. {@link whirlwind.http.server.HttpServerOptions} are
 * the limits, all with defaults.
 *
 * <p>A server belongs to the loop that was current when it was made, and so does all that comes
 * from it: call from a callback or a coroutine of that loop and from nowhere else. Malformed input
 * never gets here: the codec below answers it.
 *
 * <p>Below: {@code http.codec.server} (bytes), {@code whirlwind.http} (messages), {@code
 * whirlwind.loop}. Above: {@code whirlwind.web} and {@code whirlwind.realtime}.
 */
@NullMarked
package whirlwind.http.server;

import org.jspecify.annotations.NullMarked;
