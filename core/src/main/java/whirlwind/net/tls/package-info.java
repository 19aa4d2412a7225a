/**
 * Certificates, whom to trust, and how to speak TLS, as values.
 *
 * <p>{@link whirlwind.net.tls.TlsOptions} is what a client needs, and right as it stands; {@link
 * whirlwind.net.tls.TlsServerOptions} is what a server needs, which has an {@link
 * whirlwind.net.tls.Identity}: its certificate and private key. {@link whirlwind.net.tls.Trust}
 * says whose certificates are believed. Files are read when these are made, so mistakes show there
 * and not at the first connection. A handshake that fails is a {@link
 * whirlwind.net.tls.TlsException}.
 *
 * <p>Values may be used by all loops. Making them reads files: not on a loop that is busy. Below:
 * the JDK, and one exception of Netty's. Above: {@code whirlwind.net}, HTTP's server and clients.
 * Tornado: {@code ssl_options_to_context} and its options.
 */
@NullMarked
package whirlwind.net.tls;

import org.jspecify.annotations.NullMarked;
