package whirlwind.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The input and output of one loop: Netty's event loop, driven by the thread that owns it.
 *
 * <p>Confined to the owner, but for {@link #wakeup}, which any thread may call.
 */
public final class LoopIo {
    /** For {@link #poll}: wait until something is ready or {@link #wakeup} is called. */
    public static final long NO_DEADLINE = -1;

    private static final Logger log = LoggerFactory.getLogger(LoopIo.class);

    private final Transport transport;
    private final BooleanSupplier mayBlock;
    private final BooleanSupplier onLoop;
    private final DrivenLoop eventLoop;

    /** When the poll that runs must return, on the scale of Netty's ticker. */
    private long deadlineNanos = NO_DEADLINE;

    /**
     * @param mayBlock asked, after a wake-up can no longer be missed, whether the owner still has
     *     nothing to do
     * @param onLoop whether the calling thread is run by this loop; a wake-up from there costs no
     *     system call, because the loop is then not waiting
     */
    public LoopIo(Transport transport, BooleanSupplier mayBlock, BooleanSupplier onLoop) {
        this.transport = transport;
        this.mayBlock = mayBlock;
        this.onLoop = onLoop;
        this.eventLoop = new DrivenLoop(transport.handlerFactory());
    }

    /** Names the thread that will drive this; once. */
    public void ownedBy(Thread owner) {
        eventLoop.setOwningThread(owner);
    }

    /**
     * Runs {@code body}, the whole life of the owner, with Netty's thread-local caches switched on
     * for it.
     */
    public static void runWithCaches(Runnable body) {
        FastThreadLocalThread.runWithFastThreadLocal(body);
    }

    /** The way to the kernel that this uses. */
    public Transport transport() {
        return transport;
    }

    /** For the packages that open channels. */
    public IoEventLoop eventLoop() {
        return eventLoop;
    }

    /** Whether the caller is the owner's thread. */
    public boolean isOnOwnThread() {
        return eventLoop.inEventLoop();
    }

    /**
     * Handles what is ready, without waiting, and runs Netty's tasks for at most {@code taskNanos}.
     */
    public void pollNow(long taskNanos) {
        eventLoop.run(-1, taskNanos);
    }

    /**
     * Waits until {@code deadlineNanos} for something to be ready, handles it, and runs Netty's
     * tasks.
     */
    public void poll(long deadlineNanos, long taskNanos) {
        this.deadlineNanos =
                deadlineNanos == NO_DEADLINE
                        ? NO_DEADLINE
                        : deadlineNanos - eventLoop.ticker().initialNanoTime();
        eventLoop.run(0, taskNanos); // 0: Netty sets no limit of its own; Deadlines does
    }

    /** Makes a poll that waits, or the next one that would, return at once. Any thread. */
    public void wakeup() {
        eventLoop.wakeup();
    }

    /**
     * Checks that this transport can {@link #watch} descriptors. Any thread.
     *
     * @throws UnsupportedOperationException on a transport that can't: only epoll and io_uring can
     */
    public void checkDescriptors() {
        if (transport != Transport.EPOLL && transport != Transport.IO_URING) {
            throw new UnsupportedOperationException(
                    "file descriptors can't be watched on transport "
                            + transport
                            + " (use epoll or io_uring)");
        }
    }

    /** Watches a file descriptor that isn't Netty's. */
    public DescriptorWatch watch(int descriptor, DescriptorWatch.Listener listener) {
        checkDescriptors();
        return transport == Transport.EPOLL
                ? new EpollWatch(eventLoop, descriptor, listener)
                : new IoUringWatch(eventLoop, descriptor, listener);
    }

    /** Closes a descriptor that was given to the loop to own. */
    public static void closeDescriptor(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            log.warn("Descriptor {} could not be closed", descriptor, e);
        }
    }

    /**
     * Closes every channel and frees the transport. The owner calls it once, when nothing else will
     * run on the loop.
     */
    public void close() {
        eventLoop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!eventLoop.isTerminated()) {
            eventLoop.runNow();
        }
    }

    private final class DrivenLoop extends ManualIoEventLoop {
        DrivenLoop(IoHandlerFactory factory) {
            super(null, null, executor -> new Handler(factory, new Owner(executor)));
        }

        @Override
        protected boolean canBlock() {
            return mayBlock.getAsBoolean();
        }
    }

    /** Netty's handler, spared needless wake-ups, and given deadlines that don't move. */
    private final class Handler implements IoHandler {
        private final IoHandler delegate;
        private final Deadlines deadlines = new Deadlines();

        private final Owner owner;

        Handler(IoHandlerFactory factory, Owner owner) {
            this.owner = owner;
            this.delegate = factory.newHandler(owner);
        }

        @Override
        public void initialize() {
            delegate.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            deadlines.context = context;
            return delegate.run(deadlines);
        }

        @Override
        public void wakeup() {
            if (!onLoop.getAsBoolean()) {
                delegate.wakeup();
            }
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return delegate.register(handle);
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return delegate.isCompatible(handleType);
        }

        @Override
        public void prepareToDestroy() {
            delegate.prepareToDestroy();
        }

        /*
         * Netty 4.2.18 frees the memory and the descriptor of its wake-up read while the kernel may still have to do
         * that read. IoUringIoHandler.prepareToDestroy submits a NOP that drains the ring and then the read anew; a
         * request behind a drain is left to a kernel worker (io-wq), which looks its descriptor up when it gets to it.
         * destroy only asks to cancel the read, and the answer to that ends its wait. So the worker may read from
         * another loop's eventfd that has got the same number meanwhile, which swallows that loop's wake-up, and
         * write into freed memory. A wake-up that is under way is a reason for destroy to wait for the read's end
         * (drainEventFd); hence one of our own.
         */
        @Override
        public void destroy() {
            if (transport == Transport.IO_URING) {
                owner.asAnyThread(delegate::wakeup);
            }
            delegate.destroy();
        }
    }

    /** The loop as its handler sees it. */
    private static final class Owner implements ThreadAwareExecutor {
        private final ThreadAwareExecutor loop;
        private boolean denied;

        Owner(ThreadAwareExecutor loop) {
            this.loop = loop;
        }

        @Override
        public boolean isExecutorThread(Thread thread) {
            return loop.isExecutorThread(thread) && !denied;
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        /** Runs on the owner what Netty leaves out there. */
        void asAnyThread(Runnable action) {
            denied = true;
            try {
                action.run();
            } finally {
                denied = false;
            }
        }
    }

    /**
     * Netty computes a limited poll's deadline as now plus the wait, another value each time, and
     * re-arms the kernel's timer for each. The loop's own deadline stays the same until a timer
     * changes, which saves that system call.
     */
    private final class Deadlines implements IoHandlerContext {
        @SuppressWarnings("NullAway.Init") // set before each use, by Handler.run
        private IoHandlerContext context;

        @Override
        public boolean canBlock() {
            return context.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            long netty = context.delayNanos(currentTimeNanos);
            if (deadlineNanos == NO_DEADLINE) {
                return netty;
            }
            long now = currentTimeNanos - eventLoop.ticker().initialNanoTime();
            return Math.min(netty, Math.max(0, deadlineNanos - now));
        }

        @Override
        public long deadlineNanos() {
            long netty = context.deadlineNanos();
            if (deadlineNanos == NO_DEADLINE) {
                return netty;
            }
            return netty == NO_DEADLINE || netty - deadlineNanos > 0 ? deadlineNanos : netty;
        }
    }
}
