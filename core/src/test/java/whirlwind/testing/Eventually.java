package whirlwind.testing;

import java.util.concurrent.Callable;

/**
 * Waits for what is about to become true, off the loop, and leaves the processor to who makes it
 * true. How long a test has at all is its own business.
 */
public final class Eventually {
    private static final long MILLIS_BETWEEN_LOOKS = 5;

    private Eventually() {}

    /** Returns when it is so. */
    public static void holds(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
        }
    }
}
