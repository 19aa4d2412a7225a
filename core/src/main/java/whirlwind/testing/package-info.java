/**
 * What tests of asynchronous code need, for Whirlwind's own tests and for yours; no test framework
 * is needed.
 *
 * <p>Start at {@link whirlwind.testing.VirtualTime}: a loop whose clock the test moves, so that a
 * test of an hour's timeout is sequential code and takes a millisecond.
 *
 * <p>Everything here belongs to the thread, or to the loop, of the test that made it. Below: every
 * other package; nothing stands above. Tornado: {@code testing}.
 */
@NullMarked
package whirlwind.testing;

import org.jspecify.annotations.NullMarked;
