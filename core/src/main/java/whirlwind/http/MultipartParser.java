package whirlwind.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;
import whirlwind.escape.Utf8;

/**
 * Reads a {@code multipart/form-data} body, RFC 7578 over RFC 2046 section 5.1, piece by piece and
 * in one pass. Stricter than RFC 2046: the first boundary stands at the very start, for no form
 * sends a preamble. What follows the last boundary is ignored.
 */
final class MultipartParser {
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] NOTHING = {};

    /** What is told of the parts, in their order. */
    interface Parts {
        /**
         * A part begins.
         *
         * @param filename null for a text
         */
        void begin(String name, @Nullable String filename, String contentType);

        /** The next bytes of the part; they stay the parser's. */
        void content(byte[] bytes, int start, int end);

        /** The part is whole. */
        void end();
    }

    private enum State {
        START,
        HEADERS,
        CONTENT,
        EPILOGUE
    }

    private final byte[] delimiter; // CRLF, two dashes, boundary
    private final FormLimits limits;
    private final Parts parts;

    private State state = State.START;
    private int count;

    /** What was added and not used yet, from {@code start} to {@code end}. */
    private byte[] bytes = NOTHING;

    private int start;
    private int end;

    /** Up to here no end of a part's headers was found. */
    private int scanned;

    MultipartParser(String boundary, FormLimits limits, Parts parts) {
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.limits = limits;
        this.parts = parts;
    }

    /**
     * Takes the next piece of the body, which is not changed and not copied if it can be used up.
     */
    void add(byte[] piece) {
        if (start == end) {
            bytes = piece;
            start = 0;
            scanned = 0;
            end = piece.length;
        } else {
            append(piece);
        }
        boolean goesOn = true;
        while (goesOn) {
            goesOn =
                    switch (state) {
                        case START -> firstBoundary();
                        case HEADERS -> headers();
                        case CONTENT -> content();
                        case EPILOGUE -> epilogue();
                    };
        }
    }

    /** There is no more. */
    void end() {
        switch (state) {
            case START -> throw malformed("does not start with its boundary");
            case HEADERS -> throw malformed("part without headers");
            case CONTENT -> throw malformed("last boundary is missing");
            case EPILOGUE -> {}
        }
    }

    /** Twice the room that is needed, so that many small pieces are not copied again and again. */
    private void append(byte[] piece) {
        int left = end - start;
        if (end + piece.length > bytes.length) {
            var larger = new byte[2 * (left + piece.length)];
            System.arraycopy(bytes, start, larger, 0, left);
            bytes = larger;
            scanned -= start;
            start = 0;
            end = left;
        }
        System.arraycopy(piece, 0, bytes, end, piece.length);
        end += piece.length;
    }

    private boolean firstBoundary() {
        int length = delimiter.length - 2; // it has no line before it to end
        if (end - start < length + 2) {
            return false;
        }
        if (!Arrays.equals(bytes, start, start + length, delimiter, 2, delimiter.length)
                || !endsDelimiter(start + length)) {
            throw malformed("does not start with its boundary");
        }
        behindBoundary(start + length);
        return true;
    }

    private void behindBoundary(int at) {
        if (bytes[at] == '-') {
            state = State.EPILOGUE;
        } else if (++count > limits.maxParts()) {
            throw new HttpInputException(
                    413, "multipart/form-data has more than " + limits.maxParts() + " parts");
        } else {
            state = State.HEADERS;
        }
        start = at + 2;
        scanned = start;
    }

    private boolean headers() {
        long most = (long) limits.maxPartHeaderBytes() + HEADERS_END.length;
        int limit = (int) Math.min(end, start + most);
        for (int i = scanned; i + HEADERS_END.length <= limit; i++) {
            if (startsWith(i, HEADERS_END)) {
                begin(headers(start, i));
                start = i + HEADERS_END.length;
                state = State.CONTENT;
                return true;
            }
        }
        if (limit < end) {
            throw new HttpInputException(
                    413,
                    "multipart/form-data part header has more than "
                            + limits.maxPartHeaderBytes()
                            + " bytes");
        }
        scanned = Math.max(scanned, end - HEADERS_END.length + 1);
        return false;
    }

    /** Unlike a message's, a part's headers are UTF-8: RFC 7578 section 5.1.2. */
    private Headers headers(int from, int to) {
        var headers = new Headers();
        for (var line : text(from, to).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0 || !Grammar.isToken(line.substring(0, colon)) || hasControl(line)) {
                throw malformed("part header " + Text.quoted(line));
            }
            headers.addTrusted(
                    line.substring(0, colon), Grammar.trim(line, colon + 1, line.length()));
        }
        return headers;
    }

    private String text(int from, int to) {
        try {
            return Utf8.decode(bytes, from, to - from);
        } catch (MalformedTextException notText) {
            throw new HttpInputException(
                    400, "multipart/form-data: part has " + notText.getMessage(), notText);
        }
    }

    private static boolean hasControl(String line) {
        return line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
    }

    private void begin(Headers headers) {
        var disposition = HeaderValue.parse(headers.get("Content-Disposition", ""));
        if (!disposition.value().equalsIgnoreCase("form-data")) {
            throw malformed("part with disposition " + Text.quoted(disposition.value()));
        }
        var name = disposition.parameter("name");
        if (name == null || name.isEmpty()) {
            throw malformed("part without a name");
        }
        // A browser sends an empty file name for a file field that was left empty: as good as an
        // empty text.
        var filename = disposition.parameter("filename");
        parts.begin(
                name,
                filename == null || filename.isEmpty() ? null : filename,
                headers.get("Content-Type", "application/unknown"));
    }

    private boolean content() {
        int lastWhole = end - delimiter.length - 2;
        // Linear: the delimiter has one CR, at its start, so that failed attempts do not overlap.
        for (int i = start; i <= lastWhole; i++) {
            if (bytes[i] == '\r'
                    && startsWith(i, delimiter)
                    && endsDelimiter(i + delimiter.length)) {
                parts.content(bytes, start, i);
                parts.end();
                behindBoundary(i + delimiter.length);
                return true;
            }
        }
        int sure = Math.max(start, lastWhole + 1);
        if (sure > start) {
            parts.content(bytes, start, sure);
            start = sure;
        }
        return false;
    }

    private boolean epilogue() {
        start = end;
        return false;
    }

    /**
     * Behind a boundary come two dashes or a line end, else it is only the start of another word.
     */
    private boolean endsDelimiter(int at) {
        return (bytes[at] == '\r' && bytes[at + 1] == '\n')
                || (bytes[at] == '-' && bytes[at + 1] == '-');
    }

    private boolean startsWith(int at, byte[] word) {
        return at + word.length <= end
                && Arrays.equals(bytes, at, at + word.length, word, 0, word.length);
    }

    private static HttpInputException malformed(String what) {
        return new HttpInputException("multipart/form-data: " + what);
    }
}
