package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import whirlwind.redis.RedisServer.Persistence;

/** Three servers in processes of their own, one Redis, and clients over WebSocket. */
class RedisHubTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A server is late, and taken for dead, if it stands still for two thirds of this. */
    private static final Duration PRESENCE = Duration.ofSeconds(4);

    private static RedisServer redis;
    private static final List<HubServer> SERVERS = new ArrayList<>();

    private final List<HubPeer> peers = new ArrayList<>();

    @BeforeAll
    static void startAll() throws Exception {
        redis = RedisServer.start(Persistence.LOG);
        for (int i = 0; i < 3; i++) {
            SERVERS.add(startServer(PATIENCE));
        }
    }

    private static HubServer startServer(Duration patience) throws Exception {
        return HubServer.start(redis.url(), patience, Duration.ofSeconds(2), PRESENCE);
    }

    @AfterAll
    static void closeAll() throws Exception {
        SERVERS.forEach(HubServer::close);
        redis.close();
    }

    @AfterEach
    void closePeers() {
        peers.forEach(HubPeer::close);
    }

    /** Connected to one of the servers. */
    private HubPeer connect(int server, String user) throws Exception {
        var peer = HubPeer.connect(SERVERS.get(server).port(), user);
        peers.add(peer);
        return peer;
    }

    /** Until a peer is told that this user has come or gone; others may have, too. */
    private static void awaitPresence(HubPeer told, String change, String user) throws Exception {
        while (!told.next(change).get("member").get("user").stringValue().equals(user)) {}
    }

    @Test
    void clientsOfAllServersMeetInOneTopic() throws Exception {
        var ann = connect(0, "ann");
        var bob = connect(1, "bob");
        var eve = connect(2, "eve");
        for (var peer : List.of(ann, bob, eve)) {
            peer.subscribe("room.meet");
            peer.next("subscribed");
            ann.next("join"); // so presence knows it
        }

        eve.publish("room.meet", "\"hello\"");

        for (var peer : List.of(ann, bob, eve)) {
            var message = peer.next("message");
            assertThat(message.get("data").stringValue()).isEqualTo("hello");
            assertThat(message.get("user").stringValue()).isEqualTo("eve");
            assertThat(message.get("offset").asLong()).isEqualTo(1);
        }
        ann.say("presence", "\"topic\":\"room.meet\"");
        assertThat(ann.next("presence").get("members").valueStream())
                .extracting(member -> member.get("user").stringValue())
                .containsExactlyInAnyOrder("ann", "bob", "eve");
    }

    @Test
    void aClientWhoseServerDiedGoesOnAtAnotherAndOthersAreToldWhoLeft() throws Exception {
        var ann = connect(0, "ann");
        var bob = connect(2, "bob");
        ann.subscribe("room.dead");
        ann.next("subscribed");
        bob.subscribe("room.dead");
        bob.next("subscribed");
        awaitPresence(ann, "join", "bob");
        ann.publish("room.dead", "1");
        var last = bob.next("message");
        var epoch = ann.next("published").get("epoch").stringValue();

        SERVERS.get(2).close();
        bob.next("gone");
        ann.publish("room.dead", "2");
        awaitPresence(ann, "leave", "bob");

        var again = connect(1, "bob");
        again.subscribe("room.dead", epoch, last.get("offset").asLong());
        assertThat(again.next("subscribed").get("recovered").booleanValue()).isTrue();
        assertThat(again.next("message").get("data").asInt()).isEqualTo(2);
        SERVERS.set(2, startServer(PATIENCE));
    }

    @Test
    void whatWasPublishedWhileRedisRestartedIsMissedByNobody() throws Exception {
        var ann = connect(0, "ann");
        var bob = connect(1, "bob");
        bob.subscribe("room.restart");
        bob.next("subscribed");

        redis.kill();
        ann.publish("room.restart", "1");
        redis.start();
        ann.next("published");
        ann.publish("room.restart", "2");

        assertThat(bob.next("message").get("data").asInt()).isEqualTo(1);
        assertThat(bob.next("message").get("data").asInt()).isEqualTo(2);
    }

    @Test
    void whenRedisStaysAwayClientsAreToldSo() throws Exception {
        try (var impatient = startServer(Duration.ofSeconds(1));
                var ann = HubPeer.connect(impatient.port(), "ann")) {
            redis.kill();
            try {
                ann.publish("room.away", "1");
                assertThat(ann.next("error").get("code").stringValue())
                        .isIn("unavailable", "timeout");
            } finally {
                redis.start();
            }
            do { // until the server has noticed
                ann.publish("room.away", "2");
            } while (!ann.next().get("type").stringValue().equals("published"));
        }
    }

    @Test
    void whenRedisHasForgottenAllSubscribersAreToldThatMessagesAreLost() throws Exception {
        var ann = connect(0, "ann");
        var bob = connect(1, "bob");
        bob.subscribe("room.forgotten");
        bob.next("subscribed");
        ann.publish("room.forgotten", "1");
        var before = ann.next("published");
        bob.next("message");

        redis.ask("FLUSHALL");
        ann.publish("room.forgotten", "2");

        var lost = bob.next("lost");
        assertThat(lost.get("epoch")).isNotEqualTo(before.get("epoch"));
        ann.publish("room.forgotten", "3");
        assertThat(bob.next("message").get("data").asInt()).isEqualTo(3);
        bob.say("unsubscribe", "\"topic\":\"room.forgotten\"");
        bob.next("unsubscribed");
        bob.subscribe("room.forgotten", before.get("epoch").stringValue(), 1);
        assertThat(bob.next("subscribed").get("recovered").booleanValue()).isFalse();
    }
}
