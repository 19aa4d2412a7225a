/**
 * What all codecs have in common: how connections write, and what they share.
 *
 * <p>Netty's channels are touched on the loop's own thread and nowhere else. What coroutines hand
 * over is put on the connection's {@link whirlwind.http.codec.Outbox}, as arrays and values, each
 * an {@link whirlwind.http.codec.Output}; and {@link whirlwind.http.codec.Corks} has all
 * connections that have some write it at the end of the loop's turn, with one flush each and one
 * {@link whirlwind.http.codec.Pen} for all. Connections know their places in {@link
 * whirlwind.http.codec.Members}, and what is unfinished of all of them is bounded by a {@link
 * whirlwind.http.codec.MemoryQuota}. Both ends of HTTP/1 write bodies in a {@link
 * whirlwind.http.codec.TransferCoding}, and what both do in HTTP/2 is in {@link
 * whirlwind.http.codec.Http2Endpoint}.
 *
 * <p>Not for users: neither this package nor those below it in name are exported. Below: {@code
 * whirlwind.http} (messages), {@code whirlwind.loop} and Netty. Above: {@code codec.websocket}, and
 * the two ends, {@code codec.client} and {@code codec.server}. Tornado: {@code http1connection} and
 * the protocol half of {@code websocket}.
 */
@NullMarked
package whirlwind.http.codec;

import org.jspecify.annotations.NullMarked;
