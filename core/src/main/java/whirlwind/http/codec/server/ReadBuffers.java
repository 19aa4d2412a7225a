package whirlwind.http.codec.server;

import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;
import whirlwind.transport.Transport;

/**
 * What one read of a server's connections may bring: little, which holds nearly every request,
 * until that is not enough, and then much, as long as it is used. The buffer is given back after
 * the read, so that its size costs an idle connection nothing.
 *
 * <p>A loop reads one connection at a time, and what is counted meanwhile is forgotten before the
 * next, so all of them share one counter. Only where the kernel is told to read, and says later
 * that it did, each has its own.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SMALL = 8 << 10;

    /** For bodies that keep coming; there a read's own cost no longer shows. */
    static final int LARGE = 64 << 10;

    private final @Nullable Counter shared;

    ReadBuffers(Transport transport) {
        this.shared = transport.answersLater() ? null : new Counter();
    }

    @Override
    @SuppressWarnings("deprecation") // by Netty, in whose interface it is
    public Handle newHandle() {
        return shared != null ? shared : new Counter();
    }

    private final class Counter extends MaxMessageHandle {
        private int size = SMALL;

        @Override
        public void reset(ChannelConfig config) {
            size = SMALL;
            super.reset(config);
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes == attemptedBytesRead()) {
                size = LARGE;
            } else if (bytes < SMALL) {
                size = SMALL;
            }
            super.lastBytesRead(bytes);
        }
    }
}
