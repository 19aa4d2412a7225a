/**
 * Bytes over sockets and pipes. Tornado's {@code iostream}, {@code tcpserver} and {@code
 * tcpclient}.
 *
 * <p>Start at {@link whirlwind.net.TcpServer}, which runs a coroutine for each connection and gives
 * it an {@link whirlwind.net.IOStream}. What streams have in common is in {@link
 * whirlwind.net.ByteStream}: reads that wait for so many bytes, a delimiter, a match or the end,
 * and writes that can be waited for.
 *
 * <p>A stream belongs to the loop that was current when it was made: call it from callbacks and
 * coroutines of that loop and from nowhere else. Failures are {@link
 * whirlwind.net.StreamClosedException} and its like; they name the other end and what was being
 * done.
 *
 * <p>Below: {@code whirlwind.net.channel} (Netty's sockets), {@code whirlwind.net.dns}, {@code
 * whirlwind.net.tls}, {@code whirlwind.loop}. Above: {@code whirlwind.process} and {@code
 * whirlwind.http}.
 */
@NullMarked
package whirlwind.net;

import org.jspecify.annotations.NullMarked;
