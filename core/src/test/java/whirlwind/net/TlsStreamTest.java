package whirlwind.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.randomBytes;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.net.tls.ChosenTlsLibrary;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.LogCapture;

class TlsStreamTest implements StreamContract {
    @TempDir private static Path directory;
    private static TlsServerOptions server;
    private static TlsOptions client;

    @BeforeAll
    static void makeCertificates() throws Exception {
        var certificates = new TestCertificates(directory);
        Identity identity = certificates.identity("localhost", "127.0.0.1");
        server = TlsServerOptions.of(identity);
        client = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
    }

    /** Who speaks TLS. */
    String library() {
        return "jdk";
    }

    @BeforeEach
    void chooseLibrary() {
        ChosenTlsLibrary.use(library());
    }

    @AfterEach
    void resetLibrary() {
        ChosenTlsLibrary.reset();
    }

    @Override
    public Pair open(StreamOptions options) {
        var accepted = new CompletableFuture<IOStream>();
        var listening =
                new TcpServer(
                        (stream, address) -> accepted.complete(stream),
                        TcpServerOptions.DEFAULTS.withStreams(options).withTls(server));
        listening.listen("127.0.0.1", 0);
        try (var connecting = new TcpClient()) {
            var ends =
                    await(
                            connecting.connect(
                                    "127.0.0.1",
                                    listening.port(),
                                    ConnectOptions.DEFAULTS.withTls(client).withStreams(options)));
            var reader = await(accepted);
            await(reader.waitForHandshake());
            return new Pair(reader, ends, listening);
        }
    }

    @Test
    void bothEndsKnowWhatWasAgreedOn() {
        onPair((reader, writer) -> {
            assertThat(((IOStream) reader).tlsSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(((IOStream) writer).tlsSession().getCipherSuite()).startsWith("TLS_");
            assertThat(((IOStream) writer).applicationProtocol()).isNull();
        });
    }

    @Test
    void aPlainStreamGoesOnWithTls() {
        onLoop(() -> {
            try (var pair = TcpStreamTest.connect(StreamOptions.DEFAULTS)) {
                var listening = (IOStream) pair.reader();
                var connecting = (IOStream) pair.writer();
                await(connecting.write("STARTTLS\n"));
                await(listening.readUntil("\n"));
                await(listening.write("go\n"));
                assertThat(text(await(connecting.readUntil("\n")))).isEqualTo("go\n");
                assertThat(listening.tlsSession()).isNull();
                var done = connecting.startTls(client, "localhost");
                assertThatThrownBy(() -> connecting.write("x"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("startTls is not done yet");
                turns(50);
                await(listening.startTls(server));
                await(done);
                connecting.write("secret\n");
                assertThat(text(await(listening.readUntil("\n")))).isEqualTo("secret\n");
                await(listening.write("also\n"));
                assertThat(text(await(connecting.readUntil("\n")))).isEqualTo("also\n");
                assertThat(listening.tlsSession()).isNotNull();
            }
        });
    }

    @Test
    void startTlsWantsAStreamThatIsIdle() {
        onLoop(() -> {
            try (var pair = TcpStreamTest.connect(StreamOptions.DEFAULTS)) {
                var stream = (IOStream) pair.writer();
                var read = stream.readBytes(1);
                assertThatThrownBy(() -> stream.startTls(client, "localhost"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("startTls while reading 1 bytes");
                read.cancel(true);
            }
        });
    }

    @Test
    void anotherNameInTheCertificateEndsTheHandshakeOnBothEnds() {
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                try (var pair = TcpStreamTest.connect(StreamOptions.DEFAULTS)) {
                    var accepting = ((IOStream) pair.reader()).startTls(server);
                    var connecting = ((IOStream) pair.writer()).startTls(client, "example.com");
                    assertThatThrownBy(() -> await(connecting))
                            .isInstanceOf(TlsException.WrongHost.class);
                    assertThatThrownBy(() -> await(accepting)).isInstanceOf(TlsException.class);
                    assertThat(pair.reader().closed()).isTrue();
                    assertThat(pair.writer().closed()).isTrue();
                }
            });
            assertThat(log.lines()).allMatch(line -> line.startsWith("WARN TLS handshake with"));
        }
    }

    @Test
    void plainTextOnATlsPortIsHungUpOnWithoutAStack() {
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                var failed = new CompletableFuture<Throwable>();
                var listening =
                        new TcpServer(
                                (stream, address) -> {
                                    try {
                                        await(stream.waitForHandshake());
                                    } catch (TlsException e) {
                                        failed.complete(e);
                                    }
                                },
                                TcpServerOptions.DEFAULTS.withTls(server));
                listening.listen("127.0.0.1", 0);
                try (listening;
                        var plain =
                                await(
                                        IOStream.connect(
                                                new InetSocketAddress(
                                                        "127.0.0.1", listening.port())))) {
                    plain.write("GET / HTTP/1.1\r\n\r\n");
                    await(plain.readUntilClose());
                    assertThat(await(failed)).hasMessageContaining("127.0.0.1");
                }
            });
            assertThat(log.lines()).singleElement().asString().startsWith("WARN TLS handshake");
            assertThat(log.events().getFirst().getThrowableProxy()).isNull();
        }
    }

    @Test
    void aFileIsSentInItsTurn() throws Exception {
        var sent = randomBytes(3 << 20, 5);
        var path = Files.write(directory.resolve("tls-file"), sent);
        onPair((reader, writer) -> {
            try (var file = FileChannel.open(path)) {
                writer.write("before");
                var done = ((IOStream) writer).sendFile(file, 0, sent.length);
                writer.write("after");
                assertThat(await(reader.readBytes(6))).isEqualTo("before".getBytes(UTF_8));
                assertThat(await(reader.readBytes(sent.length))).isEqualTo(sent);
                assertThat(text(await(reader.readBytes(5)))).isEqualTo("after");
                await(done);
            }
        });
    }
}
