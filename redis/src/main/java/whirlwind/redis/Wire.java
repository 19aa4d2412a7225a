package whirlwind.redis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;

/**
 * What is kept in Redis and passes over its channels, as text. A pair of texts is {@code LENGTH
 * FIRSTSECOND}, with the length of the first in characters, or -1 if that is null. A message is one
 * of {@code pEPOCH OFFSET MILLISECONDS COUNT PAIR} (publisher and JSON), {@code jPAIR} and {@code
 * lPAIR} (user and info, of one who has joined or left).
 */
final class Wire {
    /** The kinds of messages. */
    static final char PUBLISHED = 'p';

    static final char JOINED = 'j';

    private Wire() {}

    record Pair(@Nullable String first, String second) {
        String text() {
            return first == null ? "-1 " + second : first.length() + " " + first + second;
        }

        static Pair parse(String text, int from) {
            int space = text.indexOf(' ', from);
            int length = Integer.parseInt(text, from, space, 10);
            int split = space + 1 + Math.max(length, 0);
            return new Pair(
                    length < 0 ? null : text.substring(space + 1, split), text.substring(split));
        }
    }

    static String publication(@Nullable String publisher, String json) {
        return new Pair(publisher, json).text();
    }

    static Publication publication(String topic, Position position, long millis, String text) {
        return publication(topic, position, millis, Pair.parse(text, 0));
    }

    private static Publication publication(
            String topic, Position position, long millis, Pair pair) {
        return new Publication(
                topic, position, pair.second, pair.first, Instant.ofEpochMilli(millis));
    }

    /** What such a message tells, and how many publications there were by then, in all topics. */
    record Published(Publication publication, long count) {}

    static Published published(String topic, String message) {
        int afterEpoch = message.indexOf(' ');
        int afterOffset = message.indexOf(' ', afterEpoch + 1);
        int afterTime = message.indexOf(' ', afterOffset + 1);
        int afterCount = message.indexOf(' ', afterTime + 1);
        var position =
                new Position(
                        message.substring(1, afterEpoch),
                        Long.parseLong(message, afterEpoch + 1, afterOffset, 10));
        long millis = Long.parseLong(message, afterOffset + 1, afterTime, 10);
        long count = Long.parseLong(message, afterTime + 1, afterCount, 10);
        var pair = Pair.parse(message, afterCount + 1);
        return new Published(publication(topic, position, millis, pair), count);
    }

    static String member(String user, @Nullable String info) {
        return new Pair(user, info == null ? "" : info).text();
    }

    static Member member(String text, int from, int connections) {
        var pair = Pair.parse(text, from);
        return new Member(
                String.valueOf(pair.first),
                pair.second.isEmpty() ? null : pair.second,
                connections);
    }

    /** As it is kept: {@code CONNECTIONS PAIR}. */
    static Member keptMember(String text) {
        int space = text.indexOf(' ');
        return member(text, space + 1, Integer.parseInt(text, 0, space, 10));
    }
}
