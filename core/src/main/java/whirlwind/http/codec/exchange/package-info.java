/**
 * Requests being answered, whatever carries them, and what all connections of a server share.
 *
 * <p>A request and its response are a {@link whirlwind.http.codec.exchange.ServerExchange}, which
 * knows what may follow what ({@code ResponseState}) and is told by subclasses above how bytes are
 * made of it, and by its {@link whirlwind.http.codec.exchange.ExchangeWire} what waits for the
 * client. {@link whirlwind.http.codec.exchange.Exchanges} takes them: that is the server's user. A
 * server's {@link whirlwind.http.codec.exchange.ConnectionContext} has its {@link
 * whirlwind.http.codec.exchange.Connections}, their limits and {@link
 * whirlwind.http.codec.exchange.Deadlines}, and what all responses say, its {@link
 * whirlwind.http.codec.exchange.ServerFields}. Connections log under the name of {@link
 * whirlwind.http.codec.exchange.ServerConnection}, whatever they speak.
 *
 * <p>Below: {@code codec.request}, {@code codec.websocket} and {@code http.codec}. Above: {@code
 * codec.stream} and {@code codec.server}, which have the connections, and {@code
 * whirlwind.http.server}, which is the same without Netty.
 */
@NullMarked
package whirlwind.http.codec.exchange;

import org.jspecify.annotations.NullMarked;
