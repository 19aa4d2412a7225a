package whirlwind.http.codec.websocket;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.LoopAccess;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.loop.IOLoop;

/** What all WebSockets of one server or one client share. Confined to the loop. */
public final class WebSocketHost {
    final IOLoop loop;
    final Corks corks;

    /** Bytes that may wait for a peer before whoever sends is told to wait. */
    final int writeHighWater;

    /** Bytes that may wait at all. */
    final int maxWriteBuffer;

    /** Bounds what unfinished messages and those that wait take together. */
    final MemoryQuota quota;

    final DeflateMemory deflateMemory = new DeflateMemory();

    /** What a client masks with; null: this is a server. */
    final @Nullable Masks masks;

    /** Told of each that has ended. */
    final Consumer<WebSocketChannel> left;

    private WebSocketHost(
            IOLoop loop,
            Corks corks,
            int writeHighWater,
            int maxWriteBuffer,
            MemoryQuota quota,
            @Nullable Masks masks,
            Consumer<WebSocketChannel> left) {
        this.loop = loop;
        this.corks = corks;
        this.writeHighWater = writeHighWater;
        this.maxWriteBuffer = maxWriteBuffer;
        this.quota = quota;
        this.masks = masks;
        this.left = left;
    }

    /**
     * Of a server.
     *
     * @param writeHighWater bytes that may wait for a client before whoever sends is told to wait
     * @param maxWriteBuffer bytes that may wait at all
     * @param quota bounds what unfinished messages and those that wait take together
     * @param left told of each WebSocket that has ended
     */
    public static WebSocketHost ofServer(
            IOLoop loop,
            Corks corks,
            int writeHighWater,
            int maxWriteBuffer,
            MemoryQuota quota,
            Consumer<WebSocketChannel> left) {
        return new WebSocketHost(loop, corks, writeHighWater, maxWriteBuffer, quota, null, left);
    }

    /** Of a client, with the same but for the quota: what servers send together is not bounded. */
    public static WebSocketHost ofClient(
            IOLoop loop,
            Corks corks,
            int writeHighWater,
            int maxWriteBuffer,
            Consumer<WebSocketChannel> left) {
        return new WebSocketHost(
                loop,
                corks,
                writeHighWater,
                maxWriteBuffer,
                MemoryQuota.unlimited(),
                new Masks(),
                left);
    }

    /** What this end may agree to of what it wants: compression only while there is memory. */
    public WebSocketTerms affordable(WebSocketTerms wanted) {
        var deflate = wanted.deflate();
        return deflate == null ? wanted : wanted.withDeflate(deflateMemory.within(deflate));
    }

    /** Throws unless the caller is run by the loop; {@code what} is what it called. */
    void checkAccess(String what) {
        LoopAccess.check(loop, what);
    }
}
