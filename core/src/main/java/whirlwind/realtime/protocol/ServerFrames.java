package whirlwind.realtime.protocol;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;

/** What the server says. Data of applications comes in as JSON already and goes out unchanged. */
public final class ServerFrames {
    /** The version of the protocol. */
    public static final int VERSION = 1;

    /** Asks for a sign of life. */
    public static final Frame PING = new Writer("ping").end();

    private ServerFrames() {}

    /** Welcome. */
    public static Frame connected(
            @Nullable Long id, String session, String user, long heartbeatMillis) {
        return new Writer("connected")
                .id(id)
                .number("version", VERSION)
                .text("session", session)
                .text("user", user)
                .number("heartbeat", heartbeatMillis)
                .end();
    }

    /**
     * The subscription holds.
     *
     * @param position where the stream begins; null for a pattern
     * @param recovered whether the client's position was honoured; null if it had none
     */
    public static Frame subscribed(
            @Nullable Long id,
            TopicPattern topic,
            @Nullable Position position,
            @Nullable Boolean recovered) {
        var writer = new Writer("subscribed").id(id).text("topic", topic.text());
        if (position != null) {
            writer.position(position);
        }
        if (recovered != null) {
            writer.json("recovered", recovered.toString());
        }
        return writer.end();
    }

    /** The subscription has ended, as asked. */
    public static Frame unsubscribed(@Nullable Long id, TopicPattern topic) {
        return new Writer("unsubscribed").id(id).text("topic", topic.text()).end();
    }

    /** The server has ended the subscription. */
    public static Frame unsubscribed(TopicPattern topic, String code, String message) {
        return new Writer("unsubscribed")
                .text("topic", topic.text())
                .text("code", code)
                .text("message", message)
                .end();
    }

    /** It was published. */
    public static Frame published(@Nullable Long id, String topic, Position position) {
        return new Writer("published").id(id).text("topic", topic).position(position).end();
    }

    /**
     * Who is there.
     *
     * @param members some of them, or all
     * @param count of all
     */
    public static Frame presence(@Nullable Long id, String topic, List<Member> members, int count) {
        return new Writer("presence")
                .id(id)
                .text("topic", topic)
                .number("count", count)
                .list(
                        "members",
                        members,
                        (out, m) -> member(out, m).number("connections", m.connections()))
                .end();
    }

    /** What was there. */
    public static Frame history(@Nullable Long id, String topic, HistoryPage page) {
        return new Writer("history")
                .id(id)
                .text("topic", topic)
                .position(page.position())
                .json("complete", Boolean.toString(page.complete()))
                .list("messages", page.publications(), ServerFrames::content)
                .end();
    }

    /** An answer of the application. */
    public static Frame reply(@Nullable Long id, String json) {
        return new Writer("reply").id(id).json("data", json).end();
    }

    /** No, and why. */
    public static Frame error(@Nullable Long id, String code, String message) {
        return new Writer("error").id(id).text("code", code).text("message", message).end();
    }

    /**
     * Something was published.
     *
     * @param pattern the subscription by which the client gets it, if that is a pattern
     */
    public static Frame message(Publication publication, @Nullable TopicPattern pattern) {
        var writer = new Writer("message").text("topic", publication.topic());
        if (pattern != null) {
            writer.text("pattern", pattern.text());
        }
        return content(writer, publication).end();
    }

    private static Writer content(Writer writer, Publication publication) {
        writer.number("offset", publication.offset())
                .number("time", publication.time().toEpochMilli());
        if (publication.publisher() != null) {
            writer.text("user", publication.publisher());
        }
        return writer.json("data", publication.json());
    }

    /** Something for this client alone. */
    public static Frame message(String json) {
        return new Writer("message").json("data", json).end();
    }

    /** What lies between the last message and this position is lost to the client. */
    public static Frame lost(String topic, Position position) {
        return new Writer("lost").text("topic", topic).position(position).end();
    }

    /** Somebody came. */
    public static Frame join(String topic, Member member) {
        return presenceEvent("join", topic, member);
    }

    /** Somebody went. */
    public static Frame leave(String topic, Member member) {
        return presenceEvent("leave", topic, member);
    }

    private static Frame presenceEvent(String type, String topic, Member member) {
        return new Writer(type)
                .text("topic", topic)
                .object("member", out -> member(out, member))
                .end();
    }

    private static Writer member(Writer writer, Member member) {
        writer.text("user", member.user());
        return member.info() == null ? writer : writer.json("info", member.info());
    }

    /** The application asks the client something. */
    public static Frame request(long id, String json) {
        return new Writer("request").id(id).json("data", json).end();
    }

    /**
     * Good-bye.
     *
     * @param afterMillis how long the client waits before it comes again; negative: as it likes
     */
    public static Frame disconnect(
            String code, String message, boolean reconnect, long afterMillis) {
        var writer =
                new Writer("disconnect")
                        .text("code", code)
                        .text("message", message)
                        .json("reconnect", Boolean.toString(reconnect));
        if (afterMillis >= 0) {
            writer.number("after", afterMillis);
        }
        return writer.end();
    }

    /** Puts an object together. */
    private static final class Writer {
        private interface Part<T> {
            void write(Writer out, T part);
        }

        private final StringBuilder out;

        Writer(String type) {
            out = new StringBuilder(128).append("{\"type\":\"").append(type).append('"');
        }

        private StringBuilder name(String name) {
            if (out.charAt(out.length() - 1) != '{') {
                out.append(',');
            }
            return out.append('"').append(name).append("\":");
        }

        Writer id(@Nullable Long id) {
            return id == null ? this : number("id", id);
        }

        Writer number(String name, long value) {
            name(name).append(value);
            return this;
        }

        Writer text(String name, String value) {
            name(name).append(Json.encode(value));
            return this;
        }

        Writer json(String name, String json) {
            name(name).append(json);
            return this;
        }

        Writer position(Position position) {
            return text("epoch", position.epoch()).number("offset", position.offset());
        }

        Writer object(String name, Consumer<Writer> content) {
            name(name).append('{');
            content.accept(this);
            out.append('}');
            return this;
        }

        <T> Writer list(String name, List<T> parts, Part<T> part) {
            name(name).append('[');
            for (int i = 0; i < parts.size(); i++) {
                out.append(i == 0 ? "{" : ",{");
                part.write(this, parts.get(i));
                out.append('}');
            }
            out.append(']');
            return this;
        }

        Frame end() {
            return new Frame(out.append('}').toString());
        }
    }
}
