package whirlwind.web.compression;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The library zstd-jni; without it this class can't be linked, so only {@link ContentCoding} looks.
 */
final class Zstd {
    /** Its default: compresses pages in less time than gzip takes for them. */
    private static final int LEVEL = 3;

    private Zstd() {}

    static boolean isLoaded() {
        Native.load();
        return Native.isLoaded();
    }

    static OutputStream open(OutputStream sink) throws IOException {
        return new ZstdOutputStreamNoFinalizer(sink, LEVEL);
    }
}
