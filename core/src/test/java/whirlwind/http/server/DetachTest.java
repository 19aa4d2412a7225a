package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.loop.Async;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.Trust;

/** Handlers that take the bare connection and speak another protocol on it. */
class DetachTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    /** Says hello, and then each line in capitals until one is empty. */
    private static void shout(IOStream stream) {
        try (stream) {
            Async.await(stream.write("hello\n".getBytes(ISO_8859_1)));
            for (String line; !(line = line(stream)).isEmpty(); ) {
                Async.await(
                        stream.write((line.toUpperCase(Locale.ROOT) + "\n").getBytes(ISO_8859_1)));
            }
        }
    }

    private static String line(IOStream stream) {
        var bytes = Async.await(stream.readUntil("\n".getBytes(ISO_8859_1)));
        return new String(bytes, 0, bytes.length - 1, ISO_8859_1);
    }

    private static IOStream detached(HttpExchange exchange) {
        return Async.await(exchange.detach(StreamOptions.DEFAULTS));
    }

    private static String failureOf(Runnable what) {
        try {
            what.run();
            return "none";
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    @Test
    void nothingButTheHandlersBytesGoesOutAfterwards() throws Exception {
        try (var server = TestServer.start(exchange -> shout(detached(exchange)));
                var client = server.connect().send(REQUEST)) {
            assertThat(client.readLine()).isEqualTo("hello");
            client.send("one\n");
            assertThat(client.readLine()).isEqualTo("ONE");
            client.send("\n");
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void whatCameBehindTheRequestIsTheStreams() throws Exception {
        try (var server = TestServer.start(exchange -> shout(detached(exchange)));
                var client = server.connect().send(REQUEST + "early\nbird\n\n")) {
            assertThat(client.readLine()).isEqualTo("hello");
            assertThat(client.readLine()).isEqualTo("EARLY");
            assertThat(client.readLine()).isEqualTo("BIRD");
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void interimResponsesGoOutBefore() throws Exception {
        HttpHandler handler =
                exchange -> {
                    exchange.inform(103, Headers.of("Link", "</a.css>"));
                    shout(detached(exchange));
                };
        try (var server = TestServer.start(handler);
                var client = server.connect().send(REQUEST + "\n")) {
            assertThat(client.readHead().status()).isEqualTo(103);
            assertThat(client.readLine()).isEqualTo("hello");
        }
    }

    @Test
    void theStreamOutlivesTheHandlerAndTheServer() throws Exception {
        var taken = new CompletableFuture<IOStream>();
        try (var server = TestServer.start(exchange -> taken.complete(detached(exchange)));
                var client = server.connect().send(REQUEST)) {
            var stream = taken.get();
            server.run(() -> {
                server.server().stop();
                server.server().drain(Duration.ofSeconds(20));
                Async.spawn(() -> shout(stream));
            });
            assertThat(client.readLine()).isEqualTo("hello");
            client.send("still here\n");
            assertThat(client.readLine()).isEqualTo("STILL HERE");
        }
    }

    @Test
    void tlsStaysBelow(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        var options =
                HttpServerOptions.DEFAULTS.withTls(
                        TlsServerOptions.of(certificates.identity("localhost")));
        var context = SSLContext.getInstance("TLS");
        var trust = new TrustManager[] {Trust.pem(certificates.authority()).manager()};
        context.init(null, trust, null);
        try (var server = TestServer.start(exchange -> shout(detached(exchange)), options);
                var socket = context.getSocketFactory().createSocket("localhost", server.port())) {
            socket.getOutputStream().write((REQUEST + "over tls\n\n").getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("hello\nOVER TLS\n");
        }
    }

    @Test
    void anAnswerThatHasBegunIsInTheWay() throws Exception {
        HttpHandler handler =
                exchange -> {
                    exchange.start(200, null, Headers.of("Content-Type", "text/plain"));
                    var why = failureOf(() -> detached(exchange));
                    exchange.write(why.getBytes(StandardCharsets.UTF_8));
                    exchange.finish();
                };
        try (var server = TestServer.start(handler);
                var client = server.connect().send(REQUEST)) {
            assertThat(client.readResponse().body())
                    .isEqualTo("a response has been started already");
        }
    }

    @Test
    void afterwardsThereIsNothingToAnswer() throws Exception {
        var failure = new CompletableFuture<String>();
        HttpHandler handler =
                exchange -> {
                    try (var stream = detached(exchange)) {
                        failure.complete(
                                failureOf(() -> exchange.respond(200, new Headers(), new byte[0])));
                    }
                };
        try (var server = TestServer.start(handler);
                var client = server.connect().send(REQUEST)) {
            assertThat(failure.get()).isEqualTo("the connection has been taken over");
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void aStreamOfHttp2CantBeDetached() throws Exception {
        HttpHandler handler =
                exchange -> {
                    var why = failureOf(() -> detached(exchange));
                    exchange.respond(200, new Headers(), why.getBytes(StandardCharsets.UTF_8));
                };
        try (var server = TestServer.start(handler);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/")).body())
                    .isEqualTo(
                            "the connection carries other requests, too: only one of HTTP/1 can be"
                                    + " detached");
        }
    }

    @Test
    void aClientThatWentBeforeIsNamed() throws Exception {
        var why = new CompletableFuture<String>();
        var reached = new CompletableFuture<HttpExchange>();
        HttpHandler handler =
                exchange -> {
                    exchange.keepOnDisconnect();
                    var gone = new CompletableFuture<Boolean>();
                    exchange.onClose(() -> gone.complete(true));
                    reached.complete(exchange);
                    Async.await(gone);
                    why.complete(failureOf(() -> detached(exchange)));
                };
        try (var server = TestServer.start(handler)) {
            try (var client = server.connect().send(REQUEST)) {
                reached.get();
            }
            assertThat(why.get()).isEqualTo("the client went away");
        }
    }
}
