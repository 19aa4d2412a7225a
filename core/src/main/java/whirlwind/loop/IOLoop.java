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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.transport.LoopIo;
import whirlwind.transport.Transport;

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
 * coroutines that are ready, and then what the kernel has ready; each of the four for half a
 * millisecond at most, so none can starve another. A callback runs on the loop's own virtual thread
 * and must not wait; a coroutine may.
 *
 * <p>Tornado: {@code ioloop.IOLoop}.
 */
public final class IOLoop implements Executor, AutoCloseable {
    /** How long Netty's own tasks may hold a turn. */
    private static final long TASK_NANOS = Budget.NANOS;

    /** How long {@link #close} waits for cancelled coroutines. */
    static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "whirlwind-loop-" + NUMBERS.incrementAndGet();
    private final LoopOptions options;
    private final Clock clock;
    private final Activity activity = new Activity();
    private final Callbacks callbacks = new Callbacks(log, activity);
    private final Timers timers = new Timers(this::checkAccess);
    private final Tasks tasks = new Tasks(log);
    private final Turns turns;
    private final DefaultExecutor executor = new DefaultExecutor(this);
    private final Engine engine;
    private final LoopIo io;
    private final Descriptors descriptors;

    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean stopRequested;
    private volatile boolean closed;

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
        this.clock = new Clock(options.ticker());
        this.turns = new Turns();
        this.io = new LoopIo(Transport.choose(options.transport()), this::isIdle, this::isCurrent);
        this.engine = Engines.open(options.engine(), this, activity, this::body, io::wakeup);
        this.descriptors = new Descriptors(io, callbacks);
        io.ownedBy(engine.loopThread());
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
        return engine.isCurrent();
    }

    /** The name of the loop's thread in logs and dumps. Any thread. */
    public String name() {
        return name;
    }

    /** {@code mounted} or {@code baton}; see {@link LoopOptions}. Any thread. */
    public String engine() {
        return engine instanceof MountedEngine ? "mounted" : "baton";
    }

    /**
     * Netty's side of this loop: for the packages of Whirlwind that open channels. Its type is not
     * exported, so other code can do nothing with it.
     */
    @SuppressWarnings("exports")
    public LoopIo io() {
        return io;
    }

    // ---- life ----

    /**
     * Runs the loop on the calling thread until {@link #stop}. May be called again afterwards. On
     * the mounted engine the calling thread becomes the carrier of everything that the loop runs;
     * called from a virtual thread, a platform thread is made for that and the caller waits.
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
            onPlatformThread(this::runHere);
        } finally {
            running.set(false);
        }
    }

    private void runHere() {
        var before = CurrentLoop.swap(this);
        var watched = Watchdog.watch(this, activity, options.stallThreshold());
        try {
            engine.run();
        } finally {
            watched.close();
            CurrentLoop.restore(before);
        }
    }

    private static void onPlatformThread(Runnable body) {
        if (!Thread.currentThread().isVirtual()) {
            body.run();
            return;
        }
        var failure = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .name("whirlwind-carrier")
                .start(() -> {
                    try {
                        body.run();
                        failure.complete(null);
                    } catch (Throwable e) {
                        failure.completeExceptionally(e);
                    }
                });
        failure.join();
    }

    /**
     * Ends {@link #start} after the turn that runs; if the loop doesn't run, the next {@code start}
     * returns after one turn. What is queued stays queued. Any thread.
     */
    public void stop() {
        stopRequested = true;
        io.wakeup();
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

    /** As {@link #close(boolean)} without closing registered descriptors. */
    @Override
    public void close() {
        close(false);
    }

    /**
     * Ends this loop for good: cancels its coroutines and runs them to their end (for two seconds
     * at most, then it logs what is left), closes its channels and frees the transport. Twice is
     * once. Afterwards callbacks are dropped silently.
     *
     * @param allFds whether to close the descriptors registered with {@link #addHandler} as well
     * @throws IllegalStateException if the loop is running
     */
    public void close(boolean allFds) {
        if (closed) {
            return;
        }
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    name + " is running: stop it, and close it when start() has returned");
        }
        closing = new Closing(allFds);
        onPlatformThread(this::runHere);
        CurrentLoop.unbind(this);
        executor.close();
    }

    private record Closing(boolean allFds) {}

    private @Nullable Closing closing;

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
                new Task<@Nullable Void>(
                        this, "callback " + body.getClass().getSimpleName(), asCallable(body));
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
     * A future that is completed from any thread and whose dependents run on this loop. Any thread.
     */
    public <T extends @Nullable Object> CompletableFuture<T> newFuture() {
        return new LoopFuture<>(this);
    }

    // ---- time ----

    /**
     * Now, on the loop's clock: the wall clock's time when the loop was made, plus what its
     * monotonic clock has counted since. It never goes back, and doesn't follow changes of the wall
     * clock. Any thread.
     */
    public Instant time() {
        return clock.now();
    }

    /**
     * Runs {@code callback} once, {@code delay} from now; a delay of zero or less means the next
     * turn.
     */
    public Timeout callLater(Duration delay, Runnable callback) {
        return timers.add(clock.nanosAfter(delay), callback);
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
     * listening; with the last listener the JVM's own handling comes back. Any thread.
     *
     * @throws IllegalArgumentException if the JVM can't catch that signal
     */
    public SignalListener onSignal(String signal, Runnable callback) {
        return SignalListener.add(signal, () -> addCallbackFromSignal(callback));
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
        descriptors.add(fd, handler, List.of(events));
    }

    /** Replaces the events that a registered descriptor waits for. */
    public void updateHandler(int fd, FdEvent... events) {
        checkAccess();
        descriptors.update(fd, List.of(events));
    }

    /**
     * Ends the calls for a descriptor, at once, even if it is ready. Unknown descriptors are
     * ignored.
     */
    public void removeHandler(int fd) {
        checkAccess();
        descriptors.remove(fd);
    }

    // ---- a look inside ----

    /** Counters of this loop, as of now. Any thread; read from another, they may be a turn old. */
    public LoopMetrics metrics() {
        return turns.metrics(callbacks.runSoFar(), tasks.started(), tasks.live(), timers.size());
    }

    /** The coroutines that have started and not ended. The JDK's thread dumps don't list them. */
    public List<Task<?>> tasks() {
        checkAccess();
        return tasks.list();
    }

    // ---- inside ----

    /** Queues a callback; false if the loop is closed. */
    boolean post(Runnable callback) {
        if (closed) {
            return false;
        }
        if (isCurrent()) {
            callbacks.add(callback);
        } else {
            callbacks.addElsewhere(callback);
            io.wakeup();
        }
        return true;
    }

    void launch(Task<?> task) {
        if (isCurrent() || !running.get()) {
            start(task);
        } else {
            addCallback(() -> start(task));
        }
    }

    private void start(Task<?> task) {
        if (closed) {
            task.completeCancelled();
            return;
        }
        tasks.add(task);
        task.coroutine().start();
    }

    Coroutine newCoroutine(String name, Runnable body) {
        return engine.newCoroutine(name, body);
    }

    @Nullable Coroutine currentCoroutine() {
        return engine.currentCoroutine();
    }

    Tasks registry() {
        return tasks;
    }

    Turns turns() {
        return turns;
    }

    Thread loopThread() {
        return engine.loopThread();
    }

    /** Whether it is safe for the caller to touch what belongs to the loop. */
    private void checkAccess() {
        if (running.get() && !closed && !isCurrent()) {
            throw new IllegalStateException(
                    "called from %s, but %s is running: use addCallback"
                            .formatted(Thread.currentThread(), name));
        }
    }

    void checkCanStart() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        if (running.get()) {
            throw alreadyRunning();
        }
    }

    private IllegalStateException alreadyRunning() {
        return new IllegalStateException(
                name + " is running already" + (isCurrent() ? ", and runs the caller" : ""));
    }

    static <T extends @Nullable Object> Callable<T> asCallable(CheckedRunnable body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /** The life of the loop's own thread. */
    private void body() {
        LoopIo.runWithCaches(() -> {
            while (closing == null) {
                do {
                    turn();
                } while (!stopRequested);
                stopRequested = false;
                engine.pause();
            }
            shutDown(closing);
        });
    }

    private void turn() {
        turns.begin();
        var budget = new Budget();
        do {
            callbacks.runQueued();
            fireTimers();
            engine.runReady();
        } while (!callbacks.isEmpty() && !stopRequested && !budget.isSpent());
        turns.end();
        poll();
    }

    private void fireTimers() {
        if (timers.size() == 0) {
            return;
        }
        long now = clock.nanos();
        long made = timers.nextSequence();
        var budget = new Budget();
        for (Timeout due; (due = timers.pollDue(now, made)) != null; ) {
            callbacks.run(due.callback);
            if (budget.isSpent()) {
                break;
            }
        }
    }

    private boolean isIdle() {
        return callbacks.isEmpty() && engine.isIdle() && !stopRequested;
    }

    private void poll() {
        if (!isIdle()) {
            io.pollNow(TASK_NANOS);
            return;
        }
        long next = timers.nextDeadline();
        if (!clock.isSystem()) {
            pollByAnotherClock(next);
        } else if (next == Ticker.NEVER) {
            io.poll(LoopIo.NO_DEADLINE, TASK_NANOS);
        } else {
            io.poll(next, TASK_NANOS);
        }
    }

    private void pollByAnotherClock(long next) {
        io.pollNow(TASK_NANOS);
        if (isIdle()
                && next - clock.nanos() > 0
                && (executor.isBusy() || !options.ticker().skipTo(next))) {
            io.poll(LoopIo.NO_DEADLINE, TASK_NANOS);
        }
    }

    private void shutDown(Closing how) {
        tasks.cancelAll();
        long deadline = System.nanoTime() + CLOSE_GRACE.toNanos();
        while (tasks.live() > 0 && System.nanoTime() - deadline < 0) {
            callbacks.runQueued();
            fireTimers();
            engine.runReady();
            if (isIdle()) {
                io.poll(deadline, TASK_NANOS);
            } else {
                io.pollNow(TASK_NANOS);
            }
        }
        closed = true;
        tasks.reportLeft(name);
        descriptors.close(how.allFds());
        timers.clear();
        callbacks.clear();
        engine.close();
        io.close();
    }

    @Override
    public String toString() {
        return "IOLoop[%s, %s, %s%s]"
                .formatted(name, engine(), io.transport(), closed ? ", closed" : "");
    }
}
