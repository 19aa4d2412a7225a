package whirlwind.http.codec;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.BrotliDecompressor;
import io.netty.handler.codec.compression.Decompressor;
import io.netty.handler.codec.compression.JdkZlibDecompressor;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The codings of a body that can be undone, RFC 9110 section 8.4. */
public final class ContentDecoding {
    /** What may be sent to us: {@code br} where brotli4j and its native library are there. */
    public static final String ACCEPTED = "gzip, deflate" + (Brotli.isAvailable() ? ", br" : "");

    private static final int PIECE = 64 << 10;

    private ContentDecoding() {}

    /**
     * What undoes a coding, in pieces of at most 64 KiB however much the data expands; null if that
     * is beyond us, or nothing is to be done.
     */
    public static @Nullable Decompressor decompressor(String coding, ByteBufAllocator allocator) {
        return switch (coding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> zlib(ZlibWrapper.GZIP, allocator);
            // Some peers send bare deflate data where the RFC wants it wrapped.
            case "deflate" -> zlib(ZlibWrapper.ZLIB_OR_NONE, allocator);
            case "br" ->
                    Brotli.isAvailable()
                            ? BrotliDecompressor.builder()
                                    .maxOutputChunkSize(PIECE)
                                    .build(allocator)
                            : null;
            default -> null;
        };
    }

    private static Decompressor zlib(ZlibWrapper wrapper, ByteBufAllocator allocator) {
        return JdkZlibDecompressor.builder().wrapper(wrapper).maxAllocation(PIECE).build(allocator);
    }
}
