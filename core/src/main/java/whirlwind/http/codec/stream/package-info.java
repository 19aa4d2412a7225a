/**
 * A server's connections that have many streams: HTTP/2, and what HTTP/3 has in common with it.
 *
 * <p>Each request is a {@link whirlwind.http.codec.stream.ServerStream}, which is told what comes
 * and keeps what goes until the windows let it, and each is carried by a {@link
 * whirlwind.http.codec.stream.StreamWire}. A {@link whirlwind.http.codec.stream.ServerHttp2} has
 * Netty's codec for frames and windows, and {@code ServerFrames} says what a client may do to it.
 * The module {@code whirlwind.http3} brings the other kind, a {@link
 * whirlwind.http.codec.stream.StreamConnection} over QUIC, and is found as an {@link
 * whirlwind.http.codec.stream.Http3Provider}. {@code WebSocketOverStream} lets a stream carry a
 * WebSocket.
 *
 * <p>On the loop's own thread, but for what says that coroutines call it. Below: {@code
 * codec.exchange} and {@code codec.request}. Above: {@code codec.server}, whose connections become
 * these.
 */
@NullMarked
package whirlwind.http.codec.stream;

import org.jspecify.annotations.NullMarked;
