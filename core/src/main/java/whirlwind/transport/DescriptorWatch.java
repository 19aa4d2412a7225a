package whirlwind.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;

/**
 * Readiness of one file descriptor that somebody else opened and will close. Level-triggered: while
 * the descriptor stays ready, the listener is called again at each poll. Confined to the loop's
 * owner.
 */
public abstract sealed class DescriptorWatch permits EpollWatch, IoUringWatch {
    /** Bits of poll(2), the same for epoll and io_uring. */
    static final int POLLIN = 0x1;

    static final int POLLOUT = 0x4;
    static final int POLLERR = 0x8;
    static final int POLLHUP = 0x10;

    /** Told what a descriptor is ready for. */
    @FunctionalInterface
    public interface Listener {
        /** {@code broken}: error or hang-up, reported whatever was asked for. */
        void ready(boolean readable, boolean writable, boolean broken);
    }

    private final IoEventLoop eventLoop;
    private final Listener listener;

    DescriptorWatch(IoEventLoop eventLoop, Listener listener) {
        this.eventLoop = eventLoop;
        this.listener = listener;
    }

    /** Replaces what is waited for. Errors are always reported. */
    public abstract void interest(boolean read, boolean write);

    /** Ends the watch; the listener isn't called again. Twice is once. */
    public abstract void stop();

    final IoRegistration register(IoHandle handle) {
        var registered =
                eventLoop.register(
                        handle); // complete on return: this runs on the event loop's own thread
        if (!registered.isSuccess()) {
            throw new IllegalArgumentException(
                    "the kernel refuses to watch this descriptor", registered.cause());
        }
        return registered.getNow();
    }

    final void fire(int events) {
        listener.ready(
                (events & POLLIN) != 0,
                (events & POLLOUT) != 0,
                (events & (POLLERR | POLLHUP)) != 0);
    }

    /** Never zero: Netty would take the descriptor out of the epoll set, errors and all. */
    static int mask(boolean read, boolean write) {
        return POLLERR | (read ? POLLIN : 0) | (write ? POLLOUT : 0);
    }
}
