package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class PingWheelTest {
    private static final Duration INTERVAL = Duration.ofSeconds(64); // a tick is a second

    private final VirtualTime time = new VirtualTime();

    /** Remembers when it was pinged and checked. */
    private class Peer implements PingWheel.Peer {
        final List<Long> pings = new ArrayList<>();
        final List<Long> checks = new ArrayList<>();
        private int place;

        @Override
        public void ping() {
            pings.add(time.elapsed().toSeconds());
        }

        @Override
        public void checkAlive() {
            checks.add(time.elapsed().toSeconds());
        }

        @Override
        public int place() {
            return place;
        }

        @Override
        public void place(int place) {
            this.place = place;
        }
    }

    private static void sleep(int seconds) {
        Async.sleep(Duration.ofSeconds(seconds));
    }

    @Test
    void eachIsPingedOneIntervalAfterItCameAndThenOnItsGrid() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, INTERVAL);
            var first = new Peer();
            wheel.add(first);
            sleep(10);
            var second = new Peer();
            wheel.add(second);
            sleep(190);
            assertThat(first.pings).containsExactly(64L, 128L, 192L);
            assertThat(second.pings).hasSize(2).first().isIn(73L, 74L);
            wheel.stop();
        });
    }

    @Test
    void whoIsPingedIsCheckedAfterTheTimeout() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, Duration.ofSeconds(5));
            var peer = new Peer();
            wheel.add(peer);
            sleep(140);
            assertThat(peer.pings).containsExactly(64L, 128L);
            assertThat(peer.checks).contains(69L, 133L);
            wheel.stop();
        });
    }

    @Test
    void aTimeoutOfAnIntervalIsOverBeforeTheNextPing() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, INTERVAL);
            var peer = new Peer();
            wheel.add(peer);
            sleep(130);
            assertThat(peer.checks).endsWith(64L, 128L);
            wheel.stop();
        });
    }

    @Test
    void withoutTimeoutNobodyIsChecked() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, Duration.ZERO);
            var peer = new Peer();
            wheel.add(peer);
            sleep(200);
            assertThat(peer.pings).hasSize(3);
            assertThat(peer.checks).isEmpty();
            wheel.stop();
        });
    }

    @Test
    void whoLeavesIsPingedNoMoreAndTheOthersAre() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, INTERVAL);
            var peers = new ArrayList<Peer>();
            for (int i = 0; i < 10; i++) {
                peers.add(new Peer());
                wheel.add(peers.getLast());
            }
            wheel.remove(peers.get(3));
            wheel.remove(peers.get(9));
            wheel.remove(peers.get(0));
            sleep(65);
            for (int i = 0; i < 10; i++) {
                assertThat(peers.get(i).pings).hasSize(i == 0 || i == 3 || i == 9 ? 0 : 1);
            }
            wheel.stop();
        });
    }

    @Test
    void ofManyThatAreDueSomeArePingedAtATime() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, INTERVAL);
            var turn = new int[1];
            var turns = new TreeSet<Integer>();
            var peers = new ArrayList<Peer>();
            for (int i = 0; i < 2_000; i++) {
                peers.add(
                        new Peer() {
                            @Override
                            public void ping() {
                                super.ping();
                                turns.add(turn[0]);
                            }
                        });
                wheel.add(peers.getLast());
            }
            sleep(64);
            while (turns.isEmpty() || turns.getLast() == turn[0]) {
                turn[0]++;
                Async.moment();
            }
            assertThat(turns).hasSizeGreaterThan(5);
            assertThat(peers).allMatch(peer -> peer.pings.size() == 1);
            wheel.stop();
        });
    }

    @Test
    void anEmptyWheelStandsStillAndTurnsAgain() {
        time.run(() -> {
            var wheel = new PingWheel(INTERVAL, INTERVAL);
            var peer = new Peer();
            wheel.add(peer);
            wheel.remove(peer);
            sleep(100);
            wheel.add(peer);
            sleep(65);
            assertThat(peer.pings).containsExactly(164L);
            wheel.stop();
        });
    }

    @Test
    void aTimeoutBeyondTheIntervalIsTheIntervalAndOneWarning() {
        time.run(() -> {
            try (var logs = LogCapture.of(WebSocketHandler.class)) {
                var wheel = Pings.wheel(INTERVAL, Duration.ofHours(1));
                assertThat(Pings.wheel(INTERVAL, Duration.ofHours(1))).isSameAs(wheel);
                assertThat(logs.lines()).singleElement().asString().contains("pingTimeout: 1 h");
            }
        });
    }

    @Test
    void anIntervalOfZeroIsNoPingsAndANegativeOneAMistake() {
        time.run(() -> {
            assertThat(Pings.wheel(Duration.ZERO, null)).isNull();
            assertThatThrownBy(() -> Pings.wheel(Duration.ofSeconds(-1), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pingInterval");
            assertThatThrownBy(() -> Pings.wheel(INTERVAL, Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pingTimeout");
        });
    }
}
