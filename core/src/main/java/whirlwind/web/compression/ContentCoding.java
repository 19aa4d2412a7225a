package whirlwind.web.compression;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Preference;

/**
 * A way to write a response's body shorter, RFC 9110 section 8.4.1. In the order in which they are
 * preferred where the client doesn't care: the faster for the same size first.
 */
public enum ContentCoding {
    /** Zstandard, RFC 8878. */
    ZSTD("zstd") {
        @Override
        boolean isLoaded() {
            return Zstd.isLoaded();
        }

        @Override
        OutputStream wrap(OutputStream sink) throws IOException {
            return Zstd.open(sink);
        }
    },
    /** Brotli, RFC 7932. */
    BROTLI("br") {
        @Override
        boolean isLoaded() {
            return Brotli.isLoaded();
        }

        @Override
        OutputStream wrap(OutputStream sink) throws IOException {
            return Brotli.open(sink);
        }
    },
    /** The one that everybody knows, RFC 1952; at the JDK's level of 6. */
    GZIP("gzip") {
        @Override
        boolean isLoaded() {
            return true;
        }

        @Override
        OutputStream wrap(OutputStream sink) throws IOException {
            return new GZIPOutputStream(sink, BUFFER_BYTES, true);
        }
    };

    private static final int BUFFER_BYTES = 4096;

    private final String token;
    private final boolean available;

    ContentCoding(String token) {
        this.token = token;
        this.available = isThere();
    }

    /** Whether the library is on the path, with its native part for this machine. */
    private boolean isThere() {
        try {
            return isLoaded();
        } catch (LinkageError notThere) {
            return false;
        }
    }

    abstract boolean isLoaded();

    abstract OutputStream wrap(OutputStream sink) throws IOException;

    /** How headers call it. */
    public String token() {
        return token;
    }

    /** Whether this program can write it. */
    public boolean isAvailable() {
        return available;
    }

    /** Starts to compress a body. */
    public Compressor open() {
        return new Compressor(this);
    }

    /**
     * The coding that a client takes most gladly and that is available; null if it takes none of
     * them. A weight of 0 refuses a coding, and {@code *} stands for all that are not named.
     *
     * @param acceptEncoding the request's header
     */
    public static @Nullable ContentCoding choose(String acceptEncoding) {
        var preferences = Preference.parseList(acceptEncoding);
        ContentCoding best = null;
        int bestWeight = 0;
        for (var coding : values()) {
            if (coding.available) {
                int weight = Preference.weightOf(coding.token, preferences);
                if (weight > bestWeight) {
                    best = coding;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }
}
