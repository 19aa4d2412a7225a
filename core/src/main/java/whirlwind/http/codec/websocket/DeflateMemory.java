package whirlwind.http.codec.websocket;

import java.util.LinkedHashSet;

/**
 * Bounds what compression keeps between messages for all WebSockets of one server on a loop.
 *
 * <p>A compressor may forget what it has sent whenever it likes: of more than {@value
 * #MAX_COMPRESSORS} (256 KiB each, 128 MiB together) the one that was used least recently does. A
 * decompressor may not: when {@value #MAX_DECOMPRESSORS} connections (40 KiB each, 160 MiB
 * together) have agreed to keep one, further clients are told {@code client_no_context_takeover}.
 *
 * <p>Confined to the loop.
 */
final class DeflateMemory {
    static final int MAX_COMPRESSORS = 512;
    static final int MAX_DECOMPRESSORS = 4096;

    /** Those that have a compressor, the one that was used last at the end. */
    private final LinkedHashSet<MessageDeflate> compressors = new LinkedHashSet<>();

    private int decompressors;

    /** What the server may agree to now. */
    WebSocketTerms.Deflate within(WebSocketTerms.Deflate wanted) {
        return decompressors < MAX_DECOMPRESSORS
                ? wanted
                : new WebSocketTerms.Deflate(
                        wanted.level(), wanted.serverNoContextTakeover(), true);
    }

    /** A connection has agreed. */
    void joined(MessageDeflate.Terms terms) {
        if (!terms.receivesAlone()) {
            decompressors++;
        }
    }

    /** A connection is closed. */
    void left(MessageDeflate.Terms terms) {
        if (!terms.receivesAlone()) {
            decompressors--;
        }
    }

    /** A connection uses its compressor. */
    void used(MessageDeflate one) {
        compressors.remove(one);
        compressors.add(one);
        if (compressors.size() > MAX_COMPRESSORS) {
            compressors.getFirst().forgetSent();
        }
    }

    /** A connection has no compressor any more. */
    void forgotten(MessageDeflate one) {
        compressors.remove(one);
    }
}
