package whirlwind.http.codec;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * Turns the heads of responses into the fields of HTTP/2 and HTTP/3: names and values in turn. For
 * all connections of a server.
 */
final class Http2Fields {
    private static final AsciiString SERVER = AsciiString.cached("server");
    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString ALT_SVC = AsciiString.cached("alt-svc");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

    /** What is said with {@link ResponseHead}: server, date, length and where else to go. */
    private static final int MOST_ADDED = 4;

    /** About the connection, which HTTP/2 has no use for; RFC 9113 section 8.2.2. */
    private static final Set<String> LEFT_OUT =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** More names than handlers make up; those beyond are converted each time. */
    private static final int MOST_NAMES = 512;

    private final Encoding encoding;

    /** In lower case; empty for one that is left out. */
    private final Map<String, AsciiString> names = new HashMap<>();

    Http2Fields(Encoding encoding) {
        this.encoding = encoding;
    }

    /** All but the status. */
    @Nullable AsciiString[] of(ResponseHead head) {
        var fields = new AsciiString[2 * (head.headers().size() + MOST_ADDED)];
        int used = put(head.headers(), fields);
        if (head.status() >= 200) {
            used = putAdded(head, fields, used);
        }
        return cut(fields, used);
    }

    /** Those behind a body. */
    @Nullable AsciiString[] ofTrailers(Headers trailers) {
        var fields = new AsciiString[2 * trailers.size()];
        return cut(fields, put(trailers, fields));
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

    private int putAdded(ResponseHead head, @Nullable AsciiString[] fields, int start) {
        int used = start;
        var server = encoding.server();
        if (server != null && (head.given() & ResponseHead.SERVER) == 0) {
            fields[used++] = SERVER;
            fields[used++] = server;
        }
        if ((head.given() & ResponseHead.DATE) == 0) {
            fields[used++] = DATE;
            fields[used++] = encoding.date();
        }
        if ((head.given() & ResponseHead.ALT_SVC) == 0 && !encoding.altSvc().isEmpty()) {
            fields[used++] = ALT_SVC;
            fields[used++] = encoding.altSvc();
        }
        if (head.framing() == ResponseHead.Framing.LENGTH) {
            fields[used++] = CONTENT_LENGTH;
            fields[used++] = new AsciiString(Long.toString(head.length()));
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
