package whirlwind.escape.pool;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * Keeps the buffers of one value that is read or written, which is what a loop needs: it works on
 * one at a time. Whoever comes while they are in use gets new ones. From any thread.
 */
public enum OneRecycler implements RecyclerPool<BufferRecycler> {
    /** That of all. */
    INSTANCE;

    private final AtomicReference<@Nullable BufferRecycler> kept = new AtomicReference<>();

    @Override
    public BufferRecycler acquirePooled() {
        var taken = kept.getAndSet(null);
        return taken == null ? new Buffers() : taken;
    }

    @Override
    public BufferRecycler acquireAndLinkPooled() {
        return acquirePooled().withPool(this);
    }

    @Override
    public void releasePooled(BufferRecycler recycler) {
        kept.setRelease(recycler);
    }
}
