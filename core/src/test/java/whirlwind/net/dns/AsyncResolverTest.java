package whirlwind.net.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsyncResolverTest {
    private static final int NO_ERROR = 0;
    private static final int NO_SUCH_NAME = 3;

    /** A name server on loopback, which does what the first part of a name says. */
    private static final class NameServer implements AutoCloseable {
        private final DatagramSocket socket;
        private final AtomicInteger questions = new AtomicInteger();
        private final CompletableFuture<Boolean> goOn = new CompletableFuture<>();

        NameServer() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            Thread.ofPlatform().daemon().name("name-server").start(this::serve);
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }

        private void serve() {
            var buffer = new byte[1500];
            while (!socket.isClosed()) {
                var packet = new DatagramPacket(buffer, buffer.length);
                try {
                    socket.receive(packet);
                    questions.incrementAndGet();
                    answer(Arrays.copyOf(buffer, packet.getLength()), packet);
                } catch (IOException e) {
                    socket.close();
                }
            }
        }

        private void answer(byte[] question, DatagramPacket from) throws IOException {
            var to = from.getSocketAddress();
            switch (new String(question, 13, question[12], StandardCharsets.US_ASCII)) {
                case "dead" -> {}
                case "garbage" -> send(new byte[] {question[0], question[1], 1, 2, 3}, to);
                case "unknown" -> send(reply(question, NO_SUCH_NAME), to);
                case "late" -> {
                    var reply = reply(question, NO_ERROR);
                    var _ = goOn.thenRun(() -> send(reply, to));
                }
                default -> send(reply(question, NO_ERROR), to);
            }
        }

        private void send(byte[] bytes, java.net.SocketAddress to) {
            try {
                socket.send(new DatagramPacket(bytes, bytes.length, to));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** RFC 1035 section 4: the question again, and 10.1.2.3 for those who ask for IPv4. */
        private static byte[] reply(byte[] question, int code) throws IOException {
            int end = 12;
            while (question[end] != 0) {
                end += question[end] + 1;
            }
            boolean found = code == NO_ERROR && question[end + 2] == 1;
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.write(question, 0, 2);
            out.writeShort(0x8180 | code);
            out.writeShort(1);
            out.writeShort(found ? 1 : 0);
            out.writeInt(0);
            out.write(question, 12, end + 5 - 12);
            if (found) {
                out.writeShort(0xC00C);
                out.writeShort(1);
                out.writeShort(1);
                out.writeInt(60);
                out.writeShort(4);
                out.write(new byte[] {10, 1, 2, 3});
            }
            return bytes.toByteArray();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private interface Body {
        void run(AsyncResolver resolver, NameServer server) throws Exception;
    }

    private static void run(Duration queryTimeout, Body body) throws IOException {
        try (var server = new NameServer();
                var loop = new IOLoop()) {
            var options =
                    DnsOptions.DEFAULTS
                            .withNameServers(server.address())
                            .withQueryTimeout(queryTimeout)
                            .withHostsFile(false);
            loop.runSync(() -> {
                try (var resolver = new AsyncResolver(options)) {
                    body.run(resolver, server);
                }
                return null;
            });
        }
    }

    private static void run(Body body) throws IOException {
        run(Duration.ofSeconds(20), body);
    }

    @Test
    void aNameIsAskedForOnceAndRemembered() throws Exception {
        run((resolver, server) -> {
            var first = Async.await(resolver.resolve("a.test", 80, Family.IPV4));
            var again = Async.await(resolver.resolve("a.test", 81, Family.IPV4));
            assertThat(first)
                    .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("10.1.2.3"), 80));
            assertThat(again.getFirst().getPort()).isEqualTo(81);
            assertThat(server.questions).hasValue(1);
        });
    }

    @Test
    void aFamilyWithoutAddressesIsNoFailure() throws Exception {
        run((resolver, server) ->
                assertThat(Async.await(resolver.resolve("a.test", 80)))
                        .extracting(address -> address.getAddress().getHostAddress())
                        .containsExactly("10.1.2.3"));
    }

    @Test
    void anUnknownNameFailsWithItsName() throws Exception {
        run((resolver, server) ->
                assertThatThrownBy(() -> Async.await(resolver.resolve("unknown.test", 80)))
                        .isInstanceOf(ResolveException.class)
                        .hasMessageContaining("unknown.test"));
    }

    @Test
    void aServerThatDoesNotAnswerHoldsNobodyElse() throws Exception {
        run(
                Duration.ofMillis(500),
                (resolver, server) -> {
                    var dead = resolver.resolve("dead.test", 80, Family.IPV4);
                    for (int i = 0; i < 20; i++) {
                        Async.await(resolver.resolve("alive" + i + ".test", 80, Family.IPV4));
                    }
                    assertThatThrownBy(() -> Async.await(dead))
                            .isInstanceOf(NameServerTimeoutException.class)
                            .hasMessageContaining("dead.test");
                });
    }

    @Test
    void garbageIsNoAnswer() throws Exception {
        run(
                Duration.ofMillis(300),
                (resolver, server) ->
                        assertThatThrownBy(() ->
                                        Async.await(
                                                resolver.resolve("garbage.test", 80, Family.IPV4)))
                                .isInstanceOf(ResolveException.class)
                                .hasMessageContaining("garbage.test"));
    }

    @Test
    void aLateAnswerIsWaitedForWhileTheLoopGoesOn() throws Exception {
        run((resolver, server) -> {
            var late = resolver.resolve("late.test", 80, Family.IPV4);
            Async.await(resolver.resolve("a.test", 80, Family.IPV4));
            assertThat(late).isNotDone();
            server.goOn.complete(true);
            assertThat(Async.await(late)).hasSize(1);
        });
    }

    @Test
    void manyQuestionsAtATimeAreAllAnswered() throws Exception {
        run((resolver, server) -> {
            var asked =
                    IntStream.range(0, 200)
                            .mapToObj(i -> resolver.resolve("n" + i + ".test", 80, Family.IPV4))
                            .toList();
            assertThat(Async.await(asked)).hasSize(200).allMatch(found -> found.size() == 1);
        });
    }

    @Test
    void closingGivesUpWhatIsAsked() throws Exception {
        run((resolver, server) -> {
            var dead = resolver.resolve("dead.test", 80, Family.IPV4);
            resolver.close();
            assertThatThrownBy(() -> Async.await(dead)).isInstanceOf(ResolveException.class);
            assertThatThrownBy(() -> Async.await(resolver.resolve("a.test", 80, Family.IPV4)))
                    .isInstanceOf(ResolveException.class);
        });
    }

    @Test
    void literalsAreTheirOwnAnswer() throws Exception {
        run((resolver, server) -> {
            assertThat(Async.await(resolver.resolve("127.0.0.1", 1))).hasSize(1);
            assertThat(server.questions).hasValue(0);
        });
    }
}
