package whirlwind.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;

/**
 * A descriptor polled through the loop's ring: one-shot polls, each asked for again when it has
 * been answered.
 */
final class IoUringWatch extends DescriptorWatch implements IoUringIoHandle {
    /* Numbers of the kernel's interface (include/uapi/linux/io_uring.h); Netty's names for them are not public. */
    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_POLL_REMOVE = 7;

    private final int descriptor;
    private final IoRegistration registration;
    private int mask;

    /**
     * The poll in the ring, by Netty's number, and which of our polls it is; an answer to an older
     * one is stale.
     */
    private long poll;

    private long generation;
    private boolean polling;

    IoUringWatch(IoEventLoop eventLoop, int descriptor, Listener listener) {
        super(eventLoop, listener);
        this.descriptor = descriptor;
        this.registration = register(this);
    }

    @Override
    public void interest(boolean read, boolean write) {
        forget();
        mask = mask(read, write);
        ask();
    }

    @Override
    public void stop() {
        if (registration.isValid()) {
            forget();
            registration.cancel();
        }
    }

    private void ask() {
        generation++;
        polling = true;
        poll =
                registration.submit(
                        new IoUringIoOps(
                                OP_POLL_ADD,
                                (byte) 0,
                                (short) 0,
                                descriptor,
                                0L,
                                0L,
                                0,
                                mask,
                                generation,
                                (short) 0,
                                (short) 0,
                                0,
                                0L));
    }

    private void forget() {
        if (polling) {
            polling = false;
            registration.submit(
                    new IoUringIoOps(
                            OP_POLL_REMOVE,
                            (byte) 0,
                            (short) 0,
                            -1,
                            0L,
                            poll,
                            0,
                            0,
                            0L,
                            (short) 0,
                            (short) 0,
                            0,
                            0L));
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        var answer = (IoUringIoEvent) event;
        if (answer.opcode() != OP_POLL_ADD || answer.userData() != generation || !polling) {
            return;
        }
        polling = false;
        if (answer.res() < 0) {
            fire(POLLERR); // the kernel can't poll it, now or again: it has been closed, most
            // likely
            return;
        }
        fire(answer.res());
        if (registration.isValid() && !polling) {
            ask();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
