/**
 * HTTP's server as bytes.
 *
 * <p>A listening socket is an {@link whirlwind.http.codec.server.HttpAcceptor}. Each connection is
 * an {@code HttpConnection}, which reads one request at a time, an {@code IncomingRequest} while
 * its body comes, hands it over as a {@link whirlwind.http.codec.server.ServerExchange} and writes
 * what that answers; after an upgrade it is replaced by a WebSocket. A connection of HTTP/2 or
 * HTTP/3 has a {@link whirlwind.http.codec.server.ServerStream} for each request.
 *
 * <p>Below: {@code http.codec} and {@code codec.websocket}. Above: {@code whirlwind.http.server},
 * which is the same without Netty.
 */
@NullMarked
package whirlwind.http.codec.server;

import org.jspecify.annotations.NullMarked;
