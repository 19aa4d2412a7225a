package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.redis.RedisServer.Persistence;
import whirlwind.testing.OneEngine;

/**
 * A minute in which nothing is spared: Redis is killed and stalled, servers are killed, clients
 * vanish. Whatever happens, each subscriber sees each topic's publications one after the other,
 * none missing, none twice; and whatever a publisher was told to be published is among them, in the
 * order in which it was published. {@code -Dredis.seed=N} does what an earlier run did, {@code
 * -Dredis.seconds=N} does it for longer.
 */
@OneEngine
class RandomFailuresTest {
    private static final List<String> TOPICS = List.of("room.1", "room.2", "room.3");
    private static final int SERVERS = 3;
    private static final int SUBSCRIBERS = 6;
    private static final int PUBLISHERS = 4;
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PRESENCE = Duration.ofSeconds(3);

    private final long seed = Long.getLong("redis.seed", System.nanoTime());
    private final long seconds = Long.getLong("redis.seconds", 60);
    private final Random random = new Random(seed);
    private final List<HubServer> servers = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> done = new HashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private RedisServer redis;
    private volatile boolean publishing = true;
    private volatile boolean listening = true;

    @AfterEach
    void closeAll() throws Exception {
        publishing = false;
        listening = false;
        redis.resume();
        servers.forEach(HubServer::close);
        redis.close();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void nothingIsLostNothingTwiceAndAllIsInOrder() throws Exception {
        System.out.println("seed of the random failures: " + seed);
        redis = RedisServer.start(Persistence.LOG);
        for (int i = 0; i < SERVERS; i++) {
            servers.add(startServer());
        }
        for (int i = 0; i < SUBSCRIBERS; i++) {
            subscribers.add(new Subscriber("subscriber" + i, random.nextLong()));
        }
        for (var subscriber : subscribers) {
            subscriber.awaitStart();
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(new Publisher("publisher" + i, random.nextLong()));
        }

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            pause(random.nextInt(200, 2000));
            doHarm();
        }

        publishing = false;
        for (var publisher : publishers) {
            publisher.thread.join();
        }
        var ends = publishLast();
        for (var subscriber : subscribers) {
            subscriber.awaitPositions(ends);
        }
        listening = false;
        check();
    }

    private HubServer startServer() throws IOException {
        return HubServer.start(redis.url(), PATIENCE, TIMEOUT, PRESENCE);
    }

    // ---- what happens ----

    private void doHarm() throws Exception {
        switch (random.nextInt(5)) {
            case 0 -> {
                count("Redis killed");
                redis.kill();
                pause(random.nextInt(1500));
                redis.start();
            }
            case 1 -> {
                count("Redis stalled");
                redis.stall();
                pause(random.nextInt(2500));
                redis.resume();
            }
            case 2 -> {
                count("server killed");
                int victim = random.nextInt(SERVERS);
                servers.get(victim).close();
                servers.set(victim, startServer());
            }
            case 3 -> {
                count("subscriber cut off");
                subscribers.get(random.nextInt(SUBSCRIBERS)).cut();
            }
            default -> {
                count("publisher cut off");
                publishers.get(random.nextInt(PUBLISHERS)).cut();
            }
        }
    }

    private void count(String harm) {
        done.merge(harm, 1, Integer::sum);
    }

    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** One last publication in each topic, which everybody must see; returns their offsets. */
    private Map<String, Long> publishLast() throws Exception {
        var ends = new HashMap<String, Long>();
        try (var peer = HubPeer.connect(servers.getFirst().port(), "last")) {
            for (var topic : TOPICS) {
                JsonNode answer;
                do {
                    peer.publish(topic, "\"last\"");
                    answer = peer.next();
                } while (!answer.path("type").asString().equals("published"));
                ends.put(topic, answer.get("offset").asLong());
            }
        }
        return ends;
    }

    // ---- what must be ----

    private void check() {
        var seen = subscribers.getFirst().messages;
        for (var subscriber : subscribers) {
            for (var topic : TOPICS) {
                var messages = subscriber.messages.get(topic);
                assertThat(messages.subList(0, seen.get(topic).size()))
                        .as("%s in %s, seed %d", subscriber.name, topic, seed)
                        .isEqualTo(seen.get(topic));
            }
        }
        int confirmed = 0;
        for (var publisher : publishers) {
            for (var publication : publisher.confirmed.entrySet()) {
                var topic = publication.getKey().substring(0, publication.getKey().indexOf(' '));
                assertThat(seen.get(topic).get((int) (publication.getValue() - 1)))
                        .isEqualTo(publication.getKey());
                confirmed++;
            }
            for (var topic : TOPICS) {
                checkOrder(publisher, seen.get(topic));
            }
        }
        var all = seen.values().stream().mapToInt(List::size).sum();
        System.out.printf("%d publications, %d of them confirmed; %s%n", all, confirmed, done);
        assertThat(violations).as("seed %d", seed).isEmpty();
        assertThat(confirmed).isPositive();
    }

