package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;
import whirlwind.loop.Async;
import whirlwind.realtime.protocol.Frame;

/** What a publication costs on its way to many subscribers on several loops. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BroadcastTest extends HubServers {
    private static final int SUBSCRIBERS = 50;
    private static final int PUBLICATIONS = 300;
    private static final String LAST = "\"last\"";

    /** Takes what comes as transports do: a frame in each of its forms. */
    private static final class Taker implements Outlet {
        final HubConnection connection;
        final List<List<Object>> forms = new ArrayList<>();
        private final CountDownLatch last;

        Taker(Hub hub, String topic, CountDownLatch last) {
            this.last = last;
            connection = new HubConnection(hub.here(), this);
            var line = new RequestStartLine("GET", "/", HttpVersion.HTTP_1_1);
            connection.begin(new HttpServerRequest(line, Headers.of("Host", "x")));
            connection.receive("{\"type\":\"connect\",\"version\":1,\"token\":\"ann\"}");
            connection.receive("{\"type\":\"subscribe\",\"topic\":\"" + topic + "\"}");
        }

        @Override
        public String transport() {
            return "test";
        }

        @Override
        public boolean send(Frame frame) {
            if (frame.json().startsWith("{\"type\":\"message\"")) {
                forms.add(List.of(frame, frame.webSocket(), frame.event()));
                if (frame.json().contains(LAST)) {
                    last.countDown();
                }
            }
            return true;
        }

        @Override
        public void close() {}
    }

    /** So that a loop that waits is not woken for heartbeats. */
    private final HubOptions calm = options.withHeartbeat(Duration.ofHours(1));

    private final CountDownLatch last = new CountDownLatch(2 * SUBSCRIBERS);

    /** On two loops, on each of which there is a client by WebSocket, too. */
    private List<Taker> subscribe(String topic) throws Exception {
        var takers = new ArrayList<Taker>();
        for (int i = 0; i < 2; i++) {
            HubClient.connect(serve(calm));
            takers.addAll(
                    servers.getLast()
                            .onLoop(() -> {
                                var here = new ArrayList<Taker>();
                                for (int j = 0; j < SUBSCRIBERS; j++) {
                                    here.add(new Taker(hub, topic, last));
                                }
                                return here;
                            }));
        }
        return takers;
    }

    private void awaitLast(String topic) throws Exception {
        hub.publish(topic, "last").join();
        assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"news.today", "news.*"})
    void isEncodedOnceForAllLoops(String subscribedTo) throws Exception {
        var takers = subscribe(subscribedTo);
        for (int i = 0; i < PUBLICATIONS; i++) {
            hub.publish("news.today", i).join();
        }
        awaitLast("news.today");
        for (int i = 0; i < PUBLICATIONS; i++) {
            for (int form = 0; form < 3; form++) {
                Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());
                for (var taker : takers) {
                    made.add(taker.forms.get(i).get(form));
                }
                assertThat(made).hasSize(1);
            }
        }
    }

    /** However many subscribers there are, and however much is published meanwhile. */
    @Test
    void wakesEachLoopOnce() throws Exception {
        subscribe("news.today");
        var before = new ArrayList<Long>();
        var goOn = new CountDownLatch(1);
        for (var server : servers) {
            before.add(
                    server.onLoop(() -> {
                        Async.moment();
                        return server.loop().metrics().callbacks();
                    }));
            server.loop()
                    .addCallback(() -> {
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
        for (int i = 0; i < 20; i++) {
            hub.publish("news.today", i).join();
        }
        hub.publish("news.today", "last").join();
        goOn.countDown();
        assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 2; i++) {
            var server = servers.get(i);
            long callbacks = server.onLoop(() -> server.loop().metrics().callbacks());
            // The one that held it, that looks, the one that takes what was published, and those
            // that tell it, to 256 at a time.
            int told = 21 * SUBSCRIBERS / 256 + 1;
            assertThat(callbacks - before.get(i)).isBetween(4L, 3L + told + 2);
        }
    }
}
