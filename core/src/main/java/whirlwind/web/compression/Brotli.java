package whirlwind.web.compression;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The library brotli4j; without it this class can't be linked, so only {@link ContentCoding} looks.
 */
final class Brotli {
    /**
     * Compresses pages in about the time that gzip takes for them; 11, its default, is for files.
     */
    private static final int QUALITY = 4;

    private Brotli() {}

    static boolean isLoaded() {
        return Brotli4jLoader.isAvailable();
    }

    static OutputStream open(OutputStream sink) throws IOException {
        return new BrotliOutputStream(sink, new Encoder.Parameters().setQuality(QUALITY));
    }
}
