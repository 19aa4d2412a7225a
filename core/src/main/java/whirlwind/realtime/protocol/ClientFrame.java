package whirlwind.realtime.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.escape.MalformedJsonException;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/** What a client says. Frames with an id are answered, with the same id. */
public sealed interface ClientFrame {
    /** Names the frame for its answer; null if none is wanted. */
    @Nullable Long id();

    /** The first frame: who is it, and what version does it speak? */
    record Connect(@Nullable Long id, int version, @Nullable JsonNode token)
            implements ClientFrame {}

    /** Asks for a topic, or for all that a pattern matches; perhaps from a position on. */
    record Subscribe(@Nullable Long id, TopicPattern topic, @Nullable Position since)
            implements ClientFrame {}

    /** Enough of it. */
    record Unsubscribe(@Nullable Long id, TopicPattern topic) implements ClientFrame {}

    /** Appends to a topic. */
    record Publish(@Nullable Long id, String topic, JsonNode data) implements ClientFrame {}

    /** Who is there? */
    record Presence(@Nullable Long id, String topic) implements ClientFrame {}

    /** What was there? */
    record History(
            @Nullable Long id, String topic, @Nullable Position since, @Nullable Integer limit)
            implements ClientFrame {}

    /** Asks the application something. */
    record Request(@Nullable Long id, String name, JsonNode data) implements ClientFrame {}

    /** Answers what the application asked. */
    record Reply(Long id, JsonNode data) implements ClientFrame {}

    /** Fails to answer what the application asked. */
    record Failure(Long id, String code, String message) implements ClientFrame {}

    /** Answers a ping. */
    record Pong() implements ClientFrame {
        @Override
        public @Nullable Long id() {
            return null;
        }
    }

    /**
     * Reads one frame.
     *
     * @throws MalformedFrameException if it is none of the protocol's
     */
    static ClientFrame parse(String text) {
        try {
            return of(Json.decode(text));
        } catch (MalformedJsonException e) {
            throw new MalformedFrameException(e);
        }
    }

    /**
     * Reads one frame that is a tree already.
     *
     * @throws MalformedFrameException if it is none of the protocol's
     */
    static ClientFrame of(JsonNode json) {
        if (!json.isObject()) {
            throw new MalformedFrameException(null, "a frame is a JSON object");
        }
        var fields = new Fields(json);
        return switch (fields.text("type")) {
            case "connect" ->
                    new Connect(fields.id(), fields.number("version"), fields.optional("token"));
            case "subscribe" ->
                    new Subscribe(fields.id(), fields.pattern(), fields.position("since"));
            case "unsubscribe" -> new Unsubscribe(fields.id(), fields.pattern());
            case "publish" -> new Publish(fields.id(), fields.topic(), fields.any("data"));
            case "presence" -> new Presence(fields.id(), fields.topic());
            case "history" ->
                    new History(
                            fields.id(),
                            fields.topic(),
                            fields.position("since"),
                            fields.optionalNumber("limit"));
            case "request" -> new Request(fields.id(), fields.text("name"), fields.any("data"));
            case "reply" -> new Reply(fields.requiredId(), fields.any("data"));
            case "error" ->
                    new Failure(fields.requiredId(), fields.text("code"), fields.text("message"));
            case "pong" -> new Pong();
            default -> throw fields.malformed("type", "one of the protocol's");
        };
    }
}
