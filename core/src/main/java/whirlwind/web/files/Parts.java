package whirlwind.web.files;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import whirlwind.http.ContentRange;

/** Several ranges as one body, {@code multipart/byteranges}: RFC 9110 section 14.6. */
final class Parts {
    private final String boundary =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final String contentType;
    private final List<ContentRange> ranges;

    /** With the type of the whole. */
    Parts(String contentType, List<ContentRange> ranges) {
        this.contentType = contentType;
        this.ranges = ranges;
    }

    List<ContentRange> ranges() {
        return ranges;
    }

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /** What stands before a part. */
    byte[] head(ContentRange range) {
        var text =
                "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                        .formatted(boundary, contentType, range);
        return text.getBytes(US_ASCII);
    }

    /** What stands after the last one. */
    byte[] end() {
        return ("\r\n--" + boundary + "--\r\n").getBytes(US_ASCII);
    }

    /** Of the whole body. */
    long length() {
        return end().length + ranges.stream().mapToLong(r -> head(r).length + r.length()).sum();
    }
}
