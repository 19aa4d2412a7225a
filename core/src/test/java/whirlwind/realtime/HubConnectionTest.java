package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.realtime.engine.Position;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

/** What the hub does for one connection, over a transport and a time that the test holds. */
@Timeout(60)
class HubConnectionTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);

    private final VirtualTime time = new VirtualTime();
    private final ReplaceableEngine engine = new ReplaceableEngine();
    private final HubOptions options =
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

    private Hub hub;

    private void run(CheckedRunnable body) {
        run(options, body);
    }

    private void run(HubOptions options, CheckedRunnable body) {
        hub = new Hub(options);
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                body.run();
                return null;
            });
        }
    }

    private Loopback connect() {
        var client = Loopback.of(hub, "ann");
        client.received();
        return client;
    }

    private Loopback subscribed(String topic) {
        var client = connect();
        client.say("{\"type\":\"subscribe\",\"topic\":\"" + topic + "\"}");
        client.received();
        return client;
    }

    private static void subscribe(Loopback client, String topic, Position since) {
        client.say(
                "{\"type\":\"subscribe\",\"topic\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
                        .formatted(topic, since.epoch(), since.offset()));
    }

    /** Publishes numbers, and lets them arrive. */
    private void publish(String topic, int from, int to) {
        for (int i = from; i <= to; i++) {
            hub.publish(topic, i).join();
        }
        arrive();
    }

    private void arrive() {
        time.advance(Duration.ZERO);
    }

    private static List<String> types(Loopback client) {
        return client.received().stream().map(f -> f.get("type").stringValue()).toList();
    }

    private static List<Integer> data(Loopback client) {
        return client.received().stream()
                .filter(frame -> frame.has("data"))
                .map(frame -> frame.get("data").asInt())
                .toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private Position position(String topic) {
        return hub.history(topic, null, 0).join().position();
    }

    // ---- heartbeats ----

    @Test
    void aQuietClientIsAskedForASignOfLifeAndThenGone() {
        run(() -> {
            var client = connect();
            time.advance(HEARTBEAT.dividedBy(2));
            assertThat(types(client)).isEmpty();
            time.advance(HEARTBEAT.dividedBy(2));
            assertThat(types(client)).containsExactly("ping");
            time.advance(HEARTBEAT.dividedBy(2));
            assertThat(client.isClosed()).isFalse();
            time.advance(HEARTBEAT);
            assertThat(types(client)).endsWith("disconnect");
            assertThat(client.isClosed()).isTrue();
        });
    }

    @Test
    void whateverTheClientSaysIsASignOfLife() {
        run(() -> {
            var client = connect();
            for (int i = 0; i < 10; i++) {
                time.advance(HEARTBEAT);
                client.say(i % 2 == 0 ? "{\"type\":\"pong\"}" : "nonsense");
            }
            assertThat(client.isClosed()).isFalse();
        });
    }

    @Test
    void whoDoesNotSayWhoItIsIsNotWaitedFor() {
        run(() -> {
            var client = new Loopback(hub);
            time.advance(HEARTBEAT.multipliedBy(2));
            assertThat(types(client)).containsExactly("disconnect");
            assertThat(Async.await(hub.connections())).isEmpty();
        });
    }

    @Test
    void whoTalksNonsenseInsteadIsNotListenedTo() {
        run(() -> {
            var client = new Loopback(hub);
            client.say("nonsense");
            assertThat(types(client)).containsExactly("error", "disconnect");
            assertThat(client.isClosed()).isTrue();
        });
    }

    @Test
    void aClientThatIsBehindIsAskedForASignOfLifeToo() {
        run(() -> {
            var client = subscribed("oldest.a");
            client.stopReading();
            publish("oldest.a", 1, 2);
            time.advance(HEARTBEAT);
            client.read();
            assertThat(types(client)).containsExactly("message", "message", "ping");
        });
    }

    // ---- slow clients ----

    @Test
    void theOldestMessagesMakeRoom() {
        run(() -> {
            var client = subscribed("oldest.a");
            client.stopReading();
            publish("oldest.a", 1, 10);
            client.read();
            assertThat(data(client)).containsExactly(1, 8, 9, 10); // the first was under way
            publish("oldest.a", 11, 11);
            assertThat(data(client)).containsExactly(11);
        });
    }

    @Test
    void theNewestMessagesAreLeftOut() {
        run(() -> {
            var client = subscribed("newest.a");
            client.stopReading();
            publish("newest.a", 1, 10);
            client.read();
            assertThat(data(client)).containsExactly(1, 2, 3, 4);
            publish("newest.a", 11, 11);
            assertThat(data(client)).containsExactly(11);
        });
    }

    @Test
    void aClientThatIsTooSlowIsDisconnected() {
        run(() -> {
            var slow = subscribed("close.a");
            var quick = subscribed("close.a");
            slow.stopReading();
            publish("close.a", 1, 4);
            assertThat(slow.isClosed()).isFalse();
            publish("close.a", 5, 5);
            assertThat(slow.isClosed()).isTrue();
            assertThat(data(quick)).isEqualTo(numbers(1, 5));
        });
    }

    @Test
    void aSubscriptionThatIsSlowDoesNotTakeTheRoomOfAnother() {
        run(() -> {
            var client = subscribed("oldest.a");
            client.say("{\"type\":\"subscribe\",\"topic\":\"newest.b\"}");
            client.received();
            client.stopReading();
            publish("oldest.a", 1, 1);
            publish("newest.b", 101, 102);
            publish("oldest.a", 2, 9);
            publish("newest.b", 103, 109);
            client.read();
            assertThat(data(client)).containsExactly(1, 101, 102, 7, 8, 9, 103);
        });
    }

    @Test
    void whoComesAndGoesIsToldToASlowClientInFull() {
        run(() -> {
            var client = subscribed("present.a");
            arrive();
            client.received();
            client.stopReading();
            for (int i = 0; i < 10; i++) {
                var other = Loopback.of(hub, "user" + i);
                other.say("{\"type\":\"subscribe\",\"topic\":\"present.a\"}");
                other.breakOff();
                arrive();
            }
            client.read();
            assertThat(client.isClosed()).isFalse();
            assertThat(Collections.frequency(types(client), "join")).isEqualTo(10);
        });
    }

    @Test
    void onesOwnComingIsToldBehindTheAnswerHoweverSlowTheEngineIs() {
        run(() -> {
            var client = connect();
            engine.hold("join");
            Async.spawn(() -> client.say("{\"type\":\"subscribe\",\"topic\":\"present.a\"}"));
            arrive();
            engine.release();
            arrive();
            assertThat(types(client)).containsExactly("subscribed", "join");
        });
    }

    @Test
    void whoCannotBeMadePresentIsToldToSubscribeAgain() {
        run(() -> {
            var client = connect();
            engine.fail("join");
            client.say("{\"type\":\"subscribe\",\"id\":1,\"topic\":\"present.a\"}");
            var last = client.received().getLast();
            assertThat(last.get("type").stringValue()).isEqualTo("unsubscribed");
            assertThat(last.get("code").stringValue()).isEqualTo("unavailable");
            assertThat(client.connection().topics()).isEmpty();
            assertThat(client.isClosed()).isFalse();
        });
    }

    @Test
    void anAnswerWithPresenceIsBounded() {
        run(() -> {
            var client = connect();
            for (int i = 0; i < 1_200; i++) {
                hub.engine().join("present.a", "connection" + i, "user" + i, null).join();
                var large = "\"" + "x".repeat(10_000) + "\"";
                hub.engine().join("present.b", "connection" + i, "user" + i, large).join();
            }
            client.say("{\"type\":\"presence\",\"topic\":\"present.a\"}");
            var many = client.received().getFirst();
            assertThat(many.get("members").size()).isEqualTo(1_000);
            assertThat(many.get("count").asInt()).isEqualTo(1_200);
            client.say("{\"type\":\"presence\",\"topic\":\"present.b\"}");
            var large = client.received().getFirst();
            assertThat(large.get("members").size()).isBetween(20, 30);
            assertThat(large.get("count").asInt()).isEqualTo(1_200);
        });
    }

    @Test
    void whatWaitsForAClientIsBoundedInAll() {
        run(
                options.withMaxQueuedBytes(10_000),
                () -> {
                    var client = subscribed("kept.a");
                    client.stopReading();
                    hub.publish("kept.a", 1).join();
                    hub.publish("kept.a", "x".repeat(9_000)).join();
                    arrive();
                    assertThat(client.isClosed()).isFalse();
                    hub.publish("kept.a", "x".repeat(2_000)).join();
                    arrive();
                    assertThat(client.isClosed()).isTrue();
                });
    }

    @Test
    void whatWasForgottenWithItsSubscriptionTakesNoRoom() {
        run(
                options.withMaxQueuedBytes(10_000),
                () -> {
                    var client = subscribed("kept.a");
                    client.say("{\"type\":\"subscribe\",\"topic\":\"kept.b\"}");
                    client.stopReading();
                    for (var topic : List.of("kept.a", "kept.b")) {
                        hub.publish(topic, 1).join();
                        hub.publish(topic, "x".repeat(8_000)).join();
                        arrive();
                        client.say("{\"type\":\"unsubscribe\",\"topic\":\"kept.a\"}");
                    }
                    assertThat(client.isClosed()).isFalse();
                });
    }

    @Test
    void whatWaitsIsForgottenWithItsSubscription() {
        run(() -> {
            var client = subscribed("oldest.a");
            client.stopReading();
            publish("oldest.a", 1, 3);
            client.say("{\"type\":\"unsubscribe\",\"id\":1,\"topic\":\"oldest.a\"}");
            client.read();
            assertThat(types(client)).containsExactly("message", "unsubscribed");
        });
    }

    // ---- recovery ----

    @Test
    void aSlowClientRecoversAtItsOwnPace() {
        run(
                options.withMaxQueuedBytes(20_000),
                () -> {
                    var since = position("kept.a");
                    publish("kept.a", 1, 5000);
                    var client = connect();
                    client.stopReading();
                    subscribe(client, "kept.a", since);
                    arrive();
                    publish("kept.a", 5001, 5500); // while it reads nothing
                    assertThat(client.isClosed()).isFalse();
                    client.read();
                    for (int i = 0; i < 100; i++) {
                        arrive();
                    }
                    assertThat(data(client)).isEqualTo(numbers(1, 5500));
                    publish("kept.a", 5501, 5501);
                    assertThat(data(client)).containsExactly(5501);
                });
    }

    @Test
    void largeMessagesAreRecoveredByASlowClientToo() {
        run(
                options.withMaxQueuedBytes(50_000),
                () -> {
                    var since = position("kept.a");
                    for (int i = 0; i < 200; i++) {
                        hub.publish("kept.a", "x".repeat(10_000)).join();
                    }
                    var client = connect();
                    client.stopReading();
                    subscribe(client, "kept.a", since);
                    long received = 0;
                    while (received < 200) {
                        arrive();
                        client.read();
                        client.stopReading();
                        assertThat(client.isClosed()).isFalse();
                        received += client.received().stream().filter(f -> f.has("data")).count();
                    }
                    assertThat(received).isEqualTo(200);
                });
    }

    @Test
    void anAnswerWithHistoryIsBounded() {
        run(() -> {
            for (int i = 0; i < 100; i++) {
                hub.publish("kept.a", "x".repeat(10_000)).join();
            }
            var start = new Position(position("kept.a").epoch(), 0);
            var client = connect();
            client.say("{\"type\":\"history\",\"topic\":\"kept.a\"}");
            var newest = client.received().getFirst().get("messages");
            assertThat(newest.size()).isBetween(20, 30);
            assertThat(newest.get(newest.size() - 1).get("offset").asLong()).isEqualTo(100);
            client.say(
                    "{\"type\":\"history\",\"topic\":\"kept.a\",\"since\":{\"epoch\":\"%s\",\"offset\":0}}"
                            .formatted(start.epoch()));
            var oldest = client.received().getFirst().get("messages");
            assertThat(oldest.size()).isEqualTo(newest.size());
            assertThat(oldest.get(0).get("offset").asLong()).isEqualTo(1);
        });
    }

    @Test
    void whoHasJustBeenHereIsBackWithoutAskingTheEngine() {
        run(() -> {
            var other = subscribed("kept.a");
            publish("kept.a", 1, 3);
            int before = engine.historyCalls();
            var since = position("kept.a");
            for (int i = 0; i < 100; i++) {
                var client = connect();
                subscribe(client, "kept.a", since);
                assertThat(client.received().getFirst().get("recovered").asBoolean()).isTrue();
            }
            assertThat(engine.historyCalls()).isEqualTo(before + 1); // our own
            assertThat(data(other)).isEqualTo(numbers(1, 3));
        });
    }

    @Test
    void positionsOfTopicsWithoutHistoryDoNotReachTheEngine() {
        run(() -> {
            var other = subscribed("plain");
            int before = engine.historyCalls();
            for (int i = 0; i < 100; i++) {
                subscribe(connect(), "plain", new Position("forged" + i, i));
            }
            assertThat(engine.historyCalls()).isEqualTo(before);
            assertThat(other.isClosed()).isFalse();
        });
    }

    @Test
    void aLoopThatIsFarBehindReadsTheHistoryInstead() {
        run(
                options.withTopics(
                        "long.*", TopicOptions.DEFAULTS.withHistory(100_000, Duration.ofHours(9))),
                () -> {
                    var client = subscribed("long.a");
                    publish("long.a", 1, 70_000); // more than a loop's queue holds
                    for (int i = 0; i < 100; i++) {
                        arrive();
                    }
                    assertThat(data(client)).isEqualTo(numbers(1, 70_000));
                });
    }

    // ---- an engine that loses something ----

    @Test
    void aGapIsMendedFromTheHistoryBeforeAnythingElseIsDelivered() {
        run(() -> {
            var client = subscribed("kept.a");
            publish("kept.a", 1, 1);
            engine.stopTelling();
            publish("kept.a", 2, 200);
            engine.tellAgainSilently();
            publish("kept.a", 201, 202);
            for (int i = 0; i < 10; i++) {
                arrive();
            }
            assertThat(data(client)).isEqualTo(numbers(1, 202));
        });
    }

    @Test
    void whenTheEngineIsBackSubscribersGetWhatTheyMissed() {
        run(() -> {
            var client = subscribed("kept.a");
            engine.stopTelling();
            publish("kept.a", 1, 100);
            assertThat(client.received()).isEmpty();
            engine.tellAgain();
            for (int i = 0; i < 10; i++) {
                arrive();
            }
            assertThat(data(client)).isEqualTo(numbers(1, 100));
        });
    }

    @Test
    void whatIsNoLongerKeptIsToldToBeLost() {
        run(() -> {
            var client = subscribed("short.a");
            engine.stopTelling();
            publish("short.a", 1, 10);
            engine.tellAgain();
            arrive();
            publish("short.a", 11, 12);
            var frames = client.received();
            assertThat(frames)
                    .extracting(f -> f.get("type").stringValue())
                    .containsExactly("lost", "message", "message");
            assertThat(frames.getFirst().get("offset").asLong())
                    .isEqualTo(frames.get(1).get("offset").asLong() - 1);
        });
    }

    @Test
    void whatIsMissedWhileAGapIsBeingMendedIsNotForgotten() {
        run(() -> {
            var client = subscribed("kept.a");
            publish("kept.a", 1, 1);
            engine.stopTelling();
            publish("kept.a", 2, 2);
            engine.tellAgainSilently();
            engine.hold("history");
            publish("kept.a", 3, 3); // by which the gap is seen
            engine.stopTelling();
            publish("kept.a", 4, 4);
            engine.tellAgain();
            arrive();
            engine.release();
            arrive();
            assertThat(data(client)).isEqualTo(numbers(1, 4));
        });
    }

    @Test
    void whatIsNewDoesNotOvertakeTheWordThatSomethingIsLost() {
        run(() -> {
            var client = subscribed("few.a");
            client.stopReading();
            publish("few.a", 1, 4);
            engine.stopTelling();
            publish("few.a", 5, 10);
            engine.tellAgain();
            arrive();
            publish("few.a", 11, 13);
            client.read();
            assertThat(client.received())
                    .extracting(f -> f.get("type").stringValue() + f.get("offset"))
                    .containsExactly("message1", "lost10", "message11", "message12", "message13");
        });
    }

    @Test
    void anEngineThatBeginsAnewHasLostEverything() {
        run(() -> {
            var client = subscribed("kept.a");
            publish("kept.a", 1, 5);
            var old = position("kept.a");
            client.received();
            engine.forgetAll();
            arrive();
            publish("kept.a", 6, 7);
            var frames = client.received();
            assertThat(frames.getFirst().get("type").stringValue()).isEqualTo("lost");
            assertThat(frames.getFirst().get("epoch").stringValue()).isNotEqualTo(old.epoch());
            assertThat(frames.subList(1, 3))
                    .extracting(f -> f.get("data").asInt())
                    .containsExactly(6, 7);
            var returning = connect();
            subscribe(returning, "kept.a", old);
            assertThat(returning.received().getFirst().get("recovered").asBoolean()).isFalse();
        });
    }

    @Test
    void whoRecoversWhileTheEngineBeginsAnewIsToldThatMessagesAreLost() {
        run(() -> {
            var other = subscribed("kept.a");
            var since = position("kept.a");
            publish("kept.a", 1, 2);
            var client = connect();
            engine.hold("history");
            Async.spawn(() -> subscribe(client, "kept.a", since));
            arrive();
            engine.forgetAll();
            arrive();
            engine.release();
            arrive();
            assertThat(types(client)).containsExactly("subscribed", "message", "message", "lost");
            assertThat(types(other)).containsExactly("message", "message", "lost");
        });
    }

    @Test
    void aSubscriptionThatTheServerEndsBeforeItHasBegunIsAnswered() {
        run(() -> {
            var client = connect();
            engine.hold("history");
            Async.spawn(() -> client.say("{\"type\":\"subscribe\",\"id\":5,\"topic\":\"kept.a\"}"));
            arrive();
            client.connection().unsubscribe("kept.a", "moved", "go elsewhere");
            arrive();
            assertThat(types(client)).containsExactly("unsubscribed", "error");
        });
    }

    // ---- the end ----

    @Test
    void aDrainIsSpreadOverItsTime() {
        run(() -> {
            var clients = IntStream.range(0, 1_000).mapToObj(i -> connect()).toList();
            var drained = hub.drain(Duration.ofSeconds(50));
            var gone = new ArrayList<Long>();
            for (int second = 0; second <= 10; second++) {
                arrive();
                gone.add(clients.stream().filter(Loopback::isClosed).count());
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(gone)
                    .containsExactly(
                            100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L, 1000L, 1000L);
            assertThat(drained).isDone();
            assertThat(clients)
                    .allSatisfy(client -> {
                        var goodBye = client.received().getLast();
                        assertThat(goodBye.get("code").stringValue()).isEqualTo("draining");
                        assertThat(goodBye.get("after").asLong()).isBetween(0L, 999L);
                    });
        });
    }

    // ---- floods ----

    @Test
    void subscribingAndUnsubscribingForEverLeavesNothingBehind() {
        run(() -> {
            var client = connect();
            for (int i = 0; i < 20_000; i++) {
                client.say("{\"type\":\"subscribe\",\"topic\":\"flood." + i + "\"}");
                client.say("{\"type\":\"unsubscribe\",\"topic\":\"flood." + i + "\"}");
            }
            assertThat(hub.interests().size()).isZero();
            assertThat(client.connection().topics()).isEmpty();
        });
    }

    @Test
    void aClientThatGoesTakesItsSubscriptionsAlong() {
        run(() -> {
            var client = connect();
            for (int i = 0; i < 128; i++) {
                client.say("{\"type\":\"subscribe\",\"topic\":\"flood." + i + "\"}");
            }
            assertThat(hub.interests().size()).isEqualTo(128);
            client.breakOff();
            assertThat(hub.interests().size()).isZero();
        });
    }

    @Test
    void clientsThatComeBackTogetherRecoverAndTheOthersGoOn() {
        run(() -> {
            var steady = subscribed("other");
            var since = position("kept.a");
            publish("kept.a", 1, 300);
            var storm = new ArrayList<Loopback>();
            for (int i = 0; i < 500; i++) {
                var client = connect();
                subscribe(client, "kept.a", since);
                storm.add(client);
            }
            hub.publish("other", 1).join();
            Async.moment();
            Async.moment();
            assertThat(data(steady)).containsExactly(1); // long before all have recovered
            assertThat(storm.getLast().received()).hasSizeLessThan(300);
            for (int i = 0; i < 50; i++) {
                arrive();
            }
            for (var client : storm.subList(0, 499)) {
                assertThat(data(client)).isEqualTo(numbers(1, 300));
            }
        });
    }

    @Test
    void aFrameThatComesTooEarlyIsAnsweredLikeAnyOther() {
        run(
                options.withFrameRate(1, 1),
                () -> {
                    var client = connect();
                    Async.spawn(() ->
                            client.say("{\"type\":\"unsubscribe\",\"id\":7,\"topic\":\"a\"}"));
                    arrive();
                    var refused = client.received().getFirst();
                    assertThat(refused.get("code").stringValue()).isEqualTo("rate");
                    assertThat(refused.get("id").asInt()).isEqualTo(7);
                });
    }

    /** Nobody has cancelled what the server does for the client. */
    @Test
    void whatWasGivenUpByTheApplicationIsAFailureLikeOthers() {
        var helpless =
                new HubAccess() {
                    private boolean fail() {
                        var givenUp = new CompletableFuture<Boolean>();
                        givenUp.cancel(true);
                        return Async.await(givenUp);
                    }

                    @Override
                    public Object onRequest(HubConnection connection, String name, JsonNode data) {
                        return fail();
                    }

                    @Override
                    public boolean mayPublish(
                            HubConnection connection, String topic, JsonNode data) {
                        return fail();
                    }

                    @Override
                    public void onDisconnect(HubConnection connection) {
                        fail();
                    }
                };
        run(
                options.withAccess(helpless),
                () -> {
                    try (var logs = LogCapture.of(Hub.class)) {
                        var client = connect();
                        client.say("{\"type\":\"request\",\"id\":3,\"name\":\"x\"}");
                        client.say("{\"type\":\"publish\",\"id\":3,\"topic\":\"x\"}");
                        arrive();
                        assertThat(client.received())
                                .extracting(f -> f.get("id") + f.get("code").stringValue())
                                .containsExactly("3internal", "3internal");
                        assertThat(logs.lines()).hasSize(2);
                        client.breakOff();
                        arrive();
                        assertThat(logs.lines()).hasSize(3);
                    }
                });
    }

    @Test
    void tooManyRequestsAtOnceAreRefused() {
        var waiting =
                new HubAccess() {
                    @Override
                    public Object onRequest(HubConnection connection, String name, JsonNode data) {
                        Async.sleep(Duration.ofMinutes(5));
                        return "late";
                    }
                };
        run(
                options.withAccess(waiting),
                () -> {
                    var client = connect();
                    for (int i = 0; i < 17; i++) {
                        client.say("{\"type\":\"request\",\"id\":" + i + ",\"name\":\"x\"}");
                    }
                    arrive();
                    var refused = client.received();
                    assertThat(refused).hasSize(1);
                    assertThat(refused.getFirst().get("code").stringValue()).isEqualTo("limit");
                    client.say("{\"type\":\"pong\"}");
                    time.advance(options.requestTimeout());
                    assertThat(client.received())
                            .filteredOn(f -> f.has("code"))
                            .hasSize(16)
                            .allMatch(f -> f.get("code").stringValue().equals("timeout"));
                });
    }
}
