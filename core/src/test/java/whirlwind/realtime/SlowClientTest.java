package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;

/** What becomes of messages for a client that does not take them. */
@Timeout(60)
class SlowClientTest extends HubInHand {
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
}
