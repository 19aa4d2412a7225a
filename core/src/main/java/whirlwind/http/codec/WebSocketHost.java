package whirlwind.http.codec;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * What all WebSockets of one server or one client share. Confined to the loop.
 *
 * @param writeHighWater bytes that may wait for a peer before whoever sends is told to wait
 * @param maxWriteBuffer bytes that may wait at all
 * @param quota bounds what unfinished messages and those that wait take together
 * @param masks what a client masks with; null: this is a server
 * @param left told of each that has ended
 */
record WebSocketHost(
        IOLoop loop,
        Corks corks,
        Encoding encoding,
        Scratch scratch,
        int writeHighWater,
        int maxWriteBuffer,
        MemoryQuota quota,
        DeflateMemory deflateMemory,
        @Nullable Masks masks,
        Consumer<WebSocketChannel> left) {

    /** Throws unless the caller is run by the loop; {@code what} is what it called. */
    void checkAccess(String what) {
        ConnectionContext.checkAccess(loop, what);
    }
}
