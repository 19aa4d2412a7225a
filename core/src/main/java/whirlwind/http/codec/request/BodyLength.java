package whirlwind.http.codec.request;

import java.util.List;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;

/**
 * How long the body of a request is, RFC 9112 section 6.3. Whatever can be read in two ways is
 * refused: where a proxy in front reads it in the other one, the rest of one client's request
 * becomes the start of somebody else's.
 */
public final class BodyLength {
    /** The length of a body that comes in chunks. */
    public static final long IN_CHUNKS = -1;

    /** What fits into a long whatever the digits are. */
    private static final int MAX_DIGITS = 18;

    private BodyLength() {}

    /**
     * The length that a request announces: 0 for no body, or {@link #IN_CHUNKS}.
     *
     * @throws HttpInputException (400) if that is malformed or ambiguous; (501) for transfer
     *     codings beside chunks
     */
    static long of(HttpVersion version, Headers headers) {
        boolean coded = headers.contains("Transfer-Encoding");
        var announced = headers.get("Content-Length"); // several: with commas between them
        if (coded) {
            if (announced != null) {
                throw new HttpInputException("both Transfer-Encoding and Content-Length");
            }
            if (version == HttpVersion.HTTP_1_0) {
                throw new HttpInputException("Transfer-Encoding in HTTP/1.0");
            }
            requireChunked(headers.getList("Transfer-Encoding"));
            return IN_CHUNKS;
        }
        return announced == null ? 0 : counted(announced);
    }

    /**
     * Only a lone {@code chunked} is. Another coding before it is somebody's honest wish; anything
     * else that leaves open where the body ends is not.
     */
    private static void requireChunked(List<String> codings) {
        var coding = codings.getFirst();
        if (codings.size() == 1 && coding.equalsIgnoreCase("chunked")) {
            return;
        }
        boolean known =
                codings.size() == 1
                        && coding.matches("(?i)(gzip|x-gzip|deflate|compress), *chunked");
        throw new HttpInputException(
                known ? 501 : 400, "transfer coding " + Text.quoted(String.join(", ", codings)));
    }

    /** The same number any number of times, RFC 9110 section 8.6. */
    private static long counted(String announced) {
        int comma = announced.indexOf(',');
        if (comma < 0) {
            return number(announced.strip());
        }
        long length = number(announced.substring(0, comma).strip());
        for (var item : announced.substring(comma + 1).split(",", -1)) {
            if (number(item.strip()) != length) {
                throw new HttpInputException("several lengths: " + Text.quoted(announced));
            }
        }
        return length;
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
            throw new HttpInputException("Content-Length: " + Text.quoted(digits));
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                throw new HttpInputException("Content-Length: " + Text.quoted(digits));
            }
            number = 10 * number + (c - '0');
        }
        return number;
    }
}
