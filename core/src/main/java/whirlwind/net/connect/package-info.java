/**
 * What there is to say about making a connection: which way, and what went wrong.
 *
 * <p>{@link whirlwind.net.connect.Proxy} is a way. {@link
 * whirlwind.net.connect.ConnectFailedException} and {@link
 * whirlwind.net.connect.ConnectTimeoutException} are what a connection attempt ends with when it
 * doesn't end well, beside {@link whirlwind.net.dns.ResolveException} before and {@link
 * whirlwind.net.tls.TlsException} after. Values, for any thread. Below: {@code whirlwind.net.dns},
 * {@code whirlwind.net.tls}. Above: {@code whirlwind.net} and the clients.
 */
@NullMarked
package whirlwind.net.connect;

import org.jspecify.annotations.NullMarked;
