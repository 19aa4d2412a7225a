/**
 * HTTP/1 and WebSocket as bytes: bytes turned into our messages, and our messages into bytes.
 *
 * <p>A listening socket is an {@link whirlwind.http.codec.HttpAcceptor}. Each connection is an
 * {@code HttpConnection}, which reads one request at a time, an {@code IncomingRequest} while its
 * body comes, hands it over as a {@link whirlwind.http.codec.ServerExchange} and writes what that
 * answers; after an upgrade it is replaced by a {@link whirlwind.http.codec.WebSocketChannel}, with
 * {@code MessageReader} and {@code FrameOutbox} for its halves, and nothing of HTTP stays behind. A
 * connection of HTTP/2 or HTTP/3 has a {@link whirlwind.http.codec.ServerStream} for each request.
 *
 * <p>Netty's channels are touched on the loop's own thread and nowhere else. What coroutines hand
 * over is put on the connection's {@code Outbox}, as arrays and values, and {@code Corks} writes
 * all connections that have some at the end of the loop's turn, with one flush each.
 *
 * <p>Not for users: not exported. Below: {@code whirlwind.http} (messages), {@code whirlwind.loop}
 * and Netty. Above: {@code whirlwind.http.server}, which is the same without Netty. Tornado: {@code
 * http1connection} and the protocol half of {@code websocket}.
 */
@NullMarked
package whirlwind.http.codec;

import org.jspecify.annotations.NullMarked;
