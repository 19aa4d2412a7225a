package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.Async;
import whirlwind.realtime.websocket.WebSocketClient;
import whirlwind.testing.VirtualTime;

/** Clients that say what they should not, too much, or nothing at all. */
@Timeout(60)
class HubLimitsTest extends HubServers {
    @Test
    void whatIsNotInTheProtocolIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (var ann = HubClient.connect(serve())) {
            assertThat(ann.subprotocol()).isEqualTo("whirlwind.v1");
            for (var frame :
                    List.of(
                            "no json",
                            "[]",
                            "{}",
                            "{\"type\":\"dance\"}",
                            "{\"type\":\"subscribe\"}",
                            "{\"type\":\"subscribe\",\"topic\":7}",
                            "{\"type\":\"subscribe\",\"topic\":\"a b\"}",
                            "{\"type\":\"publish\",\"topic\":\"a.*\"}",
                            "{\"type\":\"subscribe\",\"id\":\"x\",\"topic\":\"a\"}",
                            "{\"type\":\"connect\",\"version\":1}")) {
                ann.say(frame);
                assertThat(ann.next("error").get("code").stringValue()).isEqualTo("malformed");
            }
            ann.expectNothingElse();
        }
    }

    @Test
    void aFrameThatIsNoTextEndsTheConnection() throws Exception {
        int port = serve();
        servers.getFirst()
                .onLoop(() -> {
                    var url = "ws://127.0.0.1:" + port + "/whirlwind/ws";
                    var socket = Async.await(WebSocketClient.connect(url));
                    socket.writeMessage(new byte[100]);
                    assertThat(Async.await(socket.readMessage())).isNull();
                    assertThat(socket.closeCode()).isEqualTo(1003);
                    return true;
                });
    }

    @Test
    void limitsOfHistoryThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Hub().history("a", null, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: -1 publications (at least 0)");
        assertThatThrownBy(() ->
                        TopicOptions.DEFAULTS.withHistory(9, ChronoUnit.FOREVER.getDuration()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("history age:")
                .hasMessageContaining("at most 36500 days");
    }

    @Test
    void theFirstFrameMustBeConnectOfAKnownVersion() throws Exception {
        int port = serve();
        var early = HubClient.silent(port).say("{\"type\":\"subscribe\",\"topic\":\"a\"}");
        early.next("error");
        early.next("disconnect");
        early.next("closed");
        var future = HubClient.silent(port).say("{\"type\":\"connect\",\"version\":2}");
        assertThat(future.next("error").get("code").stringValue()).isEqualTo("version");
        assertThat(future.next("disconnect").get("reconnect").asBoolean()).isFalse();
    }

    @Test
    void subscriptionsAndFramesHaveLimits() throws Exception {
        try (var ann =
                HubClient.connect(serve(options.withMaxSubscriptions(2).withMaxFrameSize(1000)))) {
            ann.subscribe("a");
            ann.subscribe("b");
            assertThat(ann.subscribe("c").get("code").stringValue()).isEqualTo("limit");
            ann.ask("unsubscribe", "\"topic\":\"a\"");
            assertThat(ann.subscribe("c").get("type").stringValue()).isEqualTo("subscribed");
            ann.say(" ".repeat(1001));
            assertThat(ann.next("disconnect").get("code").stringValue()).isEqualTo("limit");
        }
    }

    @Test
    void aClientThatSaysTooMuchIsSlowedDown() throws Exception {
        try (var ann = HubClient.connect(serve(options.withFrameRate(5, 5)))) {
            for (int i = 0; i < 10; i++) {
                ann.say("{\"type\":\"unsubscribe\",\"id\":1,\"topic\":\"a\"}");
            }
            var answers = new ArrayList<String>();
            for (int i = 0; i < 10; i++) {
                answers.add(ann.next().get("type").stringValue());
            }
            assertThat(answers).contains("error", "unsubscribed");
        }
    }

    @Test
    void aClientThatReadsNothingIsDisconnectedAndOthersGoOn() throws Exception {
        int port = serve();
        HubClient.deaf(port, "{\"type\":\"subscribe\",\"topic\":\"news\"}");
        try (var ann = HubClient.connect(port)) {
            ann.subscribe("news");
            var big = "x".repeat(100_000);
            int published = 0;
            while (access.gone.isEmpty()) {
                hub.publish("news", big).join();
                assertThat(ann.next("message").get("data").stringValue()).hasSize(100_000);
                assertThat(++published).isLessThan(1000);
            }
        }
    }

    private void pass(VirtualTime time, Duration duration) throws Exception {
        servers.getFirst()
                .onLoop(() -> {
                    time.advance(duration);
                    return true;
                });
    }

    @Test
    void whoIsSilentIsAskedAndThenGone() throws Exception {
        var heartbeat = Duration.ofSeconds(10);
        var time = new VirtualTime();
        int port = serve(time.newLoop(), options.withHeartbeat(heartbeat));
        var ann = HubClient.connect(port, "ann");
        pass(time, heartbeat);
        ann.next("ping");
        ann.say("{\"type\":\"pong\"}");
        ann.expectNothingElse(); // so it has come
        pass(time, heartbeat);
        ann.next("ping");
        pass(time, heartbeat.multipliedBy(3));
        for (JsonNode frame = ann.next();
                !frame.get("type").stringValue().equals("disconnect");
                frame = ann.next()) {
            assertThat(frame.get("type").stringValue()).isEqualTo("ping");
        }
        var silent = HubClient.silent(port);
        pass(time, heartbeat.multipliedBy(3));
        assertThat(silent.next("disconnect").get("code").stringValue()).isEqualTo("timeout");
    }

    @Test
    void aClientThatIsAloneIsGivenAsMuchTimeAsOneAmongMany() throws Exception {
        var heartbeat = Duration.ofMillis(400);
        int port = serve(options.withHeartbeat(heartbeat));
        long start = System.nanoTime();
        var ann = HubClient.connect(port, "ann");
        ann.next("ping");
        while (!ann.next().get("type").stringValue().equals("disconnect")) {
            // more pings
        }
        assertThat(System.nanoTime() - start).isGreaterThan(heartbeat.toNanos() * 3 / 2);
    }
}
