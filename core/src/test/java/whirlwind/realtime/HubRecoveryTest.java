package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import whirlwind.realtime.engine.Member;

/** What a hub remembers: publications, and who is there. */
@Timeout(60)
class HubRecoveryTest extends HubServers {
    @Test
    void whoComesBackGetsExactlyWhatItMissed() throws Exception {
        int port = serve();
        String epoch;
        long offset;
        try (var ann = HubClient.connect(port)) {
            var subscribed = ann.subscribe("room.1");
            hub.publish("room.1", 1).join();
            epoch = subscribed.get("epoch").stringValue();
            offset = nextMessage(ann).get("offset").asLong();
        }
        for (int i = 2; i <= 80; i++) { // more than a page
            hub.publish("room.1", i).join();
        }
        try (var ann = HubClient.connect(port)) {
            var subscribed = ann.subscribe("room.1", epoch, offset);
            assertThat(subscribed.get("recovered").asBoolean()).isTrue();
            assertThat(subscribed.get("offset").asLong()).isEqualTo(offset);
            for (int i = 2; i <= 80; i++) {
                var message = nextMessage(ann);
                assertThat(message.get("data").asInt()).isEqualTo(i);
                assertThat(message.get("offset").asLong()).isEqualTo(offset + i - 1);
            }
            hub.publish("room.1", 81).join();
            assertThat(nextMessage(ann).get("data").asInt()).isEqualTo(81);
            ann.expectNothingElse();
        }
    }

    /** Without the comings and goings. */
    private static JsonNode nextMessage(HubClient client) throws InterruptedException {
        while (true) {
            var frame = client.next();
            if (frame.get("type").stringValue().equals("message")) {
                return frame;
            }
        }
    }

    @Test
    void whoMissedNothingIsToldSo() throws Exception {
        try (var ann = HubClient.connect(serve())) {
            var first = ann.subscribe("plain");
            ann.ask("unsubscribe", "\"topic\":\"plain\"");
            var again =
                    ann.subscribe(
                            "plain",
                            first.get("epoch").stringValue(),
                            first.get("offset").asLong());
            assertThat(again.get("recovered").asBoolean()).isTrue();
        }
    }

    @Test
    void aForgedPositionIsNotHonoured() throws Exception {
        int port = serve();
        hub.publish("room.1", 1).join();
        var here = hub.history("room.1", null, 1).join().position();
        try (var ann = HubClient.connect(port)) {
            for (var since : List.of("other", here.epoch(), here.epoch())) {
                long offset = since.equals("other") ? 0 : Long.MAX_VALUE;
                var subscribed = ann.subscribe("room.1", since, offset);
                assertThat(subscribed.get("recovered").asBoolean()).isFalse();
                assertThat(subscribed.get("offset").asLong()).isEqualTo(here.offset());
                while (!ann.next().get("type").stringValue().equals("join")) {}
                ann.say("{\"type\":\"unsubscribe\",\"topic\":\"room.1\"}");
                ann.next("unsubscribed");
            }
            assertThat(ann.subscribe("room.1", here.epoch(), -1).get("code").stringValue())
                    .isEqualTo("malformed");
        }
    }

    // ---- history and presence ----

    @Test
    void clientsReadTheHistory() throws Exception {
        int port = serve();
        for (int i = 1; i <= 5; i++) {
            hub.publish("room.1", i).join();
        }
        try (var ann = HubClient.connect(port)) {
            var last = ann.ask("history", "\"topic\":\"room.1\",\"limit\":2");
            assertThat(last.get("complete").asBoolean()).isTrue();
            assertThat(last.get("messages"))
                    .extracting(m -> m.get("data").asInt())
                    .containsExactly(4, 5);
            var since = last.get("messages").get(0).get("offset").asLong();
            var more =
                    ann.ask(
                            "history",
                            "\"topic\":\"room.1\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}"
                                    .formatted(last.get("epoch").stringValue(), since));
            assertThat(more.get("messages"))
                    .extracting(m -> m.get("data").asInt())
                    .containsExactly(5);
        }
    }

    @Test
    void presenceTellsWhoComesAndGoesByUsersNotConnections() throws Exception {
        int port = serve();
        try (var ann = HubClient.connect(port, "ann")) {
            ann.subscribe("room.1");
            assertThat(ann.next("join").get("member").get("user").stringValue()).isEqualTo("ann");
            var bob = HubClient.connect(port, "bob");
            var secondBob = HubClient.connect(serve(), "bob");
            bob.subscribe("room.1");
            var joined = ann.next("join");
            assertThat(joined.get("member").get("info").get("name").stringValue()).isEqualTo("bob");
            secondBob.subscribe("room.1");

            var members = ann.ask("presence", "\"topic\":\"room.1\"").get("members");
            assertThat(members)
                    .extracting(m -> m.get("user").stringValue() + m.get("connections"))
                    .containsExactlyInAnyOrder("ann1", "bob2");
            assertThat(hub.presence("room.1").join()).extracting(Member::user).hasSize(2);

            bob.vanish();
            assertThat(access.gone.take()).isEqualTo("bob");
            ann.expectNothingElse();
            secondBob.close();
            assertThat(ann.next("leave").get("member").get("user").stringValue()).isEqualTo("bob");
        }
    }
}
