package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.websocket.WebSocketClient;
import whirlwind.realtime.websocket.WebSocketClientOptions;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

@Timeout(60)
class HubTest extends HubServers {
    // ---- publish and subscribe ----

    @Test
    void whatIsPublishedReachesTheSubscribersOfAllLoops() throws Exception {
        try (var ann = HubClient.connect(serve(), "ann");
                var bob = HubClient.connect(serve(), "bob")) {
            var subscribed = ann.subscribe("news");
            assertThat(subscribed.get("type").stringValue()).isEqualTo("subscribed");
            assertThat(subscribed.has("recovered")).isFalse();
            bob.subscribe("news");

            var position = hub.publish("news", Map.of("text", "größer </b>")).join();

            for (var client : List.of(ann, bob)) {
                var message = client.next("message");
                assertThat(message.get("topic").stringValue()).isEqualTo("news");
                assertThat(message.get("offset").asLong()).isEqualTo(position.offset());
                assertThat(message.get("data").get("text").stringValue()).isEqualTo("größer </b>");
                assertThat(message.has("user")).isFalse();
            }
            assertThat(subscribed.get("epoch").stringValue()).isEqualTo(position.epoch());
        }
    }

    @Test
    void clientsPublishAndAreToldThePosition() throws Exception {
        try (var ann = HubClient.connect(serve(), "ann");
                var bob = HubClient.connect(serve(), "bob")) {
            bob.subscribe("news");
            var published = ann.ask("publish", "\"topic\":\"news\",\"data\":[1,null]");
            assertThat(published.get("type").stringValue()).isEqualTo("published");
            var message = bob.next("message");
            assertThat(message.get("user").stringValue()).isEqualTo("ann");
            assertThat(message.get("data").toString()).isEqualTo("[1,null]");
            assertThat(message.get("offset")).isEqualTo(published.get("offset"));
        }
    }

    @Test
    void patternsBringWhatTheyMatchAndSaySo() throws Exception {
        try (var ann = HubClient.connect(serve())) {
            assertThat(ann.subscribe("news.*").has("offset")).isFalse();
            ann.subscribe("news.one");

            hub.publish("news.two", 2).join();
            hub.publish("news.one", 1).join();
            hub.publish("other.one", 3).join();

            var two = ann.next("message");
            assertThat(two.get("topic").stringValue()).isEqualTo("news.two");
            assertThat(two.get("pattern").stringValue()).isEqualTo("news.*");
            var one = ann.next("message");
            var again = ann.next("message");
            assertThat(one.has("pattern")).isNotEqualTo(again.has("pattern"));
            ann.expectNothingElse();
        }
    }

    @Test
    void afterUnsubscribingNothingComes() throws Exception {
        try (var ann = HubClient.connect(serve())) {
            ann.subscribe("news");
            ann.ask("unsubscribe", "\"topic\":\"news\"");
            hub.publish("news", 1).join();
            ann.expectNothingElse();
            ann.subscribe("news");
            hub.publish("news", 2).join();
            assertThat(ann.data()).isEqualTo("2");
        }
    }

    @Test
    void theServerSubscribesToo() throws Exception {
        serve();
        var seen = new LinkedBlockingQueue<Publication>();
        var subscription =
                servers.getFirst()
                        .onLoop(() -> {
                            var made =
                                    hub.subscribe(
                                            "news.**",
                                            publication -> {
                                                seen.add(publication);
                                                throw new IllegalStateException("logged");
                                            });
                            Async.await(made.started());
                            return made;
                        });
        hub.publish("news.a.b", 1).join();
        hub.publish("news.c", 2).join();
        assertThat(seen.take().json()).isEqualTo("1");
        assertThat(seen.take().topic()).isEqualTo("news.c");
        servers.getFirst()
                .onLoop(() -> {
                    subscription.close();
                    subscription.close();
                    return true;
                });
        hub.publish("news.c", 3).join();
        servers.getFirst().onLoop(() -> true);
        assertThat(seen).isEmpty();
    }

    @Test
    void framesAreCompressedIfBothWantIt() throws Exception {
        int port = serve(options.withCompression(true));
        var plain = HubClient.connect(port);
        plain.subscribe("news");
        var text = "again and again ".repeat(1000);
        servers.getFirst()
                .onLoop(() -> {
                    var socket =
                            Async.await(
                                    WebSocketClient.connect(
                                            HttpRequest.of(
                                                    "ws://127.0.0.1:" + port + "/whirlwind/ws"),
                                            WebSocketClientOptions.DEFAULTS.withDeflate(
                                                    DeflateOptions.DEFAULTS)));
                    assertThat(socket.isCompressed()).isTrue();
                    socket.writeMessage("{\"type\":\"connect\",\"version\":1}");
                    socket.writeMessage("{\"type\":\"subscribe\",\"topic\":\"news\"}");
                    Async.await(socket.readMessage());
                    Async.await(socket.readMessage());
                    hub.publish("news", text);
                    assertThat(Async.await(socket.readMessage()).toString()).contains("again");
                    socket.close();
                    return true;
                });
        assertThat(plain.next("message").get("data").stringValue()).isEqualTo(text);
    }

