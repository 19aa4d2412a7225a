package whirlwind.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.KqueueProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;

/**
 * What Lettuce runs on, which is one loop and nothing else: no thread of its own for sockets,
 * timers or tasks. Lettuce takes locks, and spins for one; as all of it is on the loop's own
 * thread, and is called there only, none is ever held by another.
 */
final class LoopResources {
    static {
        // Else it prefers epoll as well, and warns of that each time it looks.
        if (System.getProperty("io.lettuce.core.iouring") == null) {
            System.setProperty("io.lettuce.core.iouring", "false");
        }
    }

    private LoopResources() {}

    /**
     * A loop that has the transport which Lettuce takes; it can't be told which. It has no
     * watchdog, for Lettuce's first connection would wake it: there is much to load and to reflect
     * on.
     */
    static IOLoop newLoop() {
        var transport =
                EpollProvider.isAvailable()
                        ? "epoll"
                        : KqueueProvider.isAvailable() ? "kqueue" : "nio";
        return new IOLoop(
                LoopOptions.DEFAULTS
                        .withTransport(transport)
                        .withMakeCurrent(false)
                        .withStallThreshold(Duration.ZERO));
    }

    static ClientResources of(IOLoop loop) {
        var own = loop.io().eventLoop();
        return ClientResources.builder()
                .eventLoopGroupProvider(new Lent(own))
                .eventExecutorGroup(own)
                .timer(new LoopTimer(own))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
    }

    /** The loop, which isn't Lettuce's to end. */
    private record Lent(EventLoop loop) implements EventLoopGroupProvider {
        @Override
        @SuppressWarnings("unchecked") // it only wants to know which transport that will be
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) loop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(
                EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }

    private record LoopTimer(EventLoop loop) implements Timer {
        @Override
        public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            var timeout = new LoopTimeout(this, task);
            timeout.schedule(delay, unit);
            return timeout;
        }

        @Override
        public Set<Timeout> stop() {
            return Set.of(); // the loop cancels what is left
        }
    }

    private static final class LoopTimeout implements Timeout {
        private final LoopTimer timer;
        private final TimerTask task;

        @SuppressWarnings("NullAway.Init") // set before anybody sees this
        private Future<?> scheduled;

        LoopTimeout(LoopTimer timer, TimerTask task) {
            this.timer = timer;
            this.task = task;
        }

        void schedule(long delay, TimeUnit unit) {
            scheduled =
                    timer.loop.schedule(
                            () -> {
                                task.run(this);
                                return null;
                            },
                            delay,
                            unit);
        }

        @Override
        public Timer timer() {
            return timer;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return scheduled.isDone() && !scheduled.isCancelled();
        }

        @Override
        public boolean isCancelled() {
            return scheduled.isCancelled();
        }

        @Override
        public boolean cancel() {
            return scheduled.cancel(false);
        }
    }
}
