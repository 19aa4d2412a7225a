package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.MemoryEngine;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;

/**
 * Publishers on all loops, and clients that come, go, are cut off, read slowly and recover: nobody
 * loses what the history has, gets it twice or in another order. Over an engine in memory, and over
 * one that loses, delays and fails.
 */
@Timeout(60)
class HubStressTest {
    private static final int LOOPS = 3;
    private static final int CLIENTS_PER_LOOP = 12;
    private static final int TOPICS = 4;
    private static final int PUBLICATIONS_PER_LOOP = 1500;

    private final List<IOLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private static String topic(int number) {
        return "stress." + number;
    }

    @RepeatedTest(3)
    void nothingIsLostDoubledOrReorderedInMemory(RepetitionInfo repetition) throws Exception {
        long seed = System.nanoTime() ^ repetition.getCurrentRepetition();
        run(seed, new MemoryEngine(), () -> {});
    }

    @RepeatedTest(3)
    void nothingIsLostDoubledOrReorderedOverABadNetwork(RepetitionInfo repetition)
            throws Exception {
        long seed = System.nanoTime() ^ repetition.getCurrentRepetition();
        var engine = new UnreliableEngine(seed);
        run(seed, engine, engine::becomeReliable);
    }

    private void run(long seed, HubEngine engine, Runnable settle) throws Exception {
        var hub =
                new Hub(
                        HubOptions.DEFAULTS
                                .withEngine(engine)
                                .withFrameRate(1_000_000, 1_000_000)
                                .withTopics(
                                        "stress.*",
                                        TopicOptions.DEFAULTS
                                                .withHistory(100_000, Duration.ofHours(1))
                                                .withQueue(100, Overflow.CLOSE)));
        try {
            startLoops();
            var seeds = new Random(seed);
            var published = new ArrayList<CompletableFuture<Boolean>>();
            var clients = new ArrayList<Client>();
            for (var loop : loops) {
                published.add(onLoop(loop, publisher(hub, new Random(seeds.nextLong()))));
                for (int i = 0; i < CLIENTS_PER_LOOP; i++) {
                    var client = new Client(hub, new Random(seeds.nextLong()));
                    clients.add(client);
                    client.done = onLoop(loop, client::wander);
                }
            }
            published.forEach(CompletableFuture::join);
            settle.run();
            var truth = new HashMap<String, List<Publication>>();
            for (int i = 0; i < TOPICS; i++) {
                truth.put(topic(i), kept(hub, topic(i)));
            }
            clients.forEach(client -> client.goal.complete(truth));
            for (var client : clients) {
                assertThat(client.done)
                        .as("seed %d: %s", seed, client.complaints)
                        .succeedsWithin(Duration.ofSeconds(40));
                assertThat(client.complaints).as("seed %d", seed).isEmpty();
            }
        } finally {
            stopLoops();
            hub.close().join();
        }
    }