    // ---- access ----

    @Test
    void byDefaultNobodyMayPublishOrUsePatterns() throws Exception {
        try (var ann = HubClient.connect(serve(HubOptions.DEFAULTS))) {
            assertThat(
                            ann.ask("publish", "\"topic\":\"news\",\"data\":1")
                                    .get("code")
                                    .stringValue())
                    .isEqualTo("forbidden");
            assertThat(ann.subscribe("news.*").get("code").stringValue()).isEqualTo("forbidden");
            assertThat(ann.ask("request", "\"name\":\"x\"").get("code").stringValue())
                    .isEqualTo("forbidden");
            assertThat(ann.ask("presence", "\"topic\":\"news\"").get("code").stringValue())
                    .isEqualTo("forbidden");
            assertThat(ann.subscribe("news").get("type").stringValue()).isEqualTo("subscribed");
        }
    }

    @Test
    void aClientThatIsNotLetInIsToldWhyAndGone() throws Exception {
        var refusing =
                new HubAccess() {
                    @Override
                    public HubUser connect(ConnectRequest request) {
                        throw HubRefusal.unauthorized("no session in " + request.request().path());
                    }
                };
        var ann = HubClient.silent(serve(HubOptions.DEFAULTS.withAccess(refusing)));
        ann.say("{\"type\":\"connect\",\"id\":1,\"version\":1}");
        var error = ann.next("error");
        assertThat(error.get("code").stringValue()).isEqualTo("unauthorized");
        assertThat(error.get("message").stringValue()).isEqualTo("no session in /whirlwind/ws");
        assertThat(ann.next("disconnect").get("reconnect").asBoolean()).isFalse();
        ann.next("closed");
    }

    @Test
    void aClientThatTheServerFailsToLetInMayComeAgain() throws Exception {
        var failing =
                new HubAccess() {
                    @Override
                    public HubUser connect(ConnectRequest request) {
                        throw new IllegalStateException("the database is away");
                    }
                };
        var ann = HubClient.silent(serve(HubOptions.DEFAULTS.withAccess(failing)));
        ann.say("{\"type\":\"connect\",\"id\":1,\"version\":1}");
        assertThat(ann.next("error").get("code").stringValue()).isEqualTo("internal");
        var bye = ann.next("disconnect");
        assertThat(bye.get("code").stringValue()).isEqualTo("internal");
        assertThat(bye.get("reconnect").asBoolean()).isTrue();
    }

