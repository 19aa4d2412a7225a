package whirlwind.loop;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;

/**
 * One daemon thread that looks at every running loop now and then, and reports what has held one
 * for too long: once per stall, with the stack that held it. It looks four times per threshold, so
 * a stall is seen a quarter late at most.
 */
final class Watchdog implements Runnable {
    private static final int LOOKS_PER_THRESHOLD = 4;
    private static final long SHORTEST_PERIOD_NANOS = 1_000_000;
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private static final List<Watched> WATCHED = new CopyOnWriteArrayList<>();
    private static @Nullable Thread thread;

    private Watchdog() {}

    /** Ends the watch when the loop stops. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    static Registration watch(IOLoop loop, Activity activity, Duration threshold) {
        if (threshold.isZero()) {
            return () -> {};
        }
        var watched = new Watched(loop, activity, threshold.toNanos());
        synchronized (Watchdog.class) {
            WATCHED.add(watched);
            if (thread == null) {
                thread =
                        Thread.ofPlatform()
                                .daemon()
                                .name("whirlwind-watchdog")
                                .start(new Watchdog());
            }
        }
        LockSupport.unpark(thread); // it may be waiting by the threshold of a more patient loop
        return () -> {
            WATCHED.remove(watched);
            watched.endOfWatch(System.nanoTime());
        };
    }

    @Override
    public void run() {
        while (stays()) {
            long period = Long.MAX_VALUE;
            for (var watched : WATCHED) {
                watched.look(System.nanoTime());
                period = Math.min(period, watched.thresholdNanos / LOOKS_PER_THRESHOLD);
            }
            LockSupport.parkNanos(this, Math.max(period, SHORTEST_PERIOD_NANOS));
        }
    }

    private static boolean stays() {
        synchronized (Watchdog.class) {
            if (WATCHED.isEmpty()) {
                thread = null;
                return false;
            }
            return true;
        }
    }

    /** What the watchdog remembers of one loop. */
    private static final class Watched {
        private final IOLoop loop;
        private final Activity activity;
        private final long thresholdNanos;
        private long seenCount = -1;
        private long seenSinceNanos;
        private @Nullable LoopStallEvent stall;

        Watched(IOLoop loop, Activity activity, long thresholdNanos) {
            this.loop = loop;
            this.activity = activity;
            this.thresholdNanos = thresholdNanos;
        }

        synchronized void look(long now) {
            long count = activity.count();
            var what = activity.what();
            if (count != seenCount || what == null) {
                if (stall != null) {
                    ended(stall, now - seenSinceNanos);
                }
                seenCount = count;
                seenSinceNanos = now;
            } else if (stall == null) {
                suspect(what, now);
            }
        }

        synchronized void endOfWatch(long now) {
            if (stall != null) {
                ended(stall, now - seenSinceNanos);
            }
        }

        /**
         * Classes start once, and that is nothing that could be offloaded: the time until now
         * doesn't count then. A program that has just started does little else.
         */
        private void suspect(Object what, long now) {
            var thread =
                    what instanceof Coroutine coroutine ? coroutine.thread() : loop.loopThread();
            var stack = thread.getStackTrace();
            if (activity.count() != seenCount) {
                return; // it went on meanwhile: the stack is somebody else's
            }
            if (isStartingClasses(stack)) {
                seenSinceNanos = now;
            } else if (now - seenSinceNanos >= thresholdNanos) {
                report(what, stack);
            }
        }

        private void report(Object what, StackTraceElement[] stack) {
            var heldBy =
                    what instanceof Coroutine coroutine
                            ? "coroutine " + coroutine.task.name()
                            : "callback " + what;
            var where = new Throwable("where it is");
            where.setStackTrace(stack);
            log.warn(
                    "{} has been held for more than {} by {}; nothing else on this loop can run meanwhile. Blocking"
                            + " work belongs in Async.offload.",
                    loop.name(),
                    DurationText.of(Duration.ofNanos(thresholdNanos)),
                    heldBy,
                    where);
            var event = new LoopStallEvent();
            event.begin();
            event.loop = loop.name();
            event.heldBy = heldBy;
            event.stack =
                    Arrays.stream(stack)
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining("\n"));
            stall = event;
            loop.turns().stallBegan();
        }

        private static boolean isStartingClasses(StackTraceElement[] stack) {
            return Arrays.stream(stack)
                    .anyMatch(frame ->
                            frame.getClassName().equals("java.lang.ClassLoader")
                                    || frame.getClassName()
                                            .equals("java.lang.invoke.MethodHandleNatives")
                                    || frame.getMethodName().equals("<clinit>"));
        }

        private void ended(LoopStallEvent event, long heldNanos) {
            stall = null;
            event.heldNanos = heldNanos;
            event.commit();
            loop.turns().stallEnded(heldNanos);
        }
    }
}
