/**
 * Netty's event loop, as one Whirlwind loop drives it: which of io_uring, epoll, kqueue and NIO the
 * machine has, the event loop that the loop's own thread polls, and readiness of plain file
 * descriptors.
 *
 * <p>Start at {@link whirlwind.transport.LoopIo}: one belongs to each loop, and everything in it
 * but {@code wakeup} is confined to the thread that the loop names as its owner. Below: nothing.
 * Above: {@code whirlwind.loop} drives it; {@code whirlwind.net} and {@code whirlwind.http.codec}
 * open channels on it. This package is not exported, so that no type of Netty reaches a user.
 */
@NullMarked
package whirlwind.transport;

import org.jspecify.annotations.NullMarked;
