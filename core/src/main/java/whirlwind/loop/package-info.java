/**
 * The event loop and the coroutines that run on it.
 *
 * <p>Start at {@link whirlwind.loop.IOLoop}: one platform thread that does nothing but run
 * callbacks, timers, input and output, and coroutines, one at a time. A coroutine is a virtual
 * thread of that loop, written as plain sequential Java; {@link whirlwind.loop.Async} starts
 * coroutines and lets them wait: {@code Async.await(future)} suspends the coroutine and the loop
 * goes on. State that one loop owns needs no lock. A {@link whirlwind.loop.Task} is a running
 * coroutine seen from outside, a {@link whirlwind.loop.TaskGroup} several that end together, a
 * {@link whirlwind.loop.PeriodicCallback} one that comes again.
 *
 * <p>Two engines run coroutines. <em>Mounted</em>: virtual threads scheduled on the loop's own
 * thread, wherever {@code java.base/java.lang} is open to Whirlwind; a blocking call of the JDK
 * suspends only its coroutine. <em>Baton</em>: ordinary virtual threads that take turns; slower,
 * and a blocking call holds the loop. {@link whirlwind.loop.LoopOptions} names the properties that
 * choose.
 *
 * <p>Only this package reads a clock. Below: {@code whirlwind.transport}. Above: everything that
 * waits. Tornado: {@code ioloop}, {@code gen}, {@code concurrent}, {@code platform}.
 */
@NullMarked
package whirlwind.loop;

import org.jspecify.annotations.NullMarked;
