package whirlwind.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/** A descriptor in the loop's epoll set. */
final class EpollWatch extends DescriptorWatch implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final IoRegistration registration;

    EpollWatch(IoEventLoop eventLoop, int descriptor, Listener listener) {
        super(eventLoop, listener);
        this.descriptor = new FileDescriptor(descriptor);
        this.registration = register(this);
    }

    @Override
    public void interest(boolean read, boolean write) {
        registration.submit(EpollIoOps.valueOf(mask(read, write)));
    }

    @Override
    public void stop() {
        registration.cancel();
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (registration
                .isValid()) { // else: stopped by the listener of another descriptor that was ready
            // as well
            fire(((EpollIoEvent) event).ops().value());
        }
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void close() {
        registration.cancel(); // the event loop closes; the descriptor isn't ours to close
    }
}
