package whirlwind.http.codec;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names that most messages have, spelt as most programs spell them, each made once: a name that
 * is known costs a comparison instead of two copies.
 */
public final class HeaderNames {
    private static final int SIZE = 256;
    private static final @Nullable AsciiString[] KNOWN = new @Nullable AsciiString[SIZE];

    static {
        var names =
                """
                Host Connection User-Agent Accept Accept-Encoding Accept-Language Cookie Referer
                Content-Type Content-Length Origin Cache-Control Pragma Upgrade Authorization
                If-None-Match If-Modified-Since Transfer-Encoding Expect Range Via Forwarded
                X-Forwarded-For X-Forwarded-Proto X-Real-Ip X-Scheme X-Requested-With X-Xsrftoken
                Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Extensions
                Sec-WebSocket-Protocol Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest
                Upgrade-Insecure-Requests Keep-Alive DNT TE
                Server Date Content-Encoding Location Set-Cookie ETag Last-Modified Vary Expires
                Age Accept-Ranges Content-Disposition Content-Range WWW-Authenticate Allow Link
                """;
        for (var name : names.split("\\s+")) {
            add(name);
            add(
                    AsciiString.cached(name)
                            .toLowerCase()
                            .toString()); // some proxies and HTTP libraries
        }
    }

    private HeaderNames() {}

    private static void add(String name) {
        var ascii =
                AsciiString.cached(name.intern()); // so that it is the one that programs ask for
        int slot = slot(ascii.array(), ascii.arrayOffset(), ascii.length());
        if (KNOWN[slot] == null) { // one of two that collide is simply not known
            KNOWN[slot] = ascii;
        }
    }

    /** The known name that stands there, or null. */
    public static @Nullable AsciiString find(byte[] bytes, int start, int length) {
        if (length == 0) {
            return null;
        }
        var name = KNOWN[slot(bytes, start, length)];
        return name != null
                        && Arrays.equals(
                                name.array(),
                                name.arrayOffset(),
                                name.arrayOffset() + name.length(),
                                bytes,
                                start,
                                start + length)
                ? name
                : null;
    }

    /** Whether a byte may stand in a name, RFC 9110 section 5.6.2. */
    public static boolean isTokenByte(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= '^' && b <= 'z')
                || "!#$%&'*+-.|~".indexOf(b) >= 0;
    }

    private static int slot(byte[] bytes, int start, int length) {
        int mixed =
                31 * (31 * length + bytes[start])
                        + 7 * bytes[start + length - 1]
                        + bytes[start + length / 2];
        return mixed & (SIZE - 1);
    }
}