    private static List<Publication> kept(Hub hub, String topic) throws Exception {
        while (true) {
            try {
                return hub.history(topic, null, 100_000).join().publications();
            } catch (CompletionException e) {
                Thread.yield(); // what failed was asked before the network got well
            }
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static Body publisher(Hub hub, Random random) {
        return () -> {
            for (int i = 0; i < PUBLICATIONS_PER_LOOP; i++) {
                Async.await(hub.publish(topic(random.nextInt(TOPICS)), i));
                if (random.nextInt(8) == 0) {
                    Async.sleep(Duration.ofNanos(random.nextInt(2_000_000)));
                }
            }
        };
    }

    /** Somebody with an unsteady life, until the goal is known; then they catch up with it. */
    private static final class Client {
        final List<String> complaints = new ArrayList<>();
        final CompletableFuture<Map<String, List<Publication>>> goal = new CompletableFuture<>();
        CompletableFuture<Boolean> done = new CompletableFuture<>();

        private final Hub hub;
        private final Random random;
        private final Map<String, List<JsonNode>> seen = new LinkedHashMap<>();
        private final Map<String, Position> positions = new HashMap<>();
        private @Nullable Loopback transport;
        private boolean slow;

        Client(Hub hub, Random random) {
            this.hub = hub;
            this.random = random;
        }

        void wander() throws Exception {
            for (int i = 0; i < TOPICS; i++) {
                if (random.nextBoolean() || i == 0) {
                    seen.put(topic(i), new ArrayList<>());
                }
            }
            while (!goal.isDone()) {
                live();
                Async.sleep(Duration.ofNanos(random.nextInt(3_000_000)));
            }
            var truth = goal.join();
            while (!hasReached(truth)) {
                come();
                slow = false;
                transport().read();
                hear();
                Async.sleep(Duration.ofMillis(1));
            }
            for (var topic : seen.keySet()) {
                compare(topic, truth.get(topic));
            }
        }

        private Loopback transport() {
            if (transport == null) {
                throw new AssertionError("not connected");
            }
            return transport;
        }

        private void live() {
            come();
            switch (random.nextInt(10)) {
                case 0 -> transport().breakOff();
                case 1 -> {
                    slow = true;
                    transport().stopReading();
                }
                case 2, 3 -> {
                    slow = false;
                    transport().read();
                }
                case 4 -> leave(anyTopic());
                default -> {}
            }
            hear();
        }

        private String anyTopic() {
            return topic(random.nextInt(TOPICS));
        }

        private void leave(String topic) {
            transport().say("{\"type\":\"unsubscribe\",\"topic\":\"" + topic + "\"}");
        }

        /** Connects if it isn't, and subscribes to what it isn't subscribed to. */
        private void come() {
            if (transport == null || transport.isClosed()) {
                hear();
                transport = Loopback.of(hub, "somebody");
                slow = false;
            }
            hear();
            for (var topic : seen.keySet()) {
                boolean subscribed =
                        transport().connection().topics().stream()
                                .anyMatch(pattern -> pattern.text().equals(topic));
                if (!subscribed && !transport().isClosed()) {
                    subscribe(topic);
                }
            }
        }

        private void subscribe(String topic) {
            if (slow) {
                return; // it can't know where it left off before it has read what is under way
            }
            hear();
            var at = positions.get(topic);
            transport()
                    .say(
                            at == null
                                    ? "{\"type\":\"subscribe\",\"topic\":\"" + topic + "\"}"
                                    : "{\"type\":\"subscribe\",\"topic\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
                                            .formatted(topic, at.epoch(), at.offset()));
        }

        private void hear() {
            if (transport != null) {
                transport.received().forEach(this::hear);
            }
        }

        private void hear(JsonNode frame) {
            switch (frame.get("type").stringValue()) {
                case "subscribed" -> subscribed(frame);
                case "message" -> message(frame);
                case "connected", "unsubscribed", "ping" -> {}
                case "disconnect" -> expect(frame, "code", "limit", "unavailable");
                case "error" -> expect(frame, "code", "unavailable");
                default -> complaints.add("unexpected: " + frame);
            }
        }

        private void expect(JsonNode frame, String field, String... values) {
            if (!List.of(values).contains(frame.get(field).stringValue())) {
                complaints.add("unexpected: " + frame);
            }
        }

        private void subscribed(JsonNode frame) {
            var at = new Position(frame.get("epoch").stringValue(), frame.get("offset").asLong());
            var before = positions.put(frame.get("topic").stringValue(), at);
            if (before != null && (!before.equals(at) || !frame.get("recovered").asBoolean())) {
                complaints.add("not recovered from " + before + ": " + frame);
            }
        }

        private void message(JsonNode frame) {
            var topic = frame.get("topic").stringValue();
            var before = positions.get(topic);
            if (before == null || frame.get("offset").asLong() != before.offset() + 1) {
                complaints.add("after " + before + ": " + frame);
                return;
            }
            positions.put(topic, new Position(before.epoch(), before.offset() + 1));
            seen.get(topic).add(frame);
        }

        private boolean hasReached(Map<String, List<Publication>> truth) {
            return !complaints.isEmpty()
                    || seen.keySet().stream()
                            .allMatch(topic -> {
                                var at = positions.get(topic);
                                return at != null
                                        && at.offset()
                                                >= truth.get(topic).getLast().position().offset();
                            });
        }

        private void compare(String topic, List<Publication> truth) {
            var byOffset = new HashMap<Long, String>();
            truth.forEach(publication -> byOffset.put(publication.offset(), publication.json()));
            for (var message : seen.get(topic)) {
                var json = byOffset.get(message.get("offset").asLong());
                if (!message.get("data").toString().equals(json)) {
                    complaints.add("expected " + json + ": " + message);
                }
            }
        }
    }

    // ---- loops ----

    private void startLoops() {
        IntStream.range(0, LOOPS)
                .forEach(i -> {
                    var loop = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false));
                    loops.add(loop);
                    threads.add(Thread.ofPlatform().name("stress-" + i).start(loop::start));
                });
    }

    private void stopLoops() throws InterruptedException {
        loops.forEach(IOLoop::stop);
        for (var thread : threads) {
            thread.join();
        }
        loops.forEach(IOLoop::close);
    }

    private static CompletableFuture<Boolean> onLoop(IOLoop loop, Body body) {
        var done = new CompletableFuture<Boolean>();
        loop.spawnCallback(() -> {
            try {
                body.run();
                done.complete(true);
            } catch (Throwable e) {
                done.completeExceptionally(e);
                throw e;
            }
        });
        return done;
    }
}
