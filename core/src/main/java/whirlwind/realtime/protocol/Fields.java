package whirlwind.realtime.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/** The fields of a frame, read with complaints that a client's author understands. */
final class Fields {
    private final JsonNode frame;

    Fields(JsonNode frame) {
        this.frame = frame;
    }

    MalformedFrameException malformed(String name, String expected) {
        var id = frame.get("id");
        return new MalformedFrameException(
                id != null && id.isIntegralNumber() && id.canConvertToLong()
                        ? Long.valueOf(id.longValue())
                        : null,
                "field \"" + name + "\": expected " + expected);
    }

    @Nullable JsonNode optional(String name) {
        var value = frame.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Data may be anything, also nothing. */
    JsonNode any(String name) {
        var value = frame.get(name);
        return value == null ? NullNode.getInstance() : value;
    }

    String text(String name) {
        var value = frame.get(name);
        if (value == null || !value.isString()) {
            throw malformed(name, "a text");
        }
        return value.stringValue();
    }

    @Nullable Long id() {
        var value = optional("id");
        return value == null ? null : Long.valueOf(whole("id", value));
    }

    Long requiredId() {
        var id = id();
        if (id == null) {
            throw malformed("id", "a whole number");
        }
        return id;
    }

    int number(String name) {
        var value = optionalNumber(name);
        if (value == null) {
            throw malformed(name, "a whole number");
        }
        return value;
    }

    @Nullable Integer optionalNumber(String name) {
        var value = optional(name);
        if (value == null) {
            return null;
        }
        long number = whole(name, value);
        return Integer.valueOf(Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private long whole(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw malformed(name, "a whole number");
        }
        return value.longValue();
    }

    String topic() {
        var pattern = pattern();
        if (!pattern.isTopic()) {
            throw malformed("topic", "one topic, not a pattern");
        }
        return pattern.text();
    }

    TopicPattern pattern() {
        try {
            return new TopicPattern(text("topic"));
        } catch (IllegalArgumentException e) {
            throw malformed("topic", "a topic or pattern: " + e.getMessage());
        }
    }

    @Nullable Position position(String name) {
        var value = optional(name);
        if (value == null) {
            return null;
        }
        var epoch = value.get("epoch");
        var offset = value.get("offset");
        boolean valid =
                epoch != null
                        && epoch.isString()
                        && offset != null
                        && offset.isIntegralNumber()
                        && offset.canConvertToLong()
                        && offset.longValue() >= 0;
        if (!valid) {
            throw malformed(name, "{\"epoch\":text,\"offset\":whole number from 0}");
        }
        return new Position(epoch.stringValue(), offset.longValue());
    }
}
