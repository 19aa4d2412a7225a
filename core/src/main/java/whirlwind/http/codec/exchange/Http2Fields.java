package whirlwind.http.codec.exchange;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * Turns the fields of responses into those of HTTP/2 and HTTP/3: names and values in turn. For all
 * connections of a server.
 */
public final class Http2Fields {
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

    /** What is said besides what a handler gives: the server's fields and the length. */
    private static final int MOST_ADDED = ServerFields.MOST + 1;

    /** About the connection, which HTTP/2 has no use for; RFC 9113 section 8.2.2. */
    private static final Set<String> LEFT_OUT =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** More names than handlers make up; those beyond are converted each time. */
    private static final int MOST_NAMES = 512;

    private final ServerFields server;

    /** In lower case; empty for one that is left out. */
    private final Map<String, AsciiString> names = new HashMap<>();

    Http2Fields(ServerFields server) {
        this.server = server;
    }

    /**
     * Those of a response, but for the status.
     *
     * @param given what {@code headers} has of the {@link GivenFields}
     * @param length to be added; negative: none is
     */
    public @Nullable AsciiString[] ofResponse(Headers headers, int given, int length) {
        var fields = new AsciiString[2 * (headers.size() + MOST_ADDED)];
        int used = server.put(given, fields, put(headers, fields));
        if (length >= 0) {
            fields[used++] = CONTENT_LENGTH;
            fields[used++] = new AsciiString(Integer.toString(length));
        }
        return cut(fields, used);
    }

    /** Those of an interim response, or behind a body: nothing is added. */
    public @Nullable AsciiString[] of(Headers headers) {
        var fields = new AsciiString[2 * headers.size()];
        return cut(fields, put(headers, fields));
    }

    private static @Nullable AsciiString[] cut(@Nullable AsciiString[] fields, int used) {
        return used == fields.length ? fields : Arrays.copyOf(fields, used);
    }

    private int put(Headers headers, @Nullable AsciiString[] fields) {
        int used = 0;
        for (int i = 0; i < headers.size(); i++) {
            var name = nameOf(headers.nameAt(i));
            if (!name.isEmpty()) {
                fields[used++] = name;
                fields[used++] = new AsciiString(headers.valueAt(i));
            }
        }
        return used;
    }

    private AsciiString nameOf(String name) {
        var known = names.get(name);
        if (known != null) {
            return known;
        }
        var lower = name.toLowerCase(Locale.ROOT);
        var made = LEFT_OUT.contains(lower) ? AsciiString.EMPTY_STRING : new AsciiString(lower);
        if (names.size() < MOST_NAMES) {
            names.put(name, made);
        }
        return made;
    }
}
