package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** The life of one connection to the hub, and of very many. */
@Timeout(60)
class HubConnectionTest extends HubInHand {
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
