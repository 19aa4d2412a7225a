package whirlwind.redis;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;

/** What is asked of Redis about topics, and what the answers mean. */
final class Topics {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Keys keys;
    private final String server;
    private final RedisOptions options;

    /** How many publications this server has begun. */
    private long published;

    /** The number of the last publication, of all, that this server saw in a run of Redis. */
    private long seen;

    private String seenIn = "";

    Topics(Keys keys, String server, RedisOptions options) {
        this.keys = keys;
        this.server = server;
        this.options = options;
    }

    /** A name that nobody can guess, and nothing else has. */
    static String newName() {
        return new BigInteger(80, RANDOM).toString(Character.MAX_RADIX);
    }

    /**
     * What each link begins with. Redis may have lost the end of what it had when it started anew;
     * it learns of that from what this server saw before.
     */
    CompletionStage<?> greet(Link link) {
        return link.run(
                        Script.GREET,
                        List.of(keys.home, keys.sent(server)),
                        List.of(
                                link.runId(),
                                newName(),
                                seenIn,
                                Long.toString(seen),
                                Long.toString(RedisEngine.TRACES.toMillis())))
                .thenAccept(done -> {
                    if (!link.runId().equals(seenIn)) {
                        seenIn = link.runId();
                        seen = 0;
                    }
                });
    }

    /** Remembers that a publication came by, the one of that number. */
    void saw(long number) {
        seen = Math.max(seen, number);
    }

    Requests.Call<Position> publish(
            String topic, String json, @Nullable String publisher, HistoryLimits limits) {
        var number = Long.toString(++published);
        var text = Wire.publication(publisher, json);
        var fresh = newName();
        var age = limits.age().toMillis();
        return (link, again) ->
                link.run(
                                Script.PUBLISH,
                                List.of(
                                        keys.topic(topic),
                                        keys.log(topic),
                                        keys.home,
                                        keys.sent(server)),
                                List.of(
                                        number,
                                        again ? "1" : "0",
                                        Long.toString(RedisEngine.TRACES.toMillis()),
                                        Integer.toString(Requests.MOST_SENT),
                                        fresh,
                                        keys.channel(topic),
                                        text,
                                        Integer.toString(limits.count()),
                                        Long.toString(age),
                                        Long.toString(
                                                Math.max(options.retention().toMillis(), age)),
                                        link.runId()))
                        .thenApply(this::position);
    }

    /** As both scripts answer, after the epoch and the offset with the number of a publication. */
    private Position position(List<Object> values) {
        saw((Long) values.get(2));
        return new Position((String) values.get(0), (Long) values.get(1));
    }

    Requests.Call<HistoryPage> history(String topic, @Nullable Position since, int limit) {
        var fresh = newName();
        return (link, again) ->
                link.run(
                                Script.HISTORY,
                                List.of(keys.topic(topic), keys.log(topic), keys.home),
                                List.of(
                                        fresh,
                                        Long.toString(options.retention().toMillis()),
                                        since == null ? "" : since.epoch(),
                                        since == null ? "" : Long.toString(since.offset()),
                                        Integer.toString(limit),
                                        link.runId()))
                        .thenApply(answer -> page(topic, answer));
    }

    Requests.Call<List<Member>> members(String topic) {
        return (link, again) ->
                link.all(keys.members(topic))
                        .thenApply(all -> all.values().stream().map(Wire::keptMember).toList());
    }

    private HistoryPage page(String topic, List<Object> values) {
        var position = position(values);
        var publications = new ArrayList<Publication>();
        for (var each : (List<?>) values.get(4)) {
            var entry = (List<?>) each;
            var id = (String) entry.get(0);
            int dash = id.indexOf('-');
            long offset = Long.parseLong(id, 0, dash, 10);
            long millis = Long.parseLong(id, dash + 1, id.length(), 10);
            var text = (String) ((List<?>) entry.get(1)).get(1);
            publications.add(
                    Wire.publication(topic, new Position(position.epoch(), offset), millis, text));
        }
        return new HistoryPage(position, publications, values.get(3).equals(1L));
    }
}