    @Test
    void aFailureInARuleIsTheServersOwn() throws Exception {
        var failing =
                new HubAccess() {
                    @Override
                    public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
                        throw new StackOverflowError("secret");
                    }
                };
        try (var ann = HubClient.connect(serve(HubOptions.DEFAULTS.withAccess(failing)))) {
            var error = ann.subscribe("news");
            assertThat(error.get("code").stringValue()).isEqualTo("internal");
            assertThat(error.toString()).doesNotContain("secret");
        }
    }

    // ---- requests ----

    @Test
    void requestsOfClientsAreAnswered() throws Exception {
        try (var ann = HubClient.connect(serve())) {
            var reply = ann.ask("request", "\"name\":\"any\",\"data\":{\"a\":1}");
            assertThat(reply.get("type").stringValue()).isEqualTo("reply");
            assertThat(reply.get("data").toString()).isEqualTo("{\"echo\":{\"a\":1}}");
        }
    }

    @Test
    void theServerAsksAClientWhileItAnswersIt() throws Exception {
        var asking =
                new HubAccess() {
                    @Override
                    public Object onRequest(HubConnection connection, String name, JsonNode data) {
                        return Async.await(connection.request("who?", Duration.ofSeconds(20)));
                    }
                };
        try (var ann = HubClient.connect(serve(HubOptions.DEFAULTS.withAccess(asking)))) {
            ann.say("{\"type\":\"request\",\"id\":7,\"name\":\"x\"}");
            var question = ann.next("request");
            assertThat(question.get("data").stringValue()).isEqualTo("who?");
            ann.say("{\"type\":\"reply\",\"id\":" + question.get("id") + ",\"data\":\"me\"}");
            var reply = ann.next("reply");
            assertThat(reply.get("id").asInt()).isEqualTo(7);
            assertThat(reply.get("data").stringValue()).isEqualTo("me");
        }
    }

    @Test
    void aClientThatDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        try (var ann = HubClient.connect(serve(), "ann")) {
            var connection = hub.connectionsOf("ann").join().getFirst();
            var answer = connection.request(1, Duration.ofMillis(1));
            ann.next("request");
            assertThatThrownBy(answer::join).hasCauseInstanceOf(AsyncTimeoutException.class);
            var refused = connection.request(2, Duration.ofSeconds(20));
            ann.say(
                    "{\"type\":\"error\",\"id\":%s,\"code\":\"busy\",\"message\":\"later\"}"
                            .formatted(ann.next("request").get("id")));
            assertThatThrownBy(refused::join).hasCauseInstanceOf(HubRefusal.class);
            var unanswered = connection.request(3, Duration.ofSeconds(20));
            ann.next("request");
            ann.vanish();
            assertThatThrownBy(unanswered::join)
                    .hasCauseInstanceOf(HubConnectionClosedException.class);
        }
    }

    // ---- from the server ----

    @Test
    void theServerSpeaksToOneClientUnsubscribesAndDisconnectsIt() throws Exception {
        int port = serve();
        var ann = HubClient.connect(port, "ann");
        HubClient.connect(port, "bob");
        ann.subscribe("news");
        assertThat(hub.connections().join()).hasSize(2);
        var connection = hub.connectionsOf("ann").join().getFirst();

        connection.send(Map.of("for", "you"));
        var message = ann.next("message");
        assertThat(message.has("topic")).isFalse();
        assertThat(message.get("data").get("for").stringValue()).isEqualTo("you");

        connection.unsubscribe("news", "moved", "go elsewhere");
        assertThat(ann.next("unsubscribed").get("code").stringValue()).isEqualTo("moved");
        hub.publish("news", 1).join();
        ann.expectNothingElse();

        connection.disconnect("banned", "go away", false);
        var bye = ann.next("disconnect");
        assertThat(bye.get("code").stringValue()).isEqualTo("banned");
        assertThat(bye.get("reconnect").asBoolean()).isFalse();
        ann.next("closed");
        assertThat(access.gone.take()).isEqualTo("ann");
        assertThat(connection.isOpen()).isFalse();
        connection.send(1);
        connection.disconnect("again", "", true);
    }

    @Test
    void drainingTellsClientsToComeAgainElsewhere() throws Exception {
        int port = serve();
        var ann = HubClient.connect(port, "ann");
        hub.drain(Duration.ofMillis(100)).join();
        var bye = ann.next("disconnect");
        assertThat(bye.get("code").stringValue()).isEqualTo("draining");
        assertThat(bye.get("reconnect").asBoolean()).isTrue();
        assertThat(bye.get("after").asLong()).isBetween(0L, 1000L);
        ann.next("closed");

        var late = HubClient.silent(port);
        late.say("{\"type\":\"connect\",\"id\":1,\"version\":1}");
        assertThat(late.next("disconnect").get("code").stringValue()).isEqualTo("draining");
    }

    @Test
    void aServerThatDrainsMovesItsClientsAway() throws Exception {
        var application = new Application();
        var server = ServedApplication.of(application);
        servers.add(server);
        hub = new Hub(options);
        server.onLoop(() -> {
            hub.mount(application);
            return true;
        });
        var ann = HubClient.connect(server.port(), "ann");
        var drained = new CompletableFuture<Boolean>();
        server.loop()
                .spawnCallback(() -> {
                    server.server().drain(Duration.ofSeconds(20));
                    drained.complete(true);
                });
        var bye = ann.next("disconnect");
        assertThat(bye.get("code").stringValue()).isEqualTo("draining");
        assertThat(bye.get("reconnect").asBoolean()).isTrue();
        ann.next("closed");
        assertThat(drained.join()).isTrue();
    }

    // ---- a loop that closes ----

    /** Also what it waits for, for a while. */
    @Test
    void whoIsThereWhenALoopClosesHasGone() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var slow =
                new Anything() {
                    @Override
                    public void onDisconnect(HubConnection connection) {
                        Async.sleep(Duration.ofMillis(1));
                        told.add(connection.user().id());
                    }
                };
        int port = serve(options.withAccess(slow));
        HubClient.connect(port, "ann");
        var polling = java.net.http.HttpClient.newHttpClient();
        new SessionServers.Session.Server(polling, port)
                .begin("{\"type\":\"connect\",\"id\":1,\"version\":1,\"token\":\"bob\"}");
        servers.getFirst().close();
        assertThat(told).containsExactlyInAnyOrder("ann", "bob");
    }

    @Test
    void nobodyWaitsForALoopThatHasClosed() throws Exception {
        serve();
        HubClient.connect(serve(), "ann");
        var connection = hub.connectionsOf("ann").join().getFirst();
        servers.getLast().close();
        assertThat(connection.request("who?", Duration.ofMinutes(1)))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(HubConnectionClosedException.class);
        assertThat(hub.connections()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(hub.drain(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
    }
}
