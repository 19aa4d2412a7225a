package whirlwind.http.codec;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what many connections together have in memory that is unfinished: messages and bodies
 * still coming, messages not taken yet. All other limits are a connection's own, and what all may
 * take by those is their product.
 *
 * <p>The first {@value #FREE} bytes of a buffer don't count: what is small is never refused, and
 * costs nothing here. There is one account for all servers of the process, as their loops share one
 * heap. It is what loops touch in common, and only for what is large; so this is for any thread.
 */
public final class MemoryQuota {
    /** So much of each buffer doesn't count. */
    public static final int FREE = 16 << 10;

    private static final AtomicLong OF_SERVERS = new AtomicLong();

    private final AtomicLong used;
    private final long limit;

    private MemoryQuota(AtomicLong used, long limit) {
        this.used = used;
        this.limit = limit;
    }

    /** With how much all servers may use before this one takes no more. */
    public static MemoryQuota ofServer(long limit) {
        return new MemoryQuota(OF_SERVERS, limit);
    }

    /** One that bounds nothing. */
    public static MemoryQuota unlimited() {
        return new MemoryQuota(new AtomicLong(), Long.MAX_VALUE);
    }

    /** The lesser of a buffer's own limit and of all there is. */
    public int atMost(int size) {
        return (int) Math.min(size, limit);
    }

    /** A buffer is to grow from a size to another; whether it may, and has been counted. */
    public boolean grow(long from, long to) {
        long more = counted(to) - counted(from);
        if (more > 0 && used.addAndGet(more) > limit) {
            used.addAndGet(-more);
            return false;
        }
        return true;
    }

    /** A buffer has another size now, like it or not. */
    public void resized(long from, long to) {
        long change = counted(to) - counted(from);
        if (change != 0) {
            used.addAndGet(change);
        }
    }

    /** Whether more is used than may be. */
    public boolean isExceeded() {
        return used.get() > limit;
    }

    private static long counted(long size) {
        return Math.max(0, size - FREE);
    }
}
