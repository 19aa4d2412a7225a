/**
 * The built-in transport of HTTP's client: requests turned into bytes, and bytes into responses.
 *
 * <p>{@link whirlwind.http.codec.client.ClientTransport} has a {@code ClientPool} for each route. A
 * request on its way is a {@code ClientCall}, which waits in the pool until one of its {@code
 * ClientPeer}s has room: a {@code ClientConnection} of HTTP/1, which serves one at a time and may
 * become a WebSocket, or a {@code ClientHttp2} with a {@code ClientStream} for each. A body that
 * comes piece by piece is written to a {@code ClientBody}, or to the stream.
 *
 * <p>On the loop's own thread, but for what says that coroutines call it. Below: {@code http.codec}
 * and {@code codec.websocket}. Above: {@code whirlwind.http.client}, which asks for nothing but an
 * {@code HttpTransport}. Tornado: {@code simple_httpclient}'s connection.
 */
@NullMarked
package whirlwind.http.codec.client;

import org.jspecify.annotations.NullMarked;
