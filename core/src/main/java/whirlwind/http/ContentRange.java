package whirlwind.http;

/**
 * Which bytes of how many a 206 response holds, RFC 9110 section 14.4; {@link #toString} is the
 * value of its {@code Content-Range} header.
 *
 * @param first index of the first byte
 * @param last index of the last byte, which belongs to it
 * @param total how many bytes there are in all
 */
public record ContentRange(long first, long last, long total) {
    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException unless 0 &lt;= first &lt;= last &lt; total
     */
    public ContentRange {
        if (first < 0 || first > last || last >= total) {
            throw new IllegalArgumentException(
                    "content range: bytes %d to %d of %d".formatted(first, last, total));
        }
    }

    /** How many bytes are in the range. */
    public long length() {
        return last - first + 1;
    }

    /** Whether the range is all there is, so that 200 says it better. */
    public boolean isWhole() {
        return length() == total;
    }

    /** The {@code Content-Range} of a 416 response. */
    public static String unsatisfied(long total) {
        return "bytes */" + total;
    }

    /** {@code bytes 0-99/1000}. */
    @Override
    public String toString() {
        return "bytes " + first + "-" + last + "/" + total;
    }
}
