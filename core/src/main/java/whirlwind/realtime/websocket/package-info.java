/**
 * Conversations over WebSocket (RFC 6455): a {@link whirlwind.realtime.websocket.WebSocketHandler}
 * is a request handler that stays when its request has been answered, and is told of each message.
 *
 * <p>{@link whirlwind.realtime.websocket.WebSocketClient} is the other end.
 *
 * <p>A quiet connection keeps no coroutine: one is started when a message arrives and ends when the
 * last one that has arrived was handled. Below: {@code whirlwind.web}, whose handlers this extends,
 * and {@code whirlwind.http.server}, {@code whirlwind.http.client} and {@code
 * whirlwind.http.codec}, which have the protocol. Above: {@code whirlwind.realtime}. Tornado:
 * {@code websocket}.
 */
@NullMarked
package whirlwind.realtime.websocket;

import org.jspecify.annotations.NullMarked;
