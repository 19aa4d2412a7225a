package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import whirlwind.http.Headers;
import whirlwind.loop.Async;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.testing.LogCapture;

class FileSendingTest {
    /** More than three windows, and no multiple of anything. */
    private static final int SIZE = 5_000_011;

    @TempDir Path folder;

    private Path file;
    private byte[] content;

    @BeforeEach
    void write() throws IOException {
        content = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            content[i] = (byte) (i * 31 + (i >> 12));
        }
        file = Files.write(folder.resolve("file"), content);
    }

    private static byte[] latin1(String body) {
        return body.getBytes(ISO_8859_1);
    }

    private void respond(HttpExchange exchange, Headers headers) throws IOException {
        exchange.start(200, null, headers);
        exchange.write(latin1("<"));
        try (var channel = FileChannel.open(file)) {
            Async.await(exchange.writeFile(channel, 0, SIZE));
        }
        exchange.write(latin1(">"));
        exchange.finish();
    }

    @Test
    void aFileStandsAmongOtherPiecesOfABodyOfKnownLength() throws Exception {
        var length = Headers.of("Content-Length", Integer.toString(SIZE + 2));
        try (var server = TestServer.start(exchange -> respond(exchange, length));
                var client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                var body = latin1(client.get("/").readResponse().body());
                assertThat(body).hasSize(SIZE + 2).startsWith('<').endsWith('>');
                assertThat(ByteBuffer.wrap(body, 1, SIZE)).isEqualTo(ByteBuffer.wrap(content));
            }
        }
    }

    @Test
    void aFileStandsAmongOtherPiecesInChunks() throws Exception {
        try (var server = TestServer.start(exchange -> respond(exchange, new Headers()));
                var client = server.connect()) {
            var body = latin1(client.get("/").readResponse().body());
            assertThat(ByteBuffer.wrap(body, 1, SIZE)).isEqualTo(ByteBuffer.wrap(content));
        }
    }

    /** What is read into the program takes at least as much memory as there is to read. */
    @Test
    void onPlainConnectionsTheKernelSendsFilesByItself() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int times = 20;
        HttpHandler handler =
                exchange -> {
                    var length = Long.toString((long) times * SIZE);
                    exchange.start(200, null, Headers.of("Content-Length", length));
                    try (var channel = FileChannel.open(file)) {
                        for (int i = 0; i < times; i++) {
                            Async.await(exchange.writeFile(channel, 0, SIZE));
                        }
                    }
                    exchange.finish();
                };
        try (var server = TestServer.start(handler);
                var client = new Socket("127.0.0.1", server.port())) {
            var request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            var buffer = new byte[64 << 10];
            long before = threads.getTotalThreadAllocatedBytes();
            client.getOutputStream().write(latin1(request));
            long received = 0;
            for (int n; (n = client.getInputStream().read(buffer)) >= 0; ) {
                received += n;
            }
            assertThat(received).isGreaterThan((long) times * SIZE);
            assertThat(threads.getTotalThreadAllocatedBytes() - before)
                    .isLessThan((long) times * SIZE / 2);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void filesGoOverEncryptedConnectionsToo(HttpClient.Version version) throws Exception {
        var certificates = new TestCertificates(Files.createDirectory(folder.resolve("tls")));
        var options =
                HttpServerOptions.DEFAULTS.withTls(
                        TlsServerOptions.of(certificates.identity("localhost", "127.0.0.1")));
        try (var server = TestServer.start(exchange -> respond(exchange, new Headers()), options);
                var client =
                        HttpClient.newBuilder()
                                .version(version)
                                .sslContext(trusting(certificates.authority()))
                                .build()) {
            var uri = URI.create("https://localhost:" + server.port() + "/");
            var response =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.body()).hasSize(SIZE + 2);
            assertThat(ByteBuffer.wrap(response.body(), 1, SIZE))
                    .isEqualTo(ByteBuffer.wrap(content));
        }
    }

    private static SSLContext trusting(Path authority) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var pem = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void aPartOfAFileIsSentByItself() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, Headers.of("Content-Length", "10"));
                            try (var channel = FileChannel.open(file)) {
                                Async.await(exchange.writeFile(channel, 4_000_000, 10));
                            }
                            exchange.finish();
                        });
                var client = server.connect()) {
            var body = latin1(client.get("/").readResponse().body());
            assertThat(ByteBuffer.wrap(body)).isEqualTo(ByteBuffer.wrap(content, 4_000_000, 10));
        }
    }

    @Test
    void aFileThatEndsEarlyEndsTheConnection() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(
                                    200,
                                    null,
                                    Headers.of("Content-Length", Integer.toString(SIZE + 7)));
                            try (var channel = FileChannel.open(file)) {
                                Async.await(exchange.writeFile(channel, 0, SIZE + 7));
                            }
                            exchange.finish();
                        });
                var client = server.connect();
                var log = LogCapture.of(HttpServer.class)) {
            client.get("/").readHead();
            assertThat(client.readToEnd().length()).isLessThanOrEqualTo(SIZE);
            assertThat(log.lines()).anyMatch(m -> m.contains("Exception in the handler"));
        }
    }

    @Test
    void whoeverSendsIsToldWhenTheClientGoesAway() throws Exception {
        var failure = new CompletableFuture<Throwable>();
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.keepOnDisconnect();
                            exchange.start(200, null, new Headers());
                            try (var channel = FileChannel.open(file)) {
                                Async.await(exchange.writeFile(channel, 0, SIZE));
                                Async.await(exchange.writeFile(channel, 0, SIZE));
                                Async.await(exchange.writeFile(channel, 0, SIZE));
                            } catch (RuntimeException e) {
                                failure.complete(e);
                                throw e;
                            }
                        });
                var client = RawClient.connect(server.port(), 4096)) {
            client.get("/").readHead();
            client.reset();
            assertThat(failure.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(java.io.UncheckedIOException.class);
        }
    }

    @Test
    void aFileSystemThatHangsHoldsOneResponseOnly() throws Exception {
        var hanging = new CountDownLatch(1);
        var begun = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            if (exchange.request().path().equals("/other")) {
                                exchange.respond(200, new Headers(), latin1("other"));
                                return;
                            }
                            exchange.start(200, null, new Headers());
                            try (var channel = new HangingFile(begun, hanging)) {
                                Async.await(exchange.writeFile(channel, 0, 10));
                            }
                        });
                var client = server.connect();
                var other = server.connect()) {
            client.get("/");
            begun.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(other.get("/other").readResponse().body()).isEqualTo("other");
        } finally {
            hanging.countDown();
        }
    }

    /** A file on a disk that doesn't answer. */
    private static final class HangingFile extends FileChannel {
        private final CompletableFuture<Boolean> begun;
        private final CountDownLatch hanging;

        HangingFile(CompletableFuture<Boolean> begun, CountDownLatch hanging) {
            this.begun = begun;
            this.hanging = hanging;
        }

        private int hang() throws IOException {
            begun.complete(true);
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return -1;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target)
                throws IOException {
            return hang();
        }

        @Override
        public int read(ByteBuffer dst, long position) throws IOException {
            return hang();
        }

        @Override
        public int read(ByteBuffer dst) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer src) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel src, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer src, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implCloseChannel() {}
    }
}
