/**
 * Netty's channels, made and made ready for {@code whirlwind.net} and the HTTP packages. Not
 * exported.
 *
 * <p>{@link whirlwind.net.channel.Connector} connects: names, racing addresses, proxies, TLS.
 * {@link whirlwind.net.channel.Listener} accepts. {@link whirlwind.net.channel.ClientTls} and
 * {@link whirlwind.net.channel.ServerTls} turn the values of {@code whirlwind.net.tls} into Netty's
 * handlers. Channels are touched only on the loop's own thread: in its callbacks, and never in a
 * coroutine; {@link whirlwind.net.channel.OwnThread} gets there.
 */
@NullMarked
package whirlwind.net.channel;

import org.jspecify.annotations.NullMarked;
