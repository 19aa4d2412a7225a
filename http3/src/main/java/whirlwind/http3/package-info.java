/**
 * HTTP/3, RFC 9114, for Whirlwind's servers. There is nothing here for users: with this module
 * among a program's dependencies {@code HttpServerOptions.withHttp3(true)} works.
 *
 * <p>{@link whirlwind.http3.QuicProvider} opens a {@code QuicListener} for each server, whose UDP
 * sockets are read on the server's loop. Packets, their loss, windows and QPACK are Netty's, which
 * has quiche for it. Each connection is an {@code Http3Connection}, each request an {@code
 * Http3Stream}: what they have in common with HTTP/2's is in {@code http.codec.stream}, above which
 * handlers can't tell one from the other.
 */
@NullMarked
package whirlwind.http3;

import org.jspecify.annotations.NullMarked;
