package whirlwind.realtime.sse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream of events as it comes, HTML standard section 9.2.6. Pieces may end anywhere; a
 * line is decoded when it is whole, and what is no UTF-8 in it becomes U+FFFD. What is not followed
 * by an empty line when the stream ends never was an event.
 */
final class EventParser {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** A line of usual length; longer ones make it grow, and it shrinks again. */
    private static final int USUAL_LINE = 256;

    /** More digits are no time that anybody waits. */
    private static final int RETRY_DIGITS = 12;

    /** Takes what is read. */
    interface Sink {
        /** May suspend: then no more is read. */
        void event(SseEvent event);

        /** The server says how long to wait before connecting again. */
        void retry(Duration pause);
    }

    private final Sink sink;
    private final int maxEventSize;
    private byte[] line = new byte[USUAL_LINE];
    private int lineLength;
    private boolean afterCarriageReturn;
    private boolean atStart = true;

    /** The last one that an empty line followed: the stream has told all before it. */
    private String lastEventId;

    // Of the event that is being read.
    private String name = "";
    private String id;
    private @Nullable StringBuilder data;

    /**
     * @param lastEventId what earlier streams left
     * @param maxEventSize bytes of a line, and characters of an event
     */
    EventParser(String lastEventId, int maxEventSize, Sink sink) {
        this.lastEventId = lastEventId;
        this.id = lastEventId;
        this.maxEventSize = maxEventSize;
        this.sink = sink;
    }

    /**
     * Reads on.
     *
     * @throws EventSourceException if an event gets too large
     */
    void read(byte[] piece) {
        for (byte b : piece) {
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false; // one line break
            } else if (b == '\n' || b == '\r') {
                afterCarriageReturn = b == '\r';
                endLine();
            } else {
                afterCarriageReturn = false;
                addToLine(b);
            }
        }
    }

    private void addToLine(byte b) {
        if (lineLength == line.length) {
            checkSize(lineLength + 1);
            line = Arrays.copyOf(line, (int) Math.min(2L * lineLength, maxEventSize));
        }
        line[lineLength++] = b;
    }

    private void checkSize(long size) {
        if (size > maxEventSize) {
            throw new EventSourceException(
                    "an event of more than %d bytes (maxEventSize)".formatted(maxEventSize), null);
        }
    }

    private void endLine() {
        int from = startOfLine();
        var text = new String(line, from, lineLength - from, StandardCharsets.UTF_8);
        lineLength = 0;
        if (line.length > USUAL_LINE) {
            line = new byte[USUAL_LINE];
        }
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            field(text, "");
        } else if (colon > 0) {
            boolean space = text.startsWith(" ", colon + 1);
            field(text.substring(0, colon), text.substring(colon + (space ? 2 : 1)));
        } // else it is a comment
    }

    /** A stream may begin with one byte order mark, which is no part of its first line. */
    private int startOfLine() {
        boolean marked =
                atStart
                        && lineLength >= BYTE_ORDER_MARK.length
                        && Arrays.equals(
                                line,
                                0,
                                BYTE_ORDER_MARK.length,
                                BYTE_ORDER_MARK,
                                0,
                                BYTE_ORDER_MARK.length);
        atStart = false;
        return marked ? BYTE_ORDER_MARK.length : 0;
    }

    private void field(String field, String value) {
        switch (field) {
            case "event" -> name = value;
            case "data" -> addData(value);
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                }
            }
            case "retry" -> {
                boolean digits =
                        !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
                if (digits && value.length() <= RETRY_DIGITS) {
                    sink.retry(Duration.ofMillis(Long.parseLong(value)));
                }
            }
            default -> {} // none that there is
        }
    }

    private void addData(String value) {
        var lines = data;
        if (lines == null) {
            lines = new StringBuilder(value.length());
            data = lines;
        } else {
            lines.append('\n');
        }
        checkSize((long) lines.length() + value.length());
        lines.append(value);
    }

    private void dispatch() {
        var lines = data;
        var type = name;
        data = null;
        name = "";
        lastEventId = id;
        if (lines != null) {
            sink.event(
                    SseEvent.received(
                            type.isEmpty() ? SseEvent.MESSAGE : type,
                            lines.toString(),
                            lastEventId));
        }
    }

    /** The id to go on from. */
    String lastEventId() {
        return lastEventId;
    }
}
