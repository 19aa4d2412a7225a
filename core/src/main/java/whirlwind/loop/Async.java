package whirlwind.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What coroutines say: wait for this, start that, both or either, not longer than so long.
 *
 * <p>Methods that return a value or nothing suspend the calling coroutine and must be called in one
 * ({@link #spawn} starts one; handlers run in one). Methods that return a future don't wait. A
 * suspended coroutine costs the loop nothing; it ends with {@link CancellationException} when it is
 * {@linkplain Task#cancel cancelled}, and what it waited for is cancelled with it, unless
 * {@linkplain #shield shielded}.
 *
 * <p>Tornado: {@code gen}.
 */
public final class Async {
    private Async() {}

    // ---- waiting ----

    /**
     * Waits for a stage and returns its result. If it is done already, returns at once and no other
     * code runs in between.
     *
     * <p>Its failure is thrown here: an unchecked exception as it is, an {@link
     * java.io.IOException} as {@link java.io.UncheckedIOException}, a {@link
     * java.util.concurrent.TimeoutException} as {@link AsyncTimeoutException}, any other as cause
     * of a {@link java.util.concurrent.CompletionException}.
     *
     * @throws IllegalStateException if the stage isn't done and the caller is not a coroutine
     */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        return await(stage.toCompletableFuture());
    }

    /** As {@link #await(CompletionStage)}. */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        if (future instanceof ObservedFuture<?> observed) {
            observed.see();
        }
        if (!future.isDone()) {
            currentCoroutine("Async.await").awaitDone(future);
        }
        return Outcomes.get(future);
    }

    /** As {@link #await(CompletionStage)} for a future that can only be asked or blocked for. */
    public static <T extends @Nullable Object> T await(Future<T> future) {
        if (!future.isDone()) {
            var coroutine = currentCoroutine("Async.await");
            try {
                coroutine.throwIfCancelled();
                coroutine.blocking(future::get);
            } catch (InterruptedException | CancellationException e) {
                future.cancel(true);
                var cancellation = coroutine.takeInterrupt();
                throw cancellation != null ? cancellation : cancelled(e);
            } catch (ExecutionException e) {
                throw Outcomes.unchecked(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return Outcomes.get(future);
    }

    /**
     * Waits for all of several stages; see {@link #all(Collection)}. Results are in the order of
     * the stages.
     */
    public static <T extends @Nullable Object> List<T> await(
            Collection<? extends CompletionStage<? extends T>> stages) {
        return await(all(stages));
    }

    /** Waits for all stages of a map; see {@link #all(Map)}. */
    public static <K, T extends @Nullable Object> Map<K, T> await(
            Map<K, ? extends CompletionStage<? extends T>> stages) {
        return await(all(stages));
    }

    /**
     * Suspends the calling coroutine for a time; zero or less lets everything else that is ready
     * run once.
     */
    public static void sleep(Duration time) {
        var coroutine = currentCoroutine("Async.sleep");
        if (time.isNegative() || time.isZero()) {
            moment();
            return;
        }
        var loop = IOLoop.current();
        var done = new LoopFuture<@Nullable Void>(loop);
        var timer = loop.callLater(time, () -> done.complete(null));
        try {
            coroutine.awaitDone(done);
            Outcomes.get(done);
        } finally {
            timer.cancel();
        }
    }

    /**
     * Lets the loop do everything else that is ready, once, before the calling coroutine goes on.
     * Tornado: {@code gen.moment}.
     */
    public static void moment() {
        var loop = currentCoroutine("Async.moment").task.loop;
        var turn = new LoopFuture<@Nullable Void>(loop);
        loop.addCallback(() -> turn.complete(null));
        await(turn);
    }

    // ---- starting ----

    /**
     * Starts a coroutine on the current loop. It begins to run when the caller suspends or ends.
     * Its name in logs is taken from the body's class.
     */
    public static <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
        return spawn(nameOf(body), body);
    }

    /** As {@link #spawn(Callable)}, with a name for logs. */
    public static <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
        var loop = IOLoop.current();
        if (Thread.currentThread() instanceof DefaultExecutor.Worker) {
            loop.checkRunning("Async.spawn");
        }
        var task = new Task<T>(loop, name, body);
        loop.launch(task);
        return task;
    }

    /** As {@link #spawn(Callable)}, for a body without result. */
    public static Task<@Nullable Void> spawn(CheckedRunnable body) {
        return spawn(nameOf(body), IOLoop.asCallable(body));
    }

    /** As {@link #spawn(String, Callable)}, for a body without result. */
    public static Task<@Nullable Void> spawn(String name, CheckedRunnable body) {
        return spawn(name, IOLoop.asCallable(body));
    }

    /**
     * Runs a call that would hold the loop (CPU work, file access, native code) on a thread of the
     * loop's executor; see {@link IOLoop#setDefaultExecutor}. Cancelling the future interrupts it.
     */
    public static <T extends @Nullable Object> CompletableFuture<T> offload(Callable<T> call) {
        return IOLoop.current().runInExecutor(null, call);
    }

    /** As {@link #offload(Callable)}, for a call without result. */
    public static CompletableFuture<@Nullable Void> offload(CheckedRunnable call) {
        return offload(IOLoop.asCallable(call));
    }

    // ---- combining ----

    /**
     * The results of all stages, in their order; an empty collection is done at once.
     *
     * <p>It waits for every stage, also after one has failed, and then fails with the failure that
     * came first; later ones are logged. Cancelling it cancels all stages. Tornado: {@code
     * gen.multi}.
     */
    public static <T extends @Nullable Object> CompletableFuture<List<T>> all(
            Collection<? extends CompletionStage<? extends T>> stages) {
        return all(stages, Set.of());
    }

    /** As {@link #all(Collection)}, but failures of {@code quiet} types are not logged. */
    public static <T extends @Nullable Object> CompletableFuture<List<T>> all(
            Collection<? extends CompletionStage<? extends T>> stages,
            Set<Class<? extends Throwable>> quiet) {
        return new Join<>(IOLoop.current(), stages, quiet).thenResults();
    }

    /** As {@link #all(Collection)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends @Nullable Object> CompletableFuture<List<T>> all(
            CompletionStage<? extends T>... stages) {
        return all(Arrays.asList(stages));
    }

    /**
     * As {@link #all(Collection)}; each result stands under its stage's key, in the map's order.
     */
    public static <K, T extends @Nullable Object> CompletableFuture<Map<K, T>> all(
            Map<K, ? extends CompletionStage<? extends T>> stages) {
        var keys = new ArrayList<>(stages.keySet());
        return new Join<T>(IOLoop.current(), stages.values(), Set.of()).thenResults(keys);
    }

    /**
     * The first result of several stages. Fails only if all of them fail, with the last failure,
     * the others suppressed. The stages that come later, or not at all, are left alone; cancelling
     * the future cancels them all.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static <T extends @Nullable Object> CompletableFuture<T> any(
            Collection<? extends CompletionStage<? extends T>> stages) {
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("any of no stages would never be done");
        }
        return new FirstResult<T>(IOLoop.current(), stages);
    }

    /** As {@link #any(Collection)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends @Nullable Object> CompletableFuture<T> any(
            CompletionStage<? extends T>... stages) {
        return any(Arrays.asList(stages));
    }

    /**
     * Iterates over stages as they finish. Stages that are done already come first, in their order.
     * Tornado: {@code gen.WaitIterator}.
     */
    public static <T extends @Nullable Object> WaitIterator<Integer, T> asCompleted(
            Collection<? extends CompletionStage<? extends T>> stages) {
        return WaitIterator.of(stages);
    }

    /** As {@link #asCompleted(Collection)}, with names for the stages. */
    public static <K, T extends @Nullable Object> WaitIterator<K, T> asCompleted(
            Map<K, ? extends CompletionStage<? extends T>> stages) {
        return WaitIterator.of(stages);
    }

    // ---- limits ----

    /**
     * The same outcome, unless {@code limit} passes first: then {@code stage} is cancelled and the
     * future fails with {@link AsyncTimeoutException}. {@linkplain #shield Shield} a stage that
     * must go on.
     */
    public static <T extends @Nullable Object> CompletableFuture<T> withTimeout(
            Duration limit, CompletionStage<T> stage) {
        return TimeLimited.start(IOLoop.current(), limit, stage);
    }

    /**
     * Runs {@code body} in the calling coroutine; when {@code limit} passes, whatever it waits for
     * is cancelled.
     *
     * @throws AsyncTimeoutException if the body ended because the limit passed
     */
    public static <T extends @Nullable Object> T withTimeout(Duration limit, Callable<T> body) {
        var scope = new CancelScope(currentCoroutine("Async.withTimeout"));
        var timer = IOLoop.current().callLater(limit, scope::cancel);
        try {
            return scope.run(
                    body,
                    () -> {
                        throw AsyncTimeoutException.after("the operation", limit);
                    });
        } catch (Exception e) {
            throw Outcomes.unchecked(e);
        } finally {
            timer.cancel();
        }
    }

    /** As {@link #withTimeout(Duration, Callable)}, for a body without result. */
    public static void withTimeout(Duration limit, CheckedRunnable body) {
        withTimeout(limit, IOLoop.asCallable(body));
    }

    /** The same outcome as {@code stage}; cancelling it leaves the stage alone. */
    public static <T extends @Nullable Object> CompletableFuture<T> shield(
            CompletionStage<T> stage) {
        var shield = new LoopFuture<T>(IOLoop.current());
        shield.follow(stage, (value, failure) -> Join.copy(value, failure, shield));
        return shield;
    }

    /**
     * Whether a failure that the calling coroutine has caught says that it is cancelled itself, or
     * a part of it ({@link #withTimeout(Duration, Callable)}): then it should end. A {@link
     * CancellationException} may also tell that something it waited for was cancelled, which is a
     * failure like others. An {@link InterruptedException} counts: by it blocking calls of the JDK
     * end when the coroutine is cancelled.
     */
    public static boolean isOwnCancellation(Throwable failure) {
        return failure instanceof InterruptedException
                || failure instanceof Coroutine.Cancellation cancellation
                        && cancellation.isOf(currentCoroutine("Async.isOwnCancellation"));
    }

    // ---- inside ----

    static Coroutine currentCoroutine(String caller) {
        var loop = IOLoop.currentOrNull();
        var coroutine = loop == null ? null : loop.currentCoroutine();
        if (coroutine == null) {
            throw new IllegalStateException(
                    "%s needs a coroutine: start one with Async.spawn or".formatted(caller)
                            + " IOLoop.spawnCallback, or use IOLoop.runSync; this is "
                            + Thread.currentThread());
        }
        return coroutine;
    }

    private static CancellationException cancelled(Exception cause) {
        var e = new CancellationException("cancelled while waiting");
        e.initCause(cause);
        return e;
    }

    static String nameOf(Object body) {
        var name = body.getClass().getSimpleName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda);
    }
}
