/**
 * The doors of an HTTP server, and HTTP/1 as it is spoken behind them.
 *
 * <p>The listening sockets of a server are its {@link whirlwind.http.codec.server.HttpAcceptor}.
 * Each connection is an {@code HttpConnection}: its reading half, {@code RequestIntake}, takes one
 * request at a time, which is handed over as an {@code Http1Exchange}, and what that answers is
 * written. If its client turns out to speak HTTP/2 it is replaced by a connection of {@code
 * codec.stream}; after an upgrade {@code Successor} says by what.
 *
 * <p>Below: {@code codec.stream}, {@code codec.exchange} and {@code codec.request}, {@code
 * codec.websocket}, and {@code http.codec}. Above: {@code whirlwind.http.server}, which is the same
 * without Netty.
 */
@NullMarked
package whirlwind.http.codec.server;

import org.jspecify.annotations.NullMarked;
