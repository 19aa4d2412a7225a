package whirlwind.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;
import whirlwind.escape.Utf8;

/**
 * Reads a {@code multipart/form-data} body, RFC 7578 over RFC 2046 section 5.1, in one pass.
 * Stricter than RFC 2046: the first boundary stands at the very start, for no form sends a
 * preamble. What follows the last boundary is ignored.
 */
final class Multipart {
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

    private final byte[] body;
    private final byte[] delimiter; // CRLF, two dashes, boundary
    private final Charset charset;
    private final FormLimits limits;
    private final Map<String, List<String>> arguments = new LinkedHashMap<>();
    private final Map<String, List<HttpFile>> files = new LinkedHashMap<>();

    Multipart(String boundary, byte[] body, Charset charset, FormLimits limits) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.charset = charset;
        this.limits = limits;
    }

    FormData read() {
        int firstLength = delimiter.length - 2; // the first has no line before it to end
        if (!startsWith(0, delimiter, 2) || endOfDelimiter(firstLength) < 0) {
            throw malformed("does not start with its boundary");
        }
        int at = firstLength;
        for (int parts = 1; !isLast(at); parts++) {
            if (parts > limits.maxParts()) {
                throw new HttpInputException(
                        413, "multipart/form-data has more than " + limits.maxParts() + " parts");
            }
            at = part(endOfDelimiter(at));
        }
        return new FormData(Forms.frozen(arguments), Forms.frozen(files));
    }

    /** Reads the part at {@code start} and returns the index behind the boundary that ends it. */
    private int part(int start) {
        int headersEnd = headersEnd(start);
        int valueStart = headersEnd + HEADERS_END.length;
        int valueEnd = indexOfDelimiter(valueStart);
        store(headers(start, headersEnd), valueStart, valueEnd);
        return valueEnd + delimiter.length;
    }

    private int headersEnd(int start) {
        int limit =
                (int)
                        Math.min(
                                body.length,
                                (long) start + limits.maxPartHeaderBytes() + HEADERS_END.length);
        for (int i = start; i + HEADERS_END.length <= limit; i++) {
            if (startsWith(i, HEADERS_END, 0)) {
                return i;
            }
        }
        if (limit < body.length) {
            throw new HttpInputException(
                    413,
                    "multipart/form-data part header has more than "
                            + limits.maxPartHeaderBytes()
                            + " bytes");
        }
        throw malformed("part without headers");
    }

    /** Unlike a message's, a part's headers are UTF-8: RFC 7578 section 5.1.2. */
    private Headers headers(int start, int end) {
        var headers = new Headers();
        for (var line : text(start, end, StandardCharsets.UTF_8).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0 || !Grammar.isToken(line.substring(0, colon)) || hasControl(line)) {
                throw malformed("part header " + Text.quoted(line));
            }
            headers.addTrusted(
                    line.substring(0, colon), Grammar.trim(line, colon + 1, line.length()));
        }
        return headers;
    }

    private static boolean hasControl(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F) {
                return true;
            }
        }
        return false;
    }

    private void store(Headers headers, int start, int end) {
        var disposition = HeaderValue.parse(headers.get("Content-Disposition", ""));
        if (!disposition.value().equalsIgnoreCase("form-data")) {
            throw malformed("part with disposition " + Text.quoted(disposition.value()));
        }
        var name = disposition.parameter("name");
        if (name == null || name.isEmpty()) {
            throw malformed("part without a name");
        }
        var filename = disposition.parameter("filename");
        // A browser sends an empty file name for a file field that was left empty: as good as an
        // empty text.
        if (filename == null || filename.isEmpty()) {
            Forms.gather(arguments, name, text(start, end, charset));
        } else {
            var contentType = headers.get("Content-Type", "application/unknown");
            Forms.gather(
                    files,
                    name,
                    new HttpFile(filename, contentType, Arrays.copyOfRange(body, start, end)));
        }
    }

    private String text(int start, int end, Charset charset) {
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return new String(body, start, end - start, charset);
        }
        try {
            return Utf8.decode(body, start, end - start);
        } catch (MalformedTextException notText) {
            throw new HttpInputException(
                    400, "multipart/form-data: part has " + notText.getMessage(), notText);
        }
    }

    private int indexOfDelimiter(int from) {
        // Linear: the delimiter has one CR, at its start, so that failed attempts do not overlap.
        for (int i = from; i + delimiter.length + 2 <= body.length; i++) {
            if (body[i] == '\r'
                    && startsWith(i, delimiter, 0)
                    && endOfDelimiter(i + delimiter.length) >= 0) {
                return i;
            }
        }
        throw malformed("last boundary is missing");
    }

    /**
     * Behind a boundary at {@code at} comes two dashes or a line end, else it is only the start of
     * another word: -1.
     */
    private int endOfDelimiter(int at) {
        if (at + 2 > body.length) {
            return -1;
        }
        boolean lineEnd = body[at] == '\r' && body[at + 1] == '\n';
        return lineEnd || isLast(at) ? at + 2 : -1;
    }

    private boolean isLast(int at) {
        return body[at] == '-' && body[at + 1] == '-';
    }

    private boolean startsWith(int at, byte[] word, int from) {
        int length = word.length - from;
        return at + length <= body.length
                && Arrays.equals(body, at, at + length, word, from, word.length);
    }

    private static HttpInputException malformed(String what) {
        return new HttpInputException("multipart/form-data: " + what);
    }
}
