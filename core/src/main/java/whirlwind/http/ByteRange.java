package whirlwind.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a representation that a {@code Range} header asks for, RFC 9110 section 14, or one of
 * several such parts.
 */
public sealed interface ByteRange {
    /** So many ranges are taken from one header; who wants more wants to make work. */
    int MAX_RANGES = 16;

    /**
     * From one byte to another.
     *
     * @param first index of the first byte
     * @param last index of the last byte, which belongs to it; {@code Long.MAX_VALUE} for the end
     */
    record Between(long first, long last) implements ByteRange {}

    /**
     * The end.
     *
     * @param length how many bytes of it
     */
    record Suffix(long length) implements ByteRange {}

    /**
     * Reads a {@code Range} header: {@code bytes=0-99}, {@code bytes=100-}, {@code bytes=-100}. A
     * number beyond a long stands for the largest.
     *
     * @return null if it is to be ignored and the whole sent: another unit, several ranges, or
     *     malformed
     */
    static @Nullable ByteRange parse(String header) {
        int equals = header.indexOf('=');
        if (equals < 0 || !Grammar.trim(header, 0, equals).equalsIgnoreCase("bytes")) {
            return null;
        }
        var range = Grammar.trim(header, equals + 1, header.length());
        int dash = range.indexOf('-');
        if (dash < 0) {
            return null;
        }
        var first = Grammar.trim(range, 0, dash);
        var last = Grammar.trim(range, dash + 1, range.length());
        if (!isNumber(first) || !isNumber(last) || (first.isEmpty() && last.isEmpty())) {
            return null;
        }
        return first.isEmpty()
                ? new Suffix(number(last))
                : new Between(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last));
    }

    /**
     * Reads a {@code Range} header of one or several ranges: {@code bytes=0-99, 200-299}.
     *
     * @return in their order; empty if the header is to be ignored and the whole sent: another
     *     unit, malformed, or more than {@link #MAX_RANGES}
     */
    static List<ByteRange> parseSet(String header) {
        int equals = header.indexOf('=');
        if (equals < 0 || header.chars().filter(c -> c == ',').count() >= MAX_RANGES) {
            return List.of();
        }
        var unit = header.substring(0, equals + 1);
        var ranges = new ArrayList<ByteRange>(1);
        for (var piece : header.substring(equals + 1).split(",", -1)) {
            if (piece.isBlank()) {
                continue; // RFC 9110 section 5.6.1: empty elements of a list count for nothing
            }
            var range = parse(unit + piece);
            if (range == null) {
                return List.of();
            }
            ranges.add(range);
        }
        return ranges;
    }

    /** Digits only, perhaps none. */
    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * This range of something that has {@code total} bytes, its end cut to fit.
     *
     * @return null if no byte is in it, which is answered with 416 and {@link
     *     ContentRange#unsatisfied}; also if it ends before it begins, as Tornado does, where RFC
     *     9110 section 14.2 leaves the choice between that and sending the whole
     */
    default @Nullable ContentRange of(long total) {
        long first =
                switch (this) {
                    case Between between -> between.first();
                    case Suffix suffix -> Math.max(0, total - suffix.length());
                };
        long last =
                this instanceof Between between ? Math.min(between.last(), total - 1) : total - 1;
        return first > last ? null : new ContentRange(first, last, total);
    }
}
