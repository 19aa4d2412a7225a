package whirlwind.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.check.DurationText;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.loop.Task;
import whirlwind.loop.Ticker;

/**
 * A loop's clock that moves only when a test says so; it starts at zero. There are two ways to use
 * it.
 *
 * <p><em>By itself</em>: {@link #run} runs a body on a new loop, and whenever that loop has nothing
 * to do, time jumps to its next timer. The body is plain sequential code that sleeps and waits as
 * it likes:
 *
 * {@snippet :
 * new VirtualTime().run(() -> {
 *     var answer = Async.spawn(() -> questions.get(Duration.ofHours(1)));
 *     Async.sleep(Duration.ofMinutes(59));
 *     assertFalse(answer.isDone());
 * });
 * }
 *
 * <p><em>By hand</em>: on a {@link #newLoop} time stands still until a coroutine of the loop calls
 * {@link #advance}. This is the way for tests with real sockets, whose peers need real time to
 * answer.
 *
 * <p>In both ways every timer fires at its own time, and all that becomes ready by it runs before
 * time moves on; time never moves while {@linkplain Async#offload offloaded} work is under way.
 * Other things that happen outside the loop (sockets, threads of your own, blocking calls of the
 * JDK) are not seen: {@link #hold} the clock meanwhile.
 *
 * <p>One clock serves one loop, and is confined to it except where a method says otherwise.
 */
public final class VirtualTime implements Ticker {
    /**
     * How often {@link #run} may jump. A test that waits in vain while some periodic callback goes
     * on would jump for ever; this many jumps take some ten seconds.
     */
    private static final long MAX_JUMPS = 5_000_000;

    private volatile long nanos;
    private int holds;
    private @Nullable Advance advance;
    private @Nullable Run run;

    /** What is left on the loop of {@link #run} is cleaning up, which may take its time too. */
    private boolean closing;

    /** A clock that stands at zero. */
    public VirtualTime() {}

    /** Nanoseconds since this clock was made, by its own count. Any thread. */
    @Override
    public long nanoTime() {
        return nanos;
    }

    /** As {@link #nanoTime}. Any thread. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    /**
     * A loop with this clock, without the watchdog (it measures real time, which says nothing
     * here), and otherwise {@link LoopOptions#DEFAULTS}; close it after use.
     */
    public IOLoop newLoop() {
        return new IOLoop(LoopOptions.DEFAULTS.withTicker(this).withStallThreshold(Duration.ZERO));
    }

    /**
     * Moves time forward and returns when it is there: every timer due until then, or just then,
     * has fired, in order and each at its own time, and all that this made ready has run. With a
     * duration of zero it lets everything run that can run now. Call it in a coroutine of the loop.
     *
     * @throws IllegalArgumentException if the time is negative
     * @throws IllegalStateException if another coroutine is advancing the clock
     */
    public void advance(Duration time) {
        Check.notNegative("time", time);
        if (advance != null) {
            throw new IllegalStateException("another coroutine is advancing this clock");
        }
        var mine = new Advance(nanos + time.toNanos());
        advance = mine;
        try {
            Async.await(mine.reached);
        } finally {
            advance = null;
        }
    }

    /**
     * Runs {@code body} in a coroutine of a new loop on which time moves by itself, returns its
     * result and closes the loop. What the body throws is thrown as {@link Async#await} does.
     *
     * @throws AssertionError if nothing can happen any more and the body has not ended: there is no
     *     timer, no offloaded work and no {@link #hold}. It names the loop's coroutines and where
     *     they wait
     */
    public <T extends @Nullable Object> T run(Callable<T> body) {
        var loop = newLoop();
        try {
            return run(loop, body);
        } finally {
            closing = true;
            loop.close();
            closing = false;
        }
    }

    /** As {@link #run(Callable)}, for a body without result. */
    public void run(CheckedRunnable body) {
        run(asCallable(body));
    }

