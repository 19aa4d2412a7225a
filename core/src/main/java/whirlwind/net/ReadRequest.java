package whirlwind.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a read waits for. Each is asked whenever bytes have come; see the methods of the stream. */
sealed interface ReadRequest<T> {
    /**
     * The result, taken out of the buffer; null if more has to come.
     *
     * @throws UnsatisfiableReadException if whatever comes won't do
     */
    @Nullable T take(ReadBuffer buffer);

    /** The same when nothing more will come. */
    default @Nullable T takeLast(ReadBuffer buffer) {
        return take(buffer);
    }

    /** Takes what has just come before it gets to the buffer, which is empty. */
    default void takeDirectly(ByteBuffer arrived) {}

    /** What is done, for messages: "reading ...". */
    @Override
    String toString();

    /** So many bytes, or with {@code partial} at least one of them. */
    record Bytes(int count, boolean partial) implements ReadRequest<byte[]> {
        @Override
        public byte @Nullable [] take(ReadBuffer buffer) {
            if (partial && !buffer.isEmpty()) {
                return buffer.take(Math.min(count, buffer.size()));
            }
            return buffer.size() >= count ? buffer.take(count) : null;
        }

        @Override
        public String toString() {
            return "reading %s%d bytes".formatted(partial ? "up to " : "", count);
        }
    }

    /** As {@link Bytes}, into a buffer of the caller's. */
    record Into(ByteBuffer target, int before, boolean partial) implements ReadRequest<Integer> {
        public Into {
            if (target.isReadOnly()) {
                throw new IllegalArgumentException("target: it is read-only");
            }
        }

        Into(ByteBuffer target, boolean partial) {
            this(target, target.remaining(), partial);
        }

        @Override
        public @Nullable Integer take(ReadBuffer buffer) {
            buffer.takeInto(target);
            int count = before - target.remaining();
            return !target.hasRemaining() || (partial && count > 0) ? count : null;
        }

        @Override
        public void takeDirectly(ByteBuffer arrived) {
            int count = Math.min(arrived.remaining(), target.remaining());
            target.put(arrived.slice(arrived.position(), count));
            arrived.position(arrived.position() + count);
        }

        @Override
        public String toString() {
            return "reading %d bytes into a buffer".formatted(before);
        }
    }

    /** Everything up to the end of a delimiter. */
    final class Until implements ReadRequest<byte[]> {
        private final byte[] delimiter;
        private final int maxBytes;
        private int searched;

        Until(byte[] delimiter, int maxBytes) {
            if (delimiter.length == 0) {
                throw new IllegalArgumentException("delimiter: empty");
            }
            this.delimiter = delimiter;
            this.maxBytes = maxBytes;
        }

        @Override
        public byte @Nullable [] take(ReadBuffer buffer) {
            int found = buffer.indexOf(delimiter, searched);
            if (found < 0) {
                checkLimit(this, buffer.size() + 1L, maxBytes);
                searched = Math.max(0, buffer.size() - delimiter.length + 1);
                return null;
            }
            checkLimit(this, (long) found + delimiter.length, maxBytes);
            return buffer.take(found + delimiter.length);
        }

        @Override
        public String toString() {
            return "reading until " + quoted(new String(delimiter, StandardCharsets.ISO_8859_1));
        }
    }

    /** Everything up to the end of the first match. */
    record UntilMatch(Pattern pattern, int maxBytes) implements ReadRequest<byte[]> {
        @Override
        public byte @Nullable [] take(ReadBuffer buffer) {
            var matcher = pattern.matcher(buffer.asCharacters());
            if (!isFound(matcher, buffer)) {
                checkLimit(this, buffer.size() + 1L, maxBytes);
                return null;
            }
            checkLimit(this, matcher.end(), maxBytes);
            return buffer.take(matcher.end());
        }

        /** Alternatives that are repeated take stack for each byte; a stranger can send many. */
        @SuppressWarnings("UnusedException") // it is a thousand times the same frame
        private boolean isFound(Matcher matcher, ReadBuffer buffer) {
            try {
                return matcher.find();
            } catch (StackOverflowError e) {
                throw new UnsatisfiableReadException(
                        "%s: looking through %d bytes took more stack than there is"
                                .formatted(this, buffer.size()));
            }
        }

        @Override
        public String toString() {
            return "reading until a match of " + quoted(pattern.pattern());
        }
    }

    /** Everything. */
    record UntilClose() implements ReadRequest<byte[]> {
        @Override
        public byte @Nullable [] take(ReadBuffer buffer) {
            return null;
        }

        @Override
        public byte[] takeLast(ReadBuffer buffer) {
            return buffer.take(buffer.size());
        }

        @Override
        public String toString() {
            return "reading until the end";
        }
    }

    private static void checkLimit(ReadRequest<?> request, long end, int maxBytes) {
        if (end > maxBytes) {
            throw new UnsatisfiableReadException(
                    "%s: not within %d bytes".formatted(request, maxBytes));
        }
    }

    private static String quoted(String text) {
        var escaped = new StringBuilder("\"");
        text.chars()
                .forEach(c -> {
                    switch (c) {
                        case '\r' -> escaped.append("\\r");
                        case '\n' -> escaped.append("\\n");
                        default -> {
                            if (c < ' ' || c > '~') {
                                escaped.append("\\x%02x".formatted(c));
                            } else {
                                escaped.append((char) c);
                            }
                        }
                    }
                });
        return escaped.append('"').toString();
    }
}
