/**
 * What coroutines of one loop use to wait for one another.
 *
 * <p>Start at {@link whirlwind.sync.Queue}, by which producers and consumers meet, or {@link
 * whirlwind.sync.Lock} and {@link whirlwind.sync.Semaphore}, which bound how many do something at
 * once. {@link whirlwind.sync.Event} is a flag to wait for, {@link whirlwind.sync.Condition} a
 * moment. Code between two suspensions runs alone on its loop anyway, so these are for what must
 * hold <em>across</em> a suspension; they protect nothing from other threads.
 *
 * <p>Methods that wait suspend the calling coroutine, and return at once, without allocating
 * anything, where there is nothing to wait for. What they share:
 *
 * <ul>
 *   <li>Who waits first is served first. What is released is handed to the longest waiter directly,
 *       so nobody can snatch it meanwhile; the waiter goes on when whoever released suspends or
 *       ends.
 *   <li>A limit of zero or less doesn't wait: it succeeds at once or has timed out.
 *   <li>Cancellation and timeouts lose nothing. A waiter that is cancelled or out of time leaves
 *       the line at once. If it was handed something before that, its call returns it, and the
 *       cancellation comes at the next suspension.
 *   <li>An object belongs to the loop that uses it first. It may be made, and filled, anywhere
 *       before; afterwards anything but looking at it from elsewhere throws {@link
 *       java.lang.IllegalStateException}. Other threads and loops go through {@link
 *       whirlwind.loop.IOLoop#addCallback}.
 * </ul>
 *
 * <p>Below: {@code whirlwind.loop}. Above: {@code whirlwind.net} and all that serves. Tornado:
 * {@code locks}, {@code queues}.
 */
@NullMarked
package whirlwind.sync;

import org.jspecify.annotations.NullMarked;
