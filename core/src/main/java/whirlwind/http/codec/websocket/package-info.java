/**
 * WebSockets as bytes, RFC 6455 and RFC 7692, for either end.
 *
 * <p>A server's {@link whirlwind.http.codec.websocket.WebSocketHandshake} or a client's {@link
 * whirlwind.http.codec.websocket.WebSocketOpening} makes a {@link
 * whirlwind.http.codec.websocket.WebSocketChannel}: one end of the conversation, to its end. Its
 * reading half is {@code MessageReader}, which takes {@code Frames} apart and puts an {@code
 * IncomingMessage} together; its writing half is {@code FrameOutbox}; how it ends is {@code
 * ClosingHandshake}. What it shares with the others of its server or client is in a {@link
 * whirlwind.http.codec.websocket.WebSocketHost}, and what carries its bytes is a {@link
 * whirlwind.http.codec.websocket.WebSocketWire}: a {@link
 * whirlwind.http.codec.websocket.WebSocketOverConnection}, or a stream of a server's HTTP/2 or
 * HTTP/3 connection. Nothing of HTTP stays behind.
 *
 * <p>On the loop's own thread, but for what says that coroutines call it. Below: {@code
 * http.codec}. Above: its clients and servers, and their users, for whom {@code
 * whirlwind.http.server} and {@code whirlwind.realtime.websocket} have the same without Netty.
 */
@NullMarked
package whirlwind.http.codec.websocket;

import org.jspecify.annotations.NullMarked;
