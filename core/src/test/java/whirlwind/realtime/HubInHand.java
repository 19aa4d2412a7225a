package whirlwind.realtime;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import whirlwind.loop.CheckedRunnable;
import whirlwind.realtime.engine.Position;
import whirlwind.testing.VirtualTime;

/** A hub whose time, engine and transport a test holds in its hands. */
abstract class HubInHand {
    static final Duration HEARTBEAT = Duration.ofSeconds(25);

    final VirtualTime time = new VirtualTime();

    final ReplaceableEngine engine = new ReplaceableEngine();

    final HubOptions options =
            HubOptions.DEFAULTS
                    .withEngine(engine.engine())
                    .withHeartbeat(HEARTBEAT)
                    .withFrameRate(1_000_000, 1_000_000)
                    .withTopics(
                            "kept.*",
                            TopicOptions.DEFAULTS.withHistory(10_000, Duration.ofHours(9)))
                    .withTopics(
                            "short.*", TopicOptions.DEFAULTS.withHistory(3, Duration.ofHours(9)))
                    .withTopics(
                            "oldest.*", TopicOptions.DEFAULTS.withQueue(3, Overflow.DROP_OLDEST))
                    .withTopics(
                            "newest.*", TopicOptions.DEFAULTS.withQueue(3, Overflow.DROP_NEWEST))
                    .withTopics(
                            "few.*",
                            TopicOptions.DEFAULTS
                                    .withHistory(3, Duration.ofHours(9))
                                    .withQueue(3, Overflow.DROP_OLDEST))
                    .withTopics("close.*", TopicOptions.DEFAULTS.withQueue(3, Overflow.CLOSE))
                    .withTopics(
                            "present.*",
                            TopicOptions.DEFAULTS.withQueue(3, Overflow.CLOSE).withPresence(true));

    Hub hub;

    void run(CheckedRunnable body) {
        run(options, body);
    }

    void run(HubOptions options, CheckedRunnable body) {
        hub = new Hub(options);
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                body.run();
                return null;
            });
        }
    }

    Loopback connect() {
        var client = Loopback.of(hub, "ann");
        client.received();
        return client;
    }

    Loopback subscribed(String topic) {
        var client = connect();
        client.say("{\"type\":\"subscribe\",\"topic\":\"" + topic + "\"}");
        client.received();
        return client;
    }

    static void subscribe(Loopback client, String topic, Position since) {
        client.say(
                "{\"type\":\"subscribe\",\"topic\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
                        .formatted(topic, since.epoch(), since.offset()));
    }

    /** Publishes numbers, and lets them arrive. */
    void publish(String topic, int from, int to) {
        for (int i = from; i <= to; i++) {
            hub.publish(topic, i).join();
        }
        arrive();
    }

    void arrive() {
        time.advance(Duration.ZERO);
    }

    static List<String> types(Loopback client) {
        return client.received().stream().map(f -> f.get("type").stringValue()).toList();
    }

    static List<Integer> data(Loopback client) {
        return client.received().stream()
                .filter(frame -> frame.has("data"))
                .map(frame -> frame.get("data").asInt())
                .toList();
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    Position position(String topic) {
        return hub.history(topic, null, 0).join().position();
    }
}
