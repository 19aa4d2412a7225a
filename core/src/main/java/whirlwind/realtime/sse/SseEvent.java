package whirlwind.realtime.sse;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;

/**
 * One event. It is encoded when it is first sent, and once, to however many streams it goes.
 * Immutable; any thread may make one and hand it on.
 */
public final class SseEvent {
    /** The name of an event that has no other: a page hears it with {@code onmessage}. */
    public static final String MESSAGE = "message";

    private final String name;
    private final String data;
    private final @Nullable String id;

    /** Null before it is first sent. Written by any thread, always with the same bytes. */
    private byte @Nullable [] encoded;

    private SseEvent(String name, String data, @Nullable String id) {
        this.name = name;
        this.data = data;
        this.id = id;
    }

    /**
     * An event with this text. CRLF and CR in it arrive as LF, for the format knows lines only; all
     * else arrives as it is.
     */
    public static SseEvent of(String data) {
        return new SseEvent(MESSAGE, Objects.requireNonNull(data, "data"), null);
    }

    /** An event with a value as JSON. */
    public static SseEvent ofJson(@Nullable Object value) {
        return of(Json.encode(value));
    }

    /**
     * This event under another name: a page hears it with {@code addEventListener(name, ...)}.
     *
     * @throws IllegalArgumentException if it is empty or has a line break
     */
    public SseEvent withName(String name) {
        if (name.isEmpty() || hasLineBreak(name)) {
            throw new IllegalArgumentException("name of an event: empty, or with a line break");
        }
        return new SseEvent(name, data, id);
    }

    /**
     * This event with an id: a client that has lost the stream asks for what came after the last id
     * that it heard, see {@link SseStream#lastEventId}. An empty one makes it forget the last.
     *
     * @throws IllegalArgumentException if it has a line break or the character NUL, which clients
     *     ignore
     */
    public SseEvent withId(String id) {
        if (hasLineBreak(id) || id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("id of an event: with a line break, or NUL");
        }
        return new SseEvent(name, data, id);
    }

    /** With a number as id. */
    public SseEvent withId(long id) {
        return withId(Long.toString(id));
    }

    /** What a client heard: the last id may have come with an earlier event. */
    static SseEvent received(String name, String data, String lastId) {
        return new SseEvent(name, data, lastId);
    }

    private static boolean hasLineBreak(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    /** Its name; {@link #MESSAGE} if it was given none. */
    public String name() {
        return name;
    }

    /** Its text. */
    public String data() {
        return data;
    }

    /**
     * Its id, null for none. Of an event that an {@link EventSource} received it is the last id
     * that the stream had told, perhaps with an earlier event; empty for none.
     */
    public @Nullable String id() {
        return id;
    }

    /** As the stream has it. Not to be changed. */
    byte[] encoded() {
        var known = encoded;
        if (known == null) {
            known = encode().getBytes(StandardCharsets.UTF_8);
            encoded = known;
        }
        return known;
    }

    private String encode() {
        var out = new StringBuilder(data.length() + 32);
        if (!name.equals(MESSAGE)) {
            out.append("event: ").append(name).append('\n');
        }
        if (id != null) {
            out.append("id: ").append(id).append('\n');
        }
        appendData(out);
        return out.append('\n').toString();
    }

    private void appendData(StringBuilder out) {
        int start = 0;
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c == '\n' || c == '\r') {
                out.append("data: ").append(data, start, i).append('\n');
                i += c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        out.append("data: ").append(data, start, data.length()).append('\n');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SseEvent event
                && name.equals(event.name)
                && data.equals(event.data)
                && Objects.equals(id, event.id);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, data, id);
    }

    @Override
    public String toString() {
        return "SseEvent[%s, %s, id %s]".formatted(name, data, id);
    }
}
