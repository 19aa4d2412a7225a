package whirlwind.demos.echo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.StreamClosedException;
import whirlwind.net.TcpServer;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.testing.VirtualTime;

class EchoTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final String LINE = "x".repeat(999) + "\n";

    /** More than the kernel keeps for both directions of a connection. */
    private static final long UNBOUNDED_BYTES = 64 << 20;

    /** If a busy machine lets this pass before it is stuck, the test is easier and still right. */
    private static final int STUCK_MILLIS = 500;

    /** What a test does with the server, in a coroutine of its loop. */
    private interface Visit {
        void to(TcpServer server) throws Exception;
    }

    private static void served(Visit visit) {
        try (var loop = new IOLoop()) {
            served(loop, visit);
        }
    }

    private static void served(IOLoop loop, Visit visit) {
        loop.runSync(() -> {
            try (var server = Echo.server()) {
                server.listen("127.0.0.1", 0);
                visit.to(server);
            }
            return null;
        });
    }

    /** A socket blocks whoever uses it. */
    private static <T> T beside(Callable<T> talk) {
        return Async.await(Async.offload(talk));
    }

    private static Socket connect(TcpServer server) throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static Void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return null;
    }

    private static String receive(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
    }

    /** What still comes; a connection may end by a reset too. */
    private static String receiveAll(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static String printedBy(EchoClient client, String input) {
        var printed = new ByteArrayOutputStream();
        client.run(
                new BufferedReader(new StringReader(input)), new PrintStream(printed, true, UTF_8));
        return printed.toString(UTF_8);
    }

    // ---- the server, and a raw socket ----

    @Test
    void linesComeBackInTheirOrderHoweverTheyAreCut() {
        served(server ->
                beside(() -> {
                    try (var socket = connect(server)) {
                        send(socket, "one\ntw");
                        assertThat(receive(socket, 4)).isEqualTo("one\n");
                        send(socket, "o\nGrüße\n\n");
                        assertThat(receive(socket, 13)).isEqualTo("two\nGrüße\n\n");
                    }
                    return null;
                }));
    }

    @Test
    void theLongestLineComesBackAndALongerOneEndsTheConnection() {
        served(server ->
                beside(() -> {
                    try (var socket = connect(server)) {
                        var longest = "x".repeat(Echo.MAX_LINE_BYTES - 1) + "\n";
                        send(socket, longest);
                        assertThat(receive(socket, longest.length())).isEqualTo(longest);
                        send(socket, "x" + longest);
                        assertThat(receiveAll(socket)).isEmpty();
                    }
                    return null;
                }));
    }

    @Test
    void aLineWithoutEndIsCutOffAtTheLimit() {
        served(server ->
                beside(() -> {
                    try (var socket = connect(server)) {
                        assertThatThrownBy(
                                        () -> {
                                            while (true) {
                                                send(socket, "x".repeat(Echo.MAX_LINE_BYTES));
                                            }
                                        })
                                .isInstanceOf(SocketException.class);
                    }
                    return null;
                }));
    }

    @Test
    void whoEndsItsHalfStillGetsItsLinesAndThenTheEnd() {
        served(server ->
                beside(() -> {
                    try (var socket = connect(server)) {
                        send(socket, "one\ntwo\nunfinished");
                        socket.shutdownOutput();
                        assertThat(receiveAll(socket)).isEqualTo("one\ntwo\n");
                    }
                    return null;
                }));
    }

    @Test
    void aClientThatIsGoneLeavesNothingBehindAndTheOthersAreServed() {
        served(server -> {
            try (var stays = beside(() -> connect(server))) {
                var leaves = beside(() -> connect(server));
                beside(() -> {
                    send(leaves, "lost\n".repeat(1000));
                    leaves.setSoLinger(true, 0); // a reset
                    leaves.close();
                    return null;
                });
                while (server.connectionCount() > 1) {
                    Async.moment();
                }
                beside(() -> send(stays, "still here\n"));
                assertThat(beside(() -> receive(stays, 11))).isEqualTo("still here\n");
            }
        });
    }

    @Test
    void aClientThatDoesNotReadIsNotReadFromUntilItDoes() {
        served(server ->
                beside(() -> {
                    var address = new InetSocketAddress("127.0.0.1", server.port());
                    try (var channel = SocketChannel.open(address)) {
                        long sent = sendUntilStuck(channel);
                        assertThat(sent).isBetween(1L, UNBOUNDED_BYTES - 1);
                        channel.shutdownOutput();
                        long lines = sent / LINE.length();
                        long received = channel.socket().getInputStream().readAllBytes().length;
                        assertThat(received).isEqualTo(lines * LINE.length());
                    }
                    return null;
                }));
    }

    /** Sends lines until nothing is taken any more, and tells how many bytes were. */
    private static long sendUntilStuck(SocketChannel channel) throws IOException {
        long sent = 0;
        var line = ByteBuffer.wrap(LINE.getBytes(UTF_8));
        channel.configureBlocking(false);
        try (var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (sent < UNBOUNDED_BYTES && selector.select(STUCK_MILLIS) > 0) {
                selector.selectedKeys().clear();
                sent += channel.write(line);
                if (!line.hasRemaining()) {
                    line.rewind();
                }
            }
        }
        channel.configureBlocking(true);
        return sent;
    }

    @Test
    void whoSaysNothingForTooLongIsHungUpOn() {
        var time = new VirtualTime();
        try (var loop = time.newLoop()) {
            served(
                    loop,
                    server -> {
                        try (var socket = beside(() -> connect(server))) {
                            beside(() -> send(socket, "once\n"));
                            assertThat(beside(() -> receive(socket, 5))).isEqualTo("once\n");
                            time.advance(Echo.IDLE);
                            assertThat(beside(() -> receiveAll(socket))).isEmpty();
                        }
                    });
        }
    }

    // ---- the client ----

    @Test
    void theClientPrintsWhatComesBack() {
        served(server -> {
            var client = new EchoClient("localhost", server.port());
            assertThat(printedBy(client, "one\n\nGrüße")).isEqualTo("one\n\nGrüße\n");
        });
    }

    @Test
    void theClientSaysWhenTheServerHangsUp() {
        served(server -> {
            var client = new EchoClient("127.0.0.1", server.port());
            var tooLong = "x".repeat(Echo.MAX_LINE_BYTES);
            assertThatThrownBy(() -> printedBy(client, tooLong))
                    .isInstanceOf(StreamClosedException.class);
        });
    }

    @Test
    void theClientSaysWhereNobodyListens() throws IOException {
        int port;
        try (var gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        try (var loop = new IOLoop()) {
            assertThatThrownBy(() ->
                            loop.runSync(() -> printedBy(new EchoClient("127.0.0.1", port), "x")))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8888, localhost, 8888",
        "tcp://localhost:1, localhost, 1",
        "[::1]:65535, ::1, 65535"
    })
    void anAddressIsAHostAndAPort(String address, String host, int port) {
        assertThat(EchoClient.of(address)).isEqualTo(new EchoClient(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":8888", "localhost:", "a:0", "a:65536", "a:b", "a b:1"})
    void whatIsNoAddressIsRefused(String address) {
        assertThatThrownBy(() -> EchoClient.of(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost:8888");
    }
}
