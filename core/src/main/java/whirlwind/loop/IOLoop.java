package whirlwind.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.transport.LoopIo;

/**
 * An event loop: one thread that runs callbacks, timers, input and output, and coroutines, one at a
 * time.
 *
 * <p>A thread has at most one {@linkplain #current() current} loop, and {@link #start} runs it on
 * the calling thread. Unless a method says otherwise, call it on the loop (from a callback or a
 * coroutine of it) or while it isn't running; from other threads only {@link #addCallback}, {@link
 * #spawnCallback}, {@link #stop} and {@link #metrics} are safe, and anything else throws {@link
 * IllegalStateException}.
 *
 * <p>Each turn of the loop runs the callbacks that were queued, the timers that are due, the
 * coroutines that are ready, and then what the kernel has ready; each of the four for about half a
 * millisecond, so none can starve another. A callback runs on the loop's own virtual thread and
 * must not wait; a coroutine may.
 *
 * <p>Tornado: {@code ioloop.IOLoop}.
 */
public final class IOLoop implements Executor, AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "whirlwind-loop-" + NUMBERS.incrementAndGet();
    private final LoopOptions options;
    private final DefaultExecutor executor = new DefaultExecutor(this);
    private final LoopBody inside;
    private final OwnThread ownThread = new OwnThread(name + "-carrier");
    private final AtomicBoolean running = new AtomicBoolean();

    /** A loop with {@link LoopOptions#DEFAULTS}; it becomes the current one of this thread. */
    public IOLoop() {
        this(LoopOptions.DEFAULTS);
    }

    /**
     * A loop with options of your own.
     *
     * @throws IllegalArgumentException if the engine or the transport is unknown or not there
     */
    public IOLoop(LoopOptions options) {
        this.options = options;
        this.inside = new LoopBody(this, options, this::checkAccess, executor::isBusy);
        if (options.makeCurrent()) {
            CurrentLoop.bind(this);
        }
    }

    /**
     * The loop that runs the calling code; on any other thread the loop bound to that thread, which
     * is made if there is none. Any thread.
     */
    public static IOLoop current() {
        var loop = currentOrNull();
        return loop != null ? loop : new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(true));
    }

    /**
     * As {@link #current()}, but null where there is none. Tornado: {@code
     * current(instance=False)}. Any thread.
     */
    public static @Nullable IOLoop currentOrNull() {
        return CurrentLoop.find();
    }

    /** Whether the calling code is run by this loop. Any thread. */
    public boolean isCurrent() {
        return inside.engine.isCurrent();
    }

    /** The name of the loop's thread in logs and dumps. Any thread. */
    public String name() {
        return name;
    }

    /** {@code mounted} or {@code baton}; see {@link LoopOptions}. Any thread. */
    public String engine() {
        return inside.engine instanceof MountedEngine ? "mounted" : "baton";
    }

    /** What this loop was made of. Any thread. */
    public LoopOptions options() {
        return options;
    }

    /**
     * Netty's side of this loop: for the packages of Whirlwind that open channels. Its type is not
     * exported, so other code can do nothing with it.
     */
    @SuppressWarnings("exports")
    public LoopIo io() {
        return inside.io;
    }

    // ---- life ----

    /**
     * Runs the loop on the calling thread until {@link #stop}. May be called again afterwards, on
     * another thread too. On the mounted engine the calling thread becomes the carrier of
     * everything that the loop runs; called from a virtual thread, or with the io_uring transport,
     * it is a platform thread of the loop's own, and the caller waits.
     *
     * @throws IllegalStateException if it runs already (as it does when called from its own
     *     callback) or is closed
     */
    public void start() {
        checkCanStart();
        if (!running.compareAndSet(false, true)) {
            throw alreadyRunning();
        }
        try {
            onCarrier(this::runHere);
        } finally {
            running.set(false);
        }
    }

    private void runHere() {
        var before = CurrentLoop.swap(this);
        var watched = Watchdog.watch(this, inside.activity, options.stallThreshold());
        try {
            inside.engine.run();
        } finally {
            watched.close();
            CurrentLoop.restore(before);
        }
    }

    private void onCarrier(Runnable body) {
        if (inside.io.transport().isBoundToThread() || Thread.currentThread().isVirtual()) {
            ownThread.run(body);
        } else {
            body.run();
        }
    }

    /**
     * Ends {@link #start} after the turn that runs; if the loop doesn't run, the next {@code start}
     * returns after one turn. What is queued stays queued. Any thread.
     */
    public void stop() {
        inside.requestStop();
    }

    /**
     * Runs {@code body} in a coroutine, with the loop started for it and stopped after it, and
     * returns its result; what it throws is thrown as {@link Async#await} does.
     *
     * @throws IllegalStateException if the loop runs already, or is stopped before the body ends
     */
    public <T extends @Nullable Object> T runSync(Callable<T> body) {
        return new SyncRun<>(this, body, null).run();
    }

    /**
     * As {@link #runSync(Callable)} with a limit, after which the body is cancelled.
     *
     * @throws AsyncTimeoutException when the limit passes
     */
    public <T extends @Nullable Object> T runSync(Duration limit, Callable<T> body) {
        return new SyncRun<>(this, body, limit).run();
    }

    /** As {@link #runSync(Callable)}, for a body without result. */
    public void runSync(CheckedRunnable body) {
        runSync(asCallable(body));
    }

    /** As {@link #runSync(Duration, Callable)}, for a body without result. */
    public void runSync(Duration limit, CheckedRunnable body) {
        runSync(limit, asCallable(body));
    }

    /** As {@link #close(boolean)} without closing registered descriptors. */
    @Override
    public void close() {
        close(false);
    }

    /**
     * Ends this loop for good: closes what it {@linkplain #shared shares}, HTTP servers with their
     * connections among it, cancels its coroutines (except {@link Task#finishBeforeClose}) and runs
     * them to their end, closes its channels and frees the transport. Twice is once. Afterwards
     * callbacks are dropped silently.
     *
     * <p>A coroutine that does not end within two seconds is logged and left behind: it may go on
     * beside others, as an ordinary virtual thread that has no loop and may not await. One that
     * never suspends can't be left, and neither can one in a blocking call on the baton engine:
     * they hold this up as they hold up a loop.
     *
     * @param allFds whether to close the descriptors registered with {@link #addHandler} as well
     * @throws IllegalStateException if the loop is running
     */
    public void close(boolean allFds) {
        if (inside.isClosed()) {
            return;
        }
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    name + " is running: stop it, and close it when start() has returned");
        }
        inside.requestClose(allFds);
        try {
            onCarrier(this::runHere);
        } finally {
            inside.closed();
            CurrentLoop.unbind(this);
            SignalListener.closeAll(this);
            executor.close();
            ownThread.close();
        }
    }

    // ---- callbacks ----

    /**
     * Queues a callback for the loop's next turn, and wakes the loop. What it throws is logged. On
     * a closed loop it is dropped. Any thread.
     */
    public void addCallback(Runnable callback) {
        post(Objects.requireNonNull(callback, "callback"));
    }

    /**
     * The same, for use from {@link #onSignal}: a JVM runs signal handlers on an ordinary thread.
     * Any thread.
     */
    public void addCallbackFromSignal(Runnable callback) {
        addCallback(callback);
    }

    /** The same, for code that wants an {@link Executor}. Any thread. */
    @Override
    public void execute(Runnable command) {
        addCallback(command);
    }

    /**
     * Starts a coroutine that nobody waits for: unlike a callback it may wait; what it throws is
     * logged. Any thread.
     */
    public void spawnCallback(CheckedRunnable body) {
        var task =
                new Task<@Nullable Void>(this, "callback " + Async.nameOf(body), asCallable(body));
        task.logFailure();
        launch(task);
    }

    /**
     * Runs {@code callback} on the loop when {@code stage} is done, in either way, and never before
     * this returns. Any thread may complete the stage.
     */
    public <T extends @Nullable Object> void addFuture(
            CompletionStage<T> stage, Consumer<? super CompletableFuture<T>> callback) {
        var future = stage.toCompletableFuture();
        stage.whenComplete((value, failure) -> addCallback(() -> callback.accept(future)));
    }

    /**
     * A future that is completed from any thread and whose dependents run on this loop, but for one
     * that another thread adds when it is done: that runs there. Any thread.
     */
    public <T extends @Nullable Object> CompletableFuture<T> newFuture() {
        return new LoopFuture<>(this);
    }

    /**
     * The same, for work that can be given up: {@code whenCancelled} runs on this loop when the
     * future is cancelled before it is done. Cheaper than a dependent. A failure that nobody looks
     * at within a second is logged, as that of a {@link Task}. Any thread.
     */
    public <T extends @Nullable Object> CompletableFuture<T> newFuture(Runnable whenCancelled) {
        return new CancellableFuture<>(this, whenCancelled);
    }

    // ---- time ----

    /**
     * Now, on the loop's clock: the wall clock's time when the loop was made, plus what its
     * monotonic clock has counted since. It never goes back, and doesn't follow changes of the wall
     * clock. Any thread.
     */
    public Instant time() {
        return inside.clock.now();
    }

    /**
     * Runs {@code callback} once, {@code delay} from now; a delay of zero or less means the next
     * turn.
     */
    public Timeout callLater(Duration delay, Runnable callback) {
        Objects.requireNonNull(callback, "callback");
        return inside.timers.add(inside.clock.nanosAfter(delay), callback);
    }

    /**
     * Runs {@code callback} once, at {@code when} of {@link #time()}; a time that has passed means
     * the next turn.
     */
    public Timeout callAt(Instant when, Runnable callback) {
        return callLater(Duration.between(time(), when), callback);
    }

    /** Cancels a timer. Harmless for one that has fired. Tornado: {@code remove_timeout}. */
    public void removeTimeout(Timeout timeout) {
        timeout.cancel();
    }

    // ---- work elsewhere ----

    /**
     * Runs a blocking call on another thread. Cancelling the future interrupts it.
     *
     * @param executor where to run it; null: this loop's {@linkplain #setDefaultExecutor default}
     */
    public <T extends @Nullable Object> CompletableFuture<T> runInExecutor(
            @Nullable Executor executor, Callable<T> call) {
        checkAccess();
        return this.executor.submit(executor, call);
    }

    /**
     * Replaces the executor that {@link #runInExecutor} and {@link Async#offload} use. At first it
     * is a pool of daemon threads, five for each processor at most, made when needed. The loop does
     * not shut down an executor given here.
     */
    public void setDefaultExecutor(Executor executor) {
        checkAccess();
        this.executor.replace(executor);
    }

    // ---- signals and descriptors ----

    /**
     * Runs {@code callback} on the loop whenever the process gets a signal, for example {@code
     * "TERM"} or {@code "HUP"}. Several loops may listen to one signal. Close the result to stop
     * listening; with the last listener the JVM's own handling comes back. A closed loop doesn't
     * listen. Any thread.
     *
     * @throws IllegalArgumentException if the JVM can't catch that signal
     */
    public SignalListener onSignal(String signal, Runnable callback) {
        return SignalListener.add(signal, this, callback);
    }

    /**
     * Calls {@code handler} on the loop as long as a file descriptor is ready for one of {@code
     * events}. Errors and hang-ups are always reported. The descriptor stays yours to close. Epoll
     * and io_uring only.
     *
     * @throws IllegalStateException if the descriptor is registered already
     * @throws UnsupportedOperationException on another transport
     */
    public void addHandler(int fd, FdHandler handler, FdEvent... events) {
        checkAccess();
        inside.descriptors.add(fd, handler, List.of(events));
    }

    /** Replaces the events that a registered descriptor waits for. */
    public void updateHandler(int fd, FdEvent... events) {
        checkAccess();
        inside.descriptors.update(fd, List.of(events));
    }

    /**
     * Ends the calls for a descriptor, at once, even if it is ready. Unknown descriptors are
     * ignored.
     */
    public void removeHandler(int fd) {
        checkAccess();
        inside.descriptors.remove(fd);
    }

    // ---- what is shared ----

    /**
     * The one instance of {@code type} that belongs to this loop, such as its HTTP client: made
     * when it is first asked for, and closed with the loop, or by {@link #removeShared} before.
     */
    public <T extends AutoCloseable> T shared(Class<T> type, Supplier<? extends T> maker) {
        checkAccess();
        return inside.shared.get(type, maker);
    }

    /**
     * Forgets a {@linkplain #shared shared} instance, so that the next one asked for is made anew;
     * harmless for another one. Whoever closes an instance by itself calls this.
     */
    public <T extends AutoCloseable> void removeShared(Class<T> type, T instance) {
        checkAccess();
        inside.shared.remove(type, instance);
    }

    // ---- a look inside ----

    /** Counters of this loop, as of now. Any thread; read from another, they may be a turn old. */
    public LoopMetrics metrics() {
        return inside.turns.metrics(
                inside.callbacks.runSoFar(),
                inside.tasks.started(),
                inside.tasks.live(),
                inside.timers.size());
    }

    /** The coroutines that have started and not ended. The JDK's thread dumps don't list them. */
    public List<Task<?>> tasks() {
        checkAccess();
        return inside.tasks.list();
    }

    // ---- inside ----

    /** Queues a callback; false if the loop is closed. Any thread. */
    boolean post(Runnable callback) {
        return inside.post(callback);
    }

    /** Starts a task; one that can't start any more is cancelled. Any thread. */
    void launch(Task<?> task) {
        inside.launch(task);
    }

    Coroutine newCoroutine(String name, Runnable body) {
        return inside.engine.newCoroutine(name, body);
    }

    @Nullable Coroutine currentCoroutine() {
        return inside.engine.currentCoroutine();
    }

    Tasks registry() {
        return inside.tasks;
    }

    Turns turns() {
        return inside.turns;
    }

    /** Whether it has been {@linkplain #close closed}. On any thread. */
    public boolean isClosed() {
        return inside.isClosed();
    }

    Thread loopThread() {
        return inside.engine.loopThread();
    }

    /** Whether it is safe for the caller to touch what belongs to the loop. */
    private void checkAccess() {
        if (running.get() && !inside.isClosed() && !isCurrent()) {
            throw new IllegalStateException(
                    "called from %s, but %s is running: use addCallback"
                            .formatted(Thread.currentThread(), name));
        }
    }

    void checkCanStart() {
        if (inside.isClosed()) {
            throw new IllegalStateException(name + " is closed");
        }
        if (running.get()) {
            throw alreadyRunning();
        }
    }

    /** Refuses what would wait for ever: nobody starts the loop of an executor's thread. */
    void checkRunning(String what) {
        if (!running.get()) {
            throw new IllegalStateException(
                    what
                            + " was called from "
                            + Thread.currentThread()
                            + ", which runs no loop: offload less, or let a loop do it with"
                            + " addCallback");
        }
    }

    private IllegalStateException alreadyRunning() {
        return new IllegalStateException(
                name
                        + (isCurrent()
                                ? " is running already, and runs the caller: wait with Async.await,"
                                        + " or begin something beside it with Async.spawn"
                                : " is running already, on another thread: hand it work by"
                                        + " addCallback"));
    }

    static <T extends @Nullable Object> Callable<T> asCallable(CheckedRunnable body) {
        return () -> {
            body.run();
            return null;
        };
    }

    @Override
    public String toString() {
        return "IOLoop[%s, %s, %s%s]"
                .formatted(
                        name, engine(), inside.io.transport(), inside.isClosed() ? ", closed" : "");
    }
}
