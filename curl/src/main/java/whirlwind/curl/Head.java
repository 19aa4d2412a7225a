package whirlwind.curl;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;

/** The head of a response, line by line; those of interim responses (1xx) are dropped. */
final class Head {
    private static final String HTTP2 = "HTTP/2 ";

    private final int maxSize;
    private @Nullable ResponseStartLine startLine;
    private Headers headers = new Headers();
    private final Headers trailers = new Headers();
    private int size;
    private boolean complete;

    Head(int maxSize) {
        this.maxSize = maxSize;
    }

    /**
     * Whether the final head is there; lines that come then are {@linkplain #addTrailer trailers}.
     */
    boolean isComplete() {
        return complete;
    }

    ResponseStartLine startLine() {
        return Objects.requireNonNull(startLine);
    }

    Headers headers() {
        return headers;
    }

    Headers trailers() {
        return trailers;
    }

    /** Takes a line of the trailer, which may be no longer than the head. */
    void addTrailer(String line) {
        count(line);
        if (!line.isEmpty()) {
            trailers.addLine(line);
        }
    }

    private void count(String line) {
        size += line.length() + 2;
        if (size > maxSize) {
            throw new HttpInputException(
                    431, "header fields: " + size + " bytes (at most " + maxSize + ")");
        }
    }

    /** Whether this line completes the final head. */
    boolean add(String line) {
        count(line);
        if (startLine == null) {
            startLine = parse(line);
        } else if (!line.isEmpty()) {
            headers.addLine(line);
        } else if (startLine.code() == 101) {
            throw new HttpInputException("switched to a protocol that nobody asked for");
        } else if (startLine.code() < 200) {
            startLine = null;
            headers = new Headers();
            size = 0;
        } else {
            complete = true;
            size = 0;
            checkFraming();
        }
        return complete;
    }

    private static ResponseStartLine parse(String line) {
        if (!line.startsWith(HTTP2)) {
            return ResponseStartLine.parse(line);
        }
        var likeHttp1 = "HTTP/1.1 " + line.substring(HTTP2.length());
        return new ResponseStartLine(
                HttpVersion.HTTP_2, ResponseStartLine.parse(likeHttp1).code(), "");
    }

    /** RFC 9112 section 6: libcurl reads on where lengths contradict each other; we don't. */
    private void checkFraming() {
        if (startLine().version() == HttpVersion.HTTP_2) {
            return;
        }
        var coding = headers.get("Transfer-Encoding");
        if (coding != null) {
            checkCoding(coding);
        }
        var lengths = headers.getList("Content-Length");
        if (!lengths.isEmpty()) {
            checkLengths(lengths);
        }
    }

    private void checkCoding(String coding) {
        if (!coding.equalsIgnoreCase("chunked")) {
            throw new HttpInputException("transfer coding other than chunked: " + coding);
        }
        if (headers.contains("Content-Length")) {
            throw new HttpInputException("both Transfer-Encoding and Content-Length");
        }
        if (startLine().code() == 204) {
            throw new HttpInputException("204 with a Transfer-Encoding");
        }
    }

    private void checkLengths(List<String> lengths) {
        long length = -1;
        for (var value : String.join(",", lengths).split(",", -1)) {
            long one = length(value.strip());
            if (length >= 0 && one != length) {
                throw new HttpInputException("Content-Length is both " + length + " and " + one);
            }
            length = one;
        }
        if (startLine().code() == 204 && length > 0) {
            throw new HttpInputException("204 with a Content-Length of " + length);
        }
        headers.set("Content-Length", String.valueOf(length));
    }

    private static long length(String text) {
        if (text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new HttpInputException("Content-Length: '" + text + "' is no number");
        }
        return Long.parseLong(text);
    }
}
