package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.realtime.engine.Position;

/** How a client comes by what it missed, or hears that it is lost, also when the engine fails. */
@Timeout(60)
class CatchUpTest extends HubInHand {
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
    void aHistoryThatFailsIsAskedForOnceASecondHoweverMuchIsPublished() {
        run(() -> {
            var client = subscribed("kept.a");
            engine.stopTelling();
            publish("kept.a", 1, 1);
            engine.tellAgainSilently();
            engine.fail("history");
            int before = engine.historyCalls();
            for (int i = 2; i <= 20; i++) {
                publish("kept.a", i, i); // each shows that the first one is missing
            }
            time.advance(Duration.ofSeconds(3));
            assertThat(engine.historyCalls()).isBetween(before + 2, before + 5);
            engine.fail("");
            time.advance(Duration.ofSeconds(1));
            arrive();
            assertThat(data(client)).isEqualTo(numbers(1, 20));
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
}
