package whirlwind.testing;

import java.time.Duration;
import java.util.function.IntSupplier;
import whirlwind.loop.Async;

/** Waits, in a coroutine, until something that has begun does not go on. */
public final class Standstill {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(150);

    private Standstill() {}

    /** The count at which it stands still: it is not zero, and has not changed for a while. */
    public static int of(IntSupplier count) {
        int before;
        do {
            before = count.getAsInt();
            Async.sleep(LONG_ENOUGH);
        } while (count.getAsInt() == 0 || count.getAsInt() > before);
        return before;
    }
}
