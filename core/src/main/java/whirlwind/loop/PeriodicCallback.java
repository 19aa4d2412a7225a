package whirlwind.loop;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.Check;

/**
 * Calls something again and again. Each call runs in a coroutine and may wait; the next one comes
 * only after it has ended, so calls never overlap. The period is measured from start to start:
 * calls stay on the grid that the first one began, and a call that takes longer than a period skips
 * the grid points that it missed. A failure is logged and the schedule goes on.
 *
 * <p>Tornado: {@code ioloop.PeriodicCallback}.
 */
public final class PeriodicCallback {
    private static final Logger log = LoggerFactory.getLogger(PeriodicCallback.class);

    private final CheckedRunnable callback;
    private final Duration period;
    private final double jitter;
    private final RandomGenerator random;
    private @Nullable Run run;

    /** Calls {@code callback} once every {@code period} after {@link #start}. */
    public PeriodicCallback(CheckedRunnable callback, Duration period) {
        this(callback, period, 0);
    }

    /**
     * The same with jitter: each period is scaled by a random factor from {@code 1 - jitter/2} to
     * {@code 1 + jitter/2}, so that many processes started together drift apart.
     *
     * @throws IllegalArgumentException if the period isn't positive, or the jitter not from 0 to
     *     less than 2
     */
    public PeriodicCallback(CheckedRunnable callback, Duration period, double jitter) {
        this(callback, period, jitter, RandomGenerator.getDefault());
    }

    /** The same with a source of randomness of your own. */
    public PeriodicCallback(
            CheckedRunnable callback, Duration period, double jitter, RandomGenerator random) {
        Check.positive("period", period);
        if (!(jitter >= 0 && jitter < 2)) {
            throw new IllegalArgumentException(
                    "jitter: " + jitter + " (at least 0 and less than 2)");
        }
        this.callback = callback;
        this.period = period;
        this.jitter = jitter;
        this.random = random;
    }

    /**
     * Starts on the current loop; the first call comes one period from now. If it runs already,
     * does nothing.
     */
    public void start() {
        if (run == null) {
            run = new Run(IOLoop.current());
            run.scheduleNext();
        }
    }

    /** Stops; a call that runs goes on to its end. */
    public void stop() {
        if (run != null) {
            run.timer.cancel();
            run = null;
        }
    }

    /** Whether it has been started and not stopped. */
    public boolean isRunning() {
        return run != null;
    }

    /** From one {@link #start} to its {@link #stop}. */
    private final class Run {
        private final IOLoop loop;

        /** The grid point of the next call, in nanoseconds after the start. */
        private double nextNanos;

        private final java.time.Instant started;

        @SuppressWarnings("NullAway.Init") // set by scheduleNext, before this is seen by anybody
        private Timeout timer;

        Run(IOLoop loop) {
            this.loop = loop;
            this.started = loop.time();
        }

        void scheduleNext() {
            double now = nanosSinceStart();
            double step = period.toNanos();
            if (jitter > 0) {
                step *= 1 + jitter * (random.nextDouble() - 0.5);
            }
            nextNanos += Math.max(1, Math.floor((now - nextNanos) / step) + 1) * step;
            timer = loop.callLater(Duration.ofNanos(Math.round(nextNanos - now)), this::fire);
        }

        private double nanosSinceStart() {
            return Duration.between(started, loop.time()).toNanos();
        }

        private void fire() {
            loop.spawnCallback(this::call);
        }

        private void call() {
            if (run != this) {
                return;
            }
            try {
                callback.run();
            } catch (CancellationException e) {
                throw e; // the loop ends
            } catch (Exception e) {
                log.error("Exception in periodic callback {}", callback, e);
            } finally {
                if (run == this) {
                    scheduleNext();
                }
            }
        }
    }
}
