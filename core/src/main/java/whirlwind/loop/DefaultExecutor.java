package whirlwind.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocking calls of a loop on other threads, and the pool for them, made when it is first needed.
 */
final class DefaultExecutor {
    /** As Tornado's: the calls mostly wait, for files and name servers. */
    private static final int THREADS = 5 * Runtime.getRuntime().availableProcessors();

    private static final long IDLE_SECONDS = 30;
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    private final IOLoop loop;
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable Executor executor;
    private @Nullable ExecutorService own;

    DefaultExecutor(IOLoop loop) {
        this.loop = loop;
    }

    void replace(Executor executor) {
        this.executor = executor;
    }

    /** Whether something is still to come from another thread: a result, or a lock. */
    boolean isBusy() {
        return inFlight.get() > 0;
    }

    void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    <T extends @Nullable Object> CompletableFuture<T> submit(
            @Nullable Executor where, Callable<T> call) {
        var coroutine = loop.currentCoroutine();
        var locals = coroutine == null ? null : coroutine.locals;
        var job = new Job<>(loop, locals == null ? call : TaskLocal.lent(locals, call));
        // The call, and handing it over: the coroutine that does it may have to wait for a lock of
        // the executor's, and the call may be over before it has it.
        inFlight.addAndGet(2);
        try {
            (where != null ? where : chosen()).execute(job.work);
        } catch (RuntimeException e) { // most likely a RejectedExecutionException
            job.completeExceptionally(e);
            job.work.cancel(false);
        } finally {
            inFlight.decrementAndGet();
        }
        return job;
    }

    private Executor chosen() {
        if (executor == null) {
            own = newPool(loop.name());
            executor = own;
        }
        return executor;
    }

    private static ExecutorService newPool(String loop) {
        var numbers = new AtomicInteger();
        var pool =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> {
                            var name = loop + "-executor-" + numbers.incrementAndGet();
                            return new Worker(work, name);
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** A thread that runs what is offloaded. */
    static final class Worker extends Thread {
        Worker(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }
    }

    /** The future of a call, and the call as the other thread runs it. */
    private final class Job<T extends @Nullable Object> extends LoopFuture<T> {
        final FutureTask<T> work;

        Job(IOLoop loop, Callable<T> call) {
            super(loop);
            work =
                    new FutureTask<>(call) {
                        @Override
                        protected void done() {
                            if (!loop.post((Callbacks.Delivery) Job.this::finish)) {
                                finish();
                            }
                        }
                    };
        }

        private void finish() {
            inFlight.decrementAndGet();
            switch (work.state()) {
                case SUCCESS -> complete(work.resultNow());
                case FAILED -> {
                    if (!completeExceptionally(work.exceptionNow())) {
                        log.error(
                                "A call in an executor failed after its future was completed",
                                work.exceptionNow());
                    }
                }
                case CANCELLED, RUNNING -> super.cancel(true);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            work.cancel(true);
            return cancelled;
        }
    }
}
