package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.connect.ConnectTimeoutException.Stage;
import whirlwind.net.dns.Family;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.dns.Resolver;
import whirlwind.testing.FreePort;
import whirlwind.testing.OpenDescriptors;
import whirlwind.testing.VirtualTime;

/** Happy Eyeballs with sockets: on loopback, where time moves when the test says so. */
class HappyEyeballsTest {
    private static final Duration DELAY = Race.STAGGER;

    private final VirtualTime time = new VirtualTime();

    /** Answers with addresses as they are, if they are of the family asked for; or never. */
    private record Scripted(InetSocketAddress... addresses) implements Resolver {
        @Override
        public CompletableFuture<List<InetSocketAddress>> resolve(
                String host, int port, Family family) {
            if (addresses.length == 0) {
                return new CompletableFuture<>();
            }
            return CompletableFuture.completedFuture(
                    Arrays.stream(addresses)
                            .filter(address -> family.includes(address.getAddress()))
                            .toList());
        }

        @Override
        public void close() {}
    }

    /** An address whose SYNs the kernel drops, for its backlog is full. */
    private static final class BlackHole implements AutoCloseable {
        private final ServerSocket listening;
        private final List<Socket> filling = new ArrayList<>();

        BlackHole(String ip) throws IOException {
            listening = new ServerSocket(0, 1, InetAddress.ofLiteral(ip));
            for (int i = 0; i < 2; i++) { // Linux keeps one more than the backlog says
                filling.add(new Socket(listening.getInetAddress(), listening.getLocalPort()));
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listening.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (var socket : filling) {
                socket.close();
            }
        }
    }

    private static ServerSocket listen(String ip) throws IOException {
        return new ServerSocket(0, 50, InetAddress.ofLiteral(ip));
    }

    private static InetSocketAddress addressOf(ServerSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Where nobody listens. */
    private static InetSocketAddress refusing(String ip) throws IOException {
        try (var socket = listen(ip)) {
            return addressOf(socket);
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private void onLoop(Body body) {
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                body.run();
                return 0;
            });
        }
    }

    private static CompletableFuture<Channel> connect(
            Destination destination, InetSocketAddress... addresses) {
        return new Connector(IOLoop.current(), new Scripted(addresses)).connect(destination);
    }

    private static Destination destination() {
        return Destination.of("example.test", 80);
    }

    private static void connectsTo(
            InetSocketAddress expected, CompletableFuture<Channel> connecting) {
        var channel = Async.await(connecting);
        assertThat(channel.remoteAddress()).isEqualTo(expected);
        Channels.close(channel);
        Async.await(Channels.closed(channel));
    }

    @Test
    void oneFamilyAlone() throws Exception {
        try (var four = listen("127.0.0.1");
                var six = listen("::1")) {
            onLoop(() -> {
                connectsTo(addressOf(four), connect(destination(), addressOf(four)));
                connectsTo(addressOf(six), connect(destination(), addressOf(six)));
            });
        }
    }

    @Test
    void theResolversFirstIsTakenIfItIsGood() throws Exception {
        try (var four = listen("127.0.0.1");
                var six = listen("::1")) {
            onLoop(() -> {
                connectsTo(addressOf(six), connect(destination(), addressOf(six), addressOf(four)));
                connectsTo(
                        addressOf(four), connect(destination(), addressOf(four), addressOf(six)));
                assertThat(time.elapsed()).isZero();
            });
        }
    }

    @Test
    void aRefusalStartsTheNextAtOnce() throws Exception {
        var refused = refusing("::1");
        try (var four = listen("127.0.0.1")) {
            onLoop(() -> {
                connectsTo(addressOf(four), connect(destination(), refused, addressOf(four)));
                assertThat(time.elapsed()).isZero();
            });
        }
    }

    @Test
    void aBlackHoleDelaysTheNextAndIsGivenUpWhenThatConnects() throws Exception {
        try (var hole = new BlackHole("::1");
                var four = listen("127.0.0.1")) {
            onLoop(() -> {
                int before = OpenDescriptors.count();
                var connecting = connect(destination(), hole.address(), addressOf(four));
                time.advance(DELAY.minusMillis(1));
                assertThat(connecting).isNotDone();
                time.advance(Duration.ofMillis(1));
                connectsTo(addressOf(four), connecting);
                assertThat(time.elapsed()).isEqualTo(DELAY);
                OpenDescriptors.awaitAtMost(before);
            });
        }
    }

    @Test
    void manyAddressesAreTriedInTurn() throws Exception {
        var refused = refusing("127.0.0.2");
        try (var hole = new BlackHole("::1");
                var other = new BlackHole("127.0.0.3");
                var four = listen("127.0.0.4")) {
            onLoop(() -> {
                var connecting =
                        connect(
                                destination(),
                                hole.address(),
                                refused,
                                other.address(),
                                addressOf(four));
                time.advance(DELAY); // refused, and the next black hole at once
                assertThat(connecting).isNotDone();
                time.advance(DELAY);
                connectsTo(addressOf(four), connecting);
                assertThat(time.elapsed()).isEqualTo(DELAY.multipliedBy(2));
            });
        }
    }

