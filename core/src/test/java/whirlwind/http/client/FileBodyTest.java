package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.client.ClientTransport;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.transport.BodySink;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;
import whirlwind.loop.Async;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;

/** How the built-in transport sends files: by the kernel where nothing is done to the bytes. */
class FileBodyTest {
    private static final int SIZE = 2_000_003;

    /** Whether the kernel could send, for each body. */
    private final List<Boolean> byKernel = new ArrayList<>();

    private final ClientWorld world =
            new ClientWorld((loop, options) -> new Watched(new ClientTransport(loop, options)));

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    /** The transport, with an ear at the sinks that it hands out. */
    private final class Watched implements HttpTransport {
        private final HttpTransport transport;

        Watched(HttpTransport transport) {
            this.transport = transport;
        }

        @Override
        public Exchange send(TransportRequest request, ResponseListener listener) {
            return transport.send(request, new Watching(listener));
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    private final class Watching implements ResponseListener {
        private final ResponseListener listener;

        Watching(ResponseListener listener) {
            this.listener = listener;
        }

        @Override
        public void connected(boolean reused) {
            listener.connected(reused);
        }

        @Override
        public void reconnecting() {
            listener.reconnecting();
        }

        @Override
        public void sendBody(BodySink sink) {
            byKernel.add(sink.sendsFiles());
            listener.sendBody(sink);
        }

        @Override
        public void head(ResponseStartLine startLine, Headers headers) {
            listener.head(startLine, headers);
        }

        @Override
        public void body(ByteBuffer piece) {
            listener.body(piece);
        }

        @Override
        public void end(Headers trailers, Map<String, Duration> timeInfo) {
            listener.end(trailers, timeInfo);
        }

        @Override
        public void failed(Throwable cause) {
            listener.failed(cause);
        }
    }

    private static HttpRequest sending(HttpRequest request, Path file) {
        return request.withMethod("PUT")
                .withBodyProducer(out -> {
                    try (var channel = FileChannel.open(file)) {
                        Async.await(out.writeFile(channel, 0, SIZE));
                    }
                });
    }

    private static Path file(Path folder) throws Exception {
        var content = new byte[SIZE];
        new Random(12).nextBytes(content);
        return Files.write(folder.resolve("file"), content);
    }

    @Test
    void theKernelSendsFilesOverPlainConnections(@TempDir Path folder) throws Exception {
        var file = file(folder);
        world.run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var response = w.fetch(sending(w.get("/"), file));
            assertThat(response.body()).isEqualTo(Files.readAllBytes(file));
            assertThat(byKernel).containsExactly(true);
        });
    }

    @Test
    void filesAreReadForEncryptedConnections(@TempDir Path folder) throws Exception {
        var file = file(folder);
        world.runWithoutLeaks(w -> {
            var identity = new TestCertificates(folder).identity("localhost", "127.0.0.1");
            var options = HttpServerOptions.DEFAULTS.withTls(TlsServerOptions.of(identity));
            var server =
                    w.closing(
                            new HttpServer(
                                    exchange ->
                                            exchange.respond(
                                                    200, new Headers(), exchange.request().body()),
                                    options));
            server.listen("127.0.0.1", 0);
            var request =
                    HttpRequest.of("https://127.0.0.1:" + server.port() + "/")
                            .withValidateCert(false);
            for (var mode : whirlwind.http.transport.Http2Mode.values()) {
                byKernel.clear();
                var response = w.fetch(sending(request.withHttp2(mode), file));
                assertThat(response.body()).isEqualTo(Files.readAllBytes(file));
                assertThat(byKernel).containsExactly(false);
            }
        });
    }

    @Test
    void filesAreReadForHttp2(@TempDir Path folder) throws Exception {
        var file = file(folder);
        world.run(w -> {
            var server =
                    w.closing(
                            new Http2Server(
                                    null,
                                    Http2Settings.defaultSettings(),
                                    stream -> stream.text("ok " + stream.received)));
            assertThat(w.fetch(sending(server.get("/"), file)).text()).isEqualTo("ok " + SIZE);
            assertThat(byKernel).containsExactly(false);
        });
    }
}