    /** As {@link #run(Callable)}, on a loop with this clock that you made; it stays open. */
    public <T extends @Nullable Object> T run(IOLoop loop, Callable<T> body) {
        var mine = new Run(loop);
        run = mine;
        try {
            T result =
                    loop.runSync(() -> {
                        var main = Async.spawn("body", body);
                        mine.main = main;
                        return Async.await(main);
                    });
            mine.throwIfStuck(null);
            return result;
        } catch (RuntimeException | Error e) {
            mine.throwIfStuck(e);
            throw e;
        } finally {
            run = null;
        }
    }

    /** As {@link #run(IOLoop, Callable)}, for a body without result. */
    public void run(IOLoop loop, CheckedRunnable body) {
        run(loop, asCallable(body));
    }

    /**
     * Stops the clock until the result is closed: {@link #run} and {@link #advance} wait meanwhile,
     * for something that happens outside the loop and that the loop can't see.
     */
    public Hold hold() {
        return new Hold();
    }

    /** Asked by the loop when it has nothing to do. Not for tests to call. */
    @Override
    public boolean skipTo(long nextTimerNanos) {
        if (holds > 0) {
            return false;
        }
        if (advance != null) {
            advance.step(nextTimerNanos);
            return true;
        }
        if (closing && nextTimerNanos != NEVER) {
            nanos = nextTimerNanos;
            return true;
        }
        return run != null && run.step(nextTimerNanos);
    }

    private static Callable<@Nullable Void> asCallable(CheckedRunnable body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /** Keeps a {@link VirtualTime} from moving; see {@link VirtualTime#hold}. */
    public final class Hold implements AutoCloseable {
        private boolean closed;

        private Hold() {
            holds++;
        }

        /**
         * Lets time move again; twice is once. Call it on the loop: a loop that waits is not woken
         * from elsewhere.
         */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                holds--;
            }
        }
    }

    /** One call of {@link #advance}. */
    private final class Advance {
        final long targetNanos;
        final CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();

        Advance(long targetNanos) {
            this.targetNanos = targetNanos;
        }

        void step(long nextTimerNanos) {
            if (nextTimerNanos <= targetNanos) {
                nanos = nextTimerNanos;
            } else {
                nanos = targetNanos;
                reached.complete(null);
            }
        }
    }

    /** One call of {@link #run}. */
    private final class Run {
        private final IOLoop loop;
        private long jumps;
        private @Nullable AssertionError stuck;

        /** Null until the body's coroutine is made, which is before the loop is first idle. */
        private @Nullable Task<?> main;

        Run(IOLoop loop) {
            this.loop = loop;
        }

        boolean step(long nextTimerNanos) {
            if (nextTimerNanos == NEVER) {
                giveUp(
                        "nothing can happen any more: no timer is pending, no offloaded work is under way");
            } else if (++jumps > MAX_JUMPS) {
                giveUp("the body has not ended after " + MAX_JUMPS + " timers");
            } else {
                nanos = nextTimerNanos;
            }
            return true;
        }

        /** Cancels the body, so that it cleans up; if it does not end by that, stops the loop. */
        private void giveUp(String why) {
            if (stuck != null || main == null) {
                loop.stop();
                return;
            }
            stuck =
                    new AssertionError(
                            why
                                    + ", "
                                    + DurationText.of(elapsed())
                                    + " after the start;"
                                    + coroutines());
            main.cancel();
        }

        private String coroutines() {
            var text = new StringBuilder(" coroutines and where they wait:");
            for (var task : loop.tasks()) {
                text.append("\n  ").append(task.name());
                for (var frame : task.stack()) {
                    if (!frame.getClassName().startsWith("java.")) {
                        text.append("\n    at ").append(frame);
                    }
                }
            }
            return text.toString();
        }

        void throwIfStuck(@Nullable Throwable outcome) {
            if (stuck != null) {
                if (outcome != null && outcome != stuck) {
                    stuck.addSuppressed(outcome);
                }
                throw stuck;
            }
        }
    }
}
