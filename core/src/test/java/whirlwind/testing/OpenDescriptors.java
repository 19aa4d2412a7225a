package whirlwind.testing;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;

/** The descriptors that this process has open, of which whatever goes wrong must leave none. */
public final class OpenDescriptors {
    private static final Path ALL = Path.of("/proc/self/fd");
    private static final long NANOS_BETWEEN_LOOKS = 1_000_000;

    private OpenDescriptors() {}

    /** How many there are. */
    public static int count() {
        return ALL.toFile().list().length;
    }

    /**
     * Runs something twice, since what is opened once stays open, and waits until nothing is left
     * of the second time; on a loop or off.
     */
    public static void noneIsLeftBy(CheckedRunnable body) throws Exception {
        body.run();
        int before = count();
        body.run();
        awaitAtMost(before);
    }

    /** Waits until no more are open; on a loop or off. */
    public static void awaitAtMost(int most) {
        while (count() > most) {
            if (IOLoop.currentOrNull() == null) {
                LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
            } else {
                Async.moment(); // whatever the time of its loop
            }
        }
    }
}
