package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.realtime.websocket.Conversations.serve;

import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.realtime.websocket.Conversations.Echo;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** Who may open a WebSocket. */
@Timeout(60)
class WebSocketAdmissionTest {
    @Test
    void theSubprotocolIsChosenFromTheOffer() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected String selectSubprotocol(List<String> offered) {
                                return offered.contains("v2") ? "v2" : null;
                            }

                            @Override
                            protected void open() {
                                writeMessage(String.valueOf(selectedSubprotocol()));
                            }
                        })) {
            var client = new JdkClient(app, "/ws", "v1", "v2");
            assertThat(client.socket.getSubprotocol()).isEqualTo("v2");
            assertThat(client.told.take()).isEqualTo("v2");
            assertThat(new JdkClient(app, "/ws", "v1").told.take()).isEqualTo("null");
        }
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        try (var app = serve(Echo::new)) {
            assertThat(handshake(app, "Origin: http://evil.example\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(handshake(app, "Origin: null\r\n")).startsWith("HTTP/1.1 403 ");
            assertThat(handshake(app, "Origin: http://127.0.0.1\r\n")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void pagesOfTheSameSiteAreWelcomeInAnyCase() throws Exception {
        try (var app = ServedApplication.of(new Application().route("/ws", Echo::new));
                var socket = new java.net.Socket("127.0.0.1", app.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /ws HTTP/1.1\r\nHost: LocalHost:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                                            + "Origin: http://localhost:1\r\n\r\n")
                                    .getBytes(UTF_8));
            var reader =
                    new java.io.BufferedReader(
                            new java.io.InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(reader.readLine()).startsWith("HTTP/1.1 101 ");
        }
    }

    private static String handshake(ServedApplication app, String header) throws Exception {
        return app.raw(
                "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:"
                        + app.port()
                        + "\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade, close\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + header
                        + "\r\n");
    }

    @Test
    void aRequestThatIsNoHandshakeIsABadRequest() throws Exception {
        try (var app = serve(Echo::new)) {
            assertThat(app.get("/ws").statusCode()).isEqualTo(400);
            assertThat(app.send("POST", "/ws", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void prepareMayRefuse() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void prepare() {
                                Async.moment();
                                throw new whirlwind.web.HttpError(401);
                            }
                        })) {
            assertThatThrownBy(() -> new JdkClient(app, "/ws"))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
        }
    }
}
