package whirlwind.http.codec;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * What one read may bring: little, which holds nearly every request, until that is not enough, and
 * then much, as long as it is used. The buffer is given back after the read, so that its size costs
 * an idle connection nothing.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SMALL = 8 << 10;

    /** For bodies that keep coming; there a read's own cost no longer shows. */
    static final int LARGE = 64 << 10;

    @Override
    @SuppressWarnings("deprecation") // by Netty, in whose interface it is
    public Handle newHandle() {
        return new MaxMessageHandle() {
            private int size = SMALL;

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
        };
    }
}
