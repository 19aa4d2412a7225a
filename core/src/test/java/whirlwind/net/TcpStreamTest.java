package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.randomBytes;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.tls.TlsOptions;

class TcpStreamTest implements StreamContract {
    @Override
    public Pair open(StreamOptions options) {
        return connect(options);
    }

    /** The server's end reads. */
    static Pair connect(StreamOptions options) {
        var accepted = new CompletableFuture<IOStream>();
        var server =
                new TcpServer(
                        (stream, address) -> accepted.complete(stream),
                        TcpServerOptions.DEFAULTS.withStreams(options));
        server.listen("127.0.0.1", 0);
        var client =
                await(IOStream.connect(new InetSocketAddress("127.0.0.1", server.port()), options));
        var pair = new Pair(await(accepted), client, server);
        server.stop();
        return pair;
    }

    @Test
    void aClientConnectsByName() {
        onLoop(() -> {
            var server = new TcpServer((stream, address) -> stream.write("welcome"));
            server.listen("localhost", 0);
            try (server;
                    var client = new TcpClient();
                    var stream = await(client.connect("localhost", server.port()))) {
                assertThat(text(await(stream.readBytes(7)))).isEqualTo("welcome");
                stream.setNodelay(false);
            }
        });
    }

    @Test
    void aPortWhereNobodyListensIsSaid() throws Exception {
        int port;
        try (var unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        onLoop(() -> {
            try (var client = new TcpClient()) {
                assertThatThrownBy(() -> await(client.connect("127.0.0.1", port)))
                        .isInstanceOf(ConnectFailedException.class)
                        .hasMessageContaining("127.0.0.1:" + port);
            }
        });
    }

    @Test
    void anAddressIsNotANameToLookUp() {
        onLoop(() ->
                assertThatThrownBy(() ->
                                IOStream.connect(
                                        InetSocketAddress.createUnresolved("localhost", 80)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("localhost")
                        .hasMessageContaining("TcpClient connects by name"));
    }

    @Test
    void aServerThatDoesNotShakeHandsTimesOut() {
        onLoop(() -> {
            var server = new TcpServer((stream, address) -> {});
            server.listen("127.0.0.1", 0);
            try (server;
                    var client = new TcpClient()) {
                var options =
                        ConnectOptions.DEFAULTS
                                .withTls(TlsOptions.INSECURE)
                                .withTimeout(Duration.ofMillis(300));
                assertThatThrownBy(() -> await(client.connect("127.0.0.1", server.port(), options)))
                        .isInstanceOf(ConnectTimeoutException.class);
            }
        });
    }

    @Test
    void aClientThatHasSaidAllItHasToSayGetsItsAnswer() {
        onLoop(() -> {
            var server =
                    new TcpServer((stream, address) -> {
                        try (stream) {
                            await(stream.readUntil("\n"));
                            turns(20);
                            await(stream.write(new byte[100_000]));
                        }
                    });
            server.listen("127.0.0.1", 0);
            try (server;
                    var client = new Socket("127.0.0.1", server.port())) {
                client.getOutputStream().write('\n');
                client.shutdownOutput();
                var answer = Async.offload(() -> client.getInputStream().readAllBytes());
                assertThat(await(answer)).hasSize(100_000);
            }
        });
    }

    @Test
    void aResetEndsReadAndWrite() {
        onLoop(() -> {
            var accepted = new CompletableFuture<IOStream>();
            var server = new TcpServer((stream, address) -> accepted.complete(stream));
            server.listen("127.0.0.1", 0);
            try (server) {
                var client = new Socket("127.0.0.1", server.port());
                var stream = await(accepted);
                var written = stream.write(new byte[64 << 20]);
                var read = stream.readBytes(1);
                turns(20);
                client.setSoLinger(true, 0);
                client.close();
                assertThatThrownBy(() -> await(read))
                        .isInstanceOf(StreamClosedException.class)
                        .hasMessageContaining("127.0.0.1:");
                assertThatThrownBy(() -> await(written)).isInstanceOf(StreamClosedException.class);
                assertThat(stream.error()).isInstanceOf(IOException.class);
            }
        });
    }

    @Test
    void aFileIsSentInItsTurnAndStaysOpen(@TempDir Path directory) throws Exception {
        var sent = randomBytes(5 << 20, 4);
        var path = Files.write(directory.resolve("file"), sent);
        onPair((reader, writer) -> {
            try (var file = FileChannel.open(path)) {
                writer.write("before");
                var done = ((IOStream) writer).sendFile(file, 0, sent.length);
                writer.write("after");
                assertThat(text(await(reader.readBytes(6)))).isEqualTo("before");
                assertThat(await(reader.readBytes(sent.length))).isEqualTo(sent);
                assertThat(text(await(reader.readBytes(5)))).isEqualTo("after");
                await(done);
                assertThat(file.isOpen()).isTrue();
            }
        });
    }

    @Test
    void aServerThatHasSaidAllItHasToSayHearsTheRest() throws Exception {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress("127.0.0.1", listening.getLocalPort());
            onLoop(() -> {
                var stream = await(IOStream.connect(address));
                try (stream;
                        var peer = listening.accept()) {
                    peer.shutdownOutput();
                    turns(50);
                    await(stream.write("the rest"));
                    var heard = Async.offload(() -> peer.getInputStream().readNBytes(8));
                    assertThat(text(await(heard))).isEqualTo("the rest");
                }
            });
        }
    }
}