    /** Those of one publisher are in order, and none is there twice. */
    private void checkOrder(Publisher publisher, List<String> messages) {
        long last = -1;
        for (var message : messages) {
            if (message.contains(" " + publisher.name + " ")) {
                long number = Long.parseLong(message.substring(message.lastIndexOf(' ') + 1));
                assertThat(number).as("%s, seed %d", message, seed).isGreaterThan(last);
                last = number;
            }
        }
    }

    // ---- clients ----

    /** Connects to some server, again and again. */
    private abstract class Client implements Runnable {
        final String name;
        final Random choice;
        final Thread thread;
        volatile HubPeer peer;

        Client(String name, long seed) {
            this.name = name;
            this.choice = new Random(seed);
            this.thread = Thread.ofVirtual().name(name).unstarted(this);
        }

        abstract boolean goesOn();

        abstract void talk(HubPeer peer) throws Exception;

        @Override
        public void run() {
            while (goesOn()) {
                var server = servers.get(choice.nextInt(SERVERS));
                try (var connected = HubPeer.connect(server.port(), name)) {
                    peer = connected;
                    talk(connected);
                } catch (IOException e) {
                    backOff();
                } catch (Exception | AssertionError e) {
                    violations.add(name + ": " + e);
                    backOff();
                }
            }
        }

        private void backOff() {
            try {
                pause(choice.nextInt(100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void cut() {
            var cut = peer;
            if (cut != null) {
                cut.close();
            }
        }
    }

    /** Publishes one after the other, and remembers what was confirmed, with its offset. */
    private final class Publisher extends Client {
        final Map<String, Long> confirmed = new ConcurrentHashMap<>();
        private long number;

        Publisher(String name, long seed) {
            super(name, seed);
            thread.start();
        }

        @Override
        boolean goesOn() {
            return publishing;
        }

        @Override
        void talk(HubPeer peer) throws Exception {
            while (publishing) {
                var topic = TOPICS.get(choice.nextInt(TOPICS.size()));
                var text = topic + " " + name + " " + number++;
                long id = peer.publish(topic, "\"" + text + "\"");
                var answer = peer.next();
                while (!HubPeer.isGone(answer) && answer.path("id").asLong() != id) {
                    answer = peer.next();
                }
                if (HubPeer.isGone(answer)) {
                    return;
                }
                if (answer.get("type").stringValue().equals("published")) {
                    confirmed.put(text, answer.get("offset").asLong());
                }
                pause(choice.nextInt(20));
            }
        }
    }

    /** Sees everything, and comes back from where it was. */
    private final class Subscriber extends Client {
        final Map<String, List<String>> messages = new HashMap<>();
        private final Map<String, String> epochs = new ConcurrentHashMap<>();
        private final Map<String, Long> offsets = new ConcurrentHashMap<>();

        Subscriber(String name, long seed) {
            super(name, seed);
            TOPICS.forEach(topic -> messages.put(topic, new CopyOnWriteArrayList<>()));
            thread.start();
        }

        @Override
        boolean goesOn() {
            return listening;
        }

        @Override
        void talk(HubPeer peer) throws Exception {
            for (var topic : TOPICS) {
                subscribe(peer, topic);
            }
            while (listening) {
                var frame = peer.next(100);
                if (frame == null) {
                    continue;
                }
                if (HubPeer.isGone(frame)) {
                    return;
                }
                take(peer, frame);
            }
        }

        private void subscribe(HubPeer peer, String topic) throws IOException {
            var epoch = epochs.get(topic);
            if (epoch == null) {
                peer.subscribe(topic);
            } else {
                peer.subscribe(topic, epoch, offsets.get(topic));
            }
        }

        private void take(HubPeer peer, JsonNode frame) throws IOException {
            var topic = frame.path("topic").asString("");
            switch (frame.get("type").stringValue()) {
                case "subscribed" -> {
                    if (epochs.containsKey(topic)) {
                        require(frame.get("recovered").booleanValue(), frame);
                    } else {
                        offsets.put(topic, frame.get("offset").asLong());
                        epochs.put(topic, frame.get("epoch").stringValue());
                    }
                }
                case "message" -> {
                    require(frame.get("offset").asLong() == offsets.get(topic) + 1, frame);
                    offsets.put(topic, frame.get("offset").asLong());
                    messages.get(topic).add(frame.get("data").stringValue());
                }
                case "lost" -> require(false, frame);
                case "ping" -> peer.say("pong", "\"x\":0");
                case "error" -> peer.close(); // not possible now: tries again elsewhere
                default -> {} // joins and leaves
            }
        }

        private void require(boolean holds, JsonNode frame) {
            if (!holds) {
                violations.add(name + " at " + offsets + ": " + frame);
            }
        }

        void awaitStart() throws InterruptedException {
            while (epochs.size() < TOPICS.size()) {
                pause(10);
            }
        }

        void awaitPositions(Map<String, Long> ends) throws InterruptedException {
            long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (!isAt(ends) && System.nanoTime() < giveUp) {
                pause(10);
            }
            assertThat(offsets).as("%s, seed %d, %s", name, seed, violations).isEqualTo(ends);
        }

        private boolean isAt(Map<String, Long> ends) {
            return ends.entrySet().stream()
                    .allMatch(end -> offsets.get(end.getKey()) >= end.getValue());
        }
    }
}