    @Test
    void ifAllAreRefusedTheLastIsToldAndTheOthersAreSuppressed() throws Exception {
        var six = refusing("::1");
        var four = refusing("127.0.0.1");
        onLoop(() ->
                assertThatThrownBy(() -> Async.await(connect(destination(), six, four)))
                        .isInstanceOf(ConnectFailedException.class)
                        .hasMessageStartingWith(
                                "can't connect to example.test:80 at 127.0.0.1:%d: Connection refused"
                                        .formatted(four.getPort()))
                        .satisfies(failure ->
                                assertThat(failure.getSuppressed())
                                        .singleElement()
                                        .asString()
                                        .contains("example.test:80 at [::1]:")));
    }

    @Test
    void whoGivesUpWhileRacingLeavesNoSocket() throws Exception {
        try (var hole = new BlackHole("::1");
                var other = new BlackHole("127.0.0.1")) {
            onLoop(() -> {
                int before = OpenDescriptors.count();
                var connecting = connect(destination(), hole.address(), other.address());
                time.advance(DELAY);
                assertThat(OpenDescriptors.count()).isEqualTo(before + 2);
                connecting.cancel(true);
                OpenDescriptors.awaitAtMost(before);
            });
        }
    }

    @Test
    void theTimeLimitEndsTheRaceAndLeavesNoSocket() throws Exception {
        try (var hole = new BlackHole("::1");
                var other = new BlackHole("127.0.0.1")) {
            onLoop(() -> {
                int before = OpenDescriptors.count();
                var connecting =
                        connect(
                                destination().withTimeout(Duration.ofSeconds(3)),
                                hole.address(),
                                other.address());
                time.advance(Duration.ofSeconds(3));
                timesOut(connecting, Stage.CONNECT);
                OpenDescriptors.awaitAtMost(before);
            });
        }
    }

    @Test
    void aResolverThatDoesNotAnswerTimesOut() {
        onLoop(() -> {
            var connecting = connect(destination().withTimeout(Duration.ofSeconds(3)));
            time.advance(Duration.ofSeconds(3));
            timesOut(connecting, Stage.RESOLVE);
        });
    }

    @Test
    void aLimitThatEndsAfterTheConnectionIsThereDoesNothing() throws Exception {
        try (var four = listen("127.0.0.1")) {
            onLoop(() -> {
                var channel =
                        Async.await(
                                connect(
                                        destination().withTimeout(Duration.ofSeconds(3)),
                                        addressOf(four)));
                time.advance(Duration.ofSeconds(10));
                assertThat(channel.isActive()).isTrue();
                Channels.close(channel);
            });
        }
    }

    private static void timesOut(CompletableFuture<Channel> connecting, Stage stage) {
        assertThatThrownBy(() -> Async.await(connecting))
                .isInstanceOfSatisfying(
                        ConnectTimeoutException.class, e -> assertThat(e.stage()).isEqualTo(stage))
                .hasMessageContaining("example.test")
                .hasMessageEndingWith("has not ended within 3 s");
    }

    @Test
    void aSourceAddressRulesTheOtherFamilyOut() throws Exception {
        try (var six = listen("::1");
                var four = listen("127.0.0.1")) {
            onLoop(() -> {
                var from = destination().withSource(InetAddress.ofLiteral("127.0.0.7"), 0);
                connectsTo(addressOf(four), connect(from, addressOf(six), addressOf(four)));
            });
            assertThat(four.accept().getInetAddress())
                    .isEqualTo(InetAddress.ofLiteral("127.0.0.7"));
        }
    }

    @Test
    void aSourcePortIsKeptInEitherFamily() throws Exception {
        int port = FreePort.choose();
        try (var four = listen("127.0.0.1")) {
            onLoop(() ->
                    connectsTo(
                            addressOf(four),
                            connect(
                                    destination().withSource(null, port),
                                    refusing("::1"),
                                    addressOf(four))));
            assertThat(four.accept().getPort()).isEqualTo(port);
        }
    }

    @Test
    void aSourceThatIsNotOfThisMachineIsSaid() throws Exception {
        try (var four = listen("127.0.0.1")) {
            onLoop(() -> {
                var from = destination().withSource(InetAddress.ofLiteral("192.0.2.1"), 0);
                assertThatThrownBy(() -> Async.await(connect(from, addressOf(four))))
                        .isInstanceOf(ConnectFailedException.class)
                        .hasMessageContaining("can't connect from 192.0.2.1:0: ")
                        .hasMessageContaining("assign requested address");
            });
        }
    }

    @Test
    void aFamilyCanBeAskedFor() throws Exception {
        try (var six = listen("::1");
                var four = listen("127.0.0.1")) {
            onLoop(() -> {
                connectsTo(
                        addressOf(four),
                        connect(
                                destination().withFamily(Family.IPV4),
                                addressOf(six),
                                addressOf(four)));
                assertThatThrownBy(() ->
                                destination()
                                        .withFamily(Family.IPV6)
                                        .withSource(InetAddress.ofLiteral("127.0.0.1"), 0))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("is not IPv6");
            });
        }
    }

    @Test
    void aNameThatIsNotKnownIsSaid() {
        onLoop(() ->
                assertThatThrownBy(() ->
                                Async.await(
                                        Channels.connect(
                                                Destination.of("no such name.invalid", 80))))
                        .isInstanceOf(ResolveException.class)
                        .hasMessageContaining("no such name.invalid"));
    }
}
