package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.Position;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

/** Topics with so many subscribers that telling them all takes many turns of the loop. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class LargeAudienceTest {
    private static final int MANY = 3_000;

    /** So many turns it takes at least: a loop tells 256 in one. */
    private static final int TURNS = MANY / 256;

    /** So many publications are read from the history at a time. */
    private static final int PAGE = 64;

    private final VirtualTime time = new VirtualTime();
    private final ReplaceableEngine engine = new ReplaceableEngine();
    private final HubOptions options =
            HubOptions.DEFAULTS
                    .withEngine(engine.engine())
                    .withFrameRate(1_000_000, 1_000_000)
                    .withTopics(
                            "kept", TopicOptions.DEFAULTS.withHistory(1_000, Duration.ofHours(1)));

    private Hub hub;

    private void run(CheckedRunnable body) {
        time.run(() -> {
            hub = new Hub(options);
            body.run();
        });
    }

    private static void subscribe(Loopback client, String fields) {
        client.say("{\"type\":\"subscribe\",\"topic\":\"kept\"" + fields + "}");
    }

    private List<Loopback> subscribed(int count) {
        var clients = new ArrayList<Loopback>();
        for (int i = 0; i < count; i++) {
            clients.add(Loopback.of(hub, "ann"));
            subscribe(clients.getLast(), "");
            clients.getLast().received();
        }
        return clients;
    }

    private void publish(String topic) {
        hub.publish(topic, "news").join();
    }

    private static List<Long> offsets(Loopback client) {
        return client.received().stream()
                .filter(frame -> frame.get("type").asString().equals("message"))
                .map(frame -> frame.get("offset").asLong())
                .toList();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void timersCoroutinesAndSmallTopicsHaveTheirTurnWhileALargeAudienceIsTold() {
        run(() -> {
            var told = new ArrayList<Integer>();
            var turn = new int[1];
            for (int i = 0; i < MANY; i++) {
                hub.subscribe("large", publication -> told.add(turn[0]));
            }
            var toldBefore = new ArrayList<Integer>();
            hub.subscribe("small", publication -> toldBefore.add(told.size()));
            Async.moment();
            publish("large");
            publish("small");
            IOLoop.current().callLater(Duration.ZERO, () -> toldBefore.add(told.size()));
            while (told.size() < MANY) {
                turn[0]++;
                Async.moment();
            }
            assertThat(new TreeSet<>(told)).hasSizeGreaterThanOrEqualTo(TURNS);
            assertThat(toldBefore).hasSize(2).allMatch(count -> count < MANY);
        });
    }

    @Test
    void whatWaitsIsToldToEachTogetherAndIsNotOvertaken() {
        run(() -> {
            var clients = subscribed(MANY);
            for (int i = 1; i <= 5; i++) {
                publish("kept");
            }
            while (offsets(clients.getFirst()).isEmpty()) {
                Async.moment();
            }
            publish("kept");
            assertThat(offsets(clients.getLast())).isEmpty();
            for (int i = 0; i < 10 * TURNS; i++) {
                Async.moment();
            }
            assertThat(offsets(clients.getFirst())).containsExactly(6L);
            for (var client : clients.subList(1, MANY)) {
                assertThat(offsets(client)).isEqualTo(numbers(1, 6));
            }
        });
    }

    /** The truth is in the frames: from the offset that a client is told, each follows the last. */
    private static final class Listener {
        final Loopback client;
        boolean there;
        long last;

        Listener(Loopback client) {
            this.client = client;
        }

        void check() {
            for (var frame : client.received()) {
                switch (frame.get("type").asString()) {
                    case "message" -> {
                        assertThat(there).isTrue();
                        assertThat(frame.get("offset").asLong()).isEqualTo(++last);
                    }
                    case "subscribed" -> {
                        there = true;
                        last = frame.get("offset").asLong();
                    }
                    case "unsubscribed" -> there = false;
                    default -> throw new AssertionError(frame);
                }
            }
        }
    }

    @Test
    void whoComesAndGoesInTheMiddleIsToldWhatWasPublishedWhileItWasThere() {
        run(() -> {
            var random = new Random(42);
            var listeners = new ArrayList<>(subscribed(MANY).stream().map(Listener::new).toList());
            listeners.forEach(listener -> listener.there = true);
            var epoch = hub.history("kept", null, 0).join().position().epoch();
            for (int step = 0, published = 0; step < 150; step++) {
                if (random.nextInt(3) == 0) {
                    publish("kept");
                    published++;
                }
                for (int i = 0; i < 20; i++) {
                    var one = listeners.get(random.nextInt(listeners.size()));
                    one.check();
                    if (one.there) {
                        one.client.say("{\"type\":\"unsubscribe\",\"topic\":\"kept\"}");
                    } else if (random.nextBoolean()) {
                        subscribe(one.client, "");
                    } else {
                        var since = new Position(epoch, random.nextInt(published + 1));
                        subscribe(
                                one.client,
                                ",\"since\":{\"epoch\":\"%s\",\"offset\":%d}"
                                        .formatted(since.epoch(), since.offset()));
                    }
                }
                Async.moment();
            }
            for (int i = 0; i < 100 * TURNS; i++) {
                Async.moment();
            }
            long end = hub.history("kept", null, 0).join().position().offset();
            for (var listener : listeners) {
                listener.check();
                assertThat(listener.there ? listener.last : end).isEqualTo(end);
            }
        });
    }

    @Test
    void aLargeAudienceThatGoesInTheMiddleIsForgotten() {
        run(() -> {
            var clients = subscribed(MANY);
            publish("kept");
            while (offsets(clients.getFirst()).isEmpty()) {
                Async.moment();
            }
            clients.forEach(Loopback::breakOff);
            assertThat(hub.interests().size()).isZero();
            var another = subscribed(1).getFirst();
            publish("kept");
            for (int i = 0; i < 10; i++) {
                Async.moment();
            }
            assertThat(offsets(another)).containsExactly(2L);
        });
    }

    @Test
    void aGapIsMendedForALargeAudienceAPageAtATime() {
        run(() -> {
            var clients = subscribed(MANY / 10);
            engine.stopTelling();
            for (int i = 1; i <= 3 * PAGE; i++) {
                publish("kept");
            }
            engine.tellAgainSilently();
            publish("kept");
            while (offsets(clients.getFirst()).size() < PAGE) {
                Async.moment();
            }
            for (int i = 0; i < 10; i++) {
                Async.moment();
            }
            assertThat(offsets(clients.getFirst())).isEmpty(); // before all have the page
            for (int i = 0; i < 1_000; i++) {
                Async.moment();
            }
            assertThat(offsets(clients.getLast())).isEqualTo(numbers(1, 3 * PAGE + 1));
        });
    }

    @Test
    void aSubscriberThatFailsKeepsNobodyElseFromHearing() {
        run(() -> {
            var heard = new ArrayList<Integer>();
            try (var logs = LogCapture.of(IOLoop.class)) {
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    hub.subscribe(
                            "failing",
                            publication -> {
                                heard.add(number);
                                throw new Error("subscriber " + number);
                            });
                }
                Async.moment();
                publish("failing");
                for (int i = 0; i < 10; i++) {
                    Async.moment();
                }
                assertThat(heard).containsExactly(0, 1, 2);
                assertThat(logs.lines()).hasSize(3);
            }
        });
    }
}
