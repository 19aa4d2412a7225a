package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.loop.Async.await;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.net.IOStream;
import whirlwind.net.connect.MemoryAddress;
import whirlwind.web.Application;

/** A server and its clients without sockets, through everything that is above these. */
@Timeout(60)
class WebSocketInMemoryTest {
    private static final String HANDSHAKE =
            "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    /** "hi" in a masked text frame. */
    private static final byte[] HI = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

    private static class Echo extends WebSocketHandler {
        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }
    }

    private static IOStream open(MemoryAddress address) {
        var client = await(IOStream.connect(address));
        client.write(HANDSHAKE.getBytes(ISO_8859_1));
        assertThat(new String(await(client.readUntil("\r\n\r\n".getBytes(ISO_8859_1))), ISO_8859_1))
                .startsWith("HTTP/1.1 101 ");
        return client;
    }

    @Test
    void messagesGoBothWays() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var address = new MemoryAddress("echo");
                var server = new HttpServer(new Application().route("/ws", Echo::new));
                server.listen(address);
                var clients = new ArrayList<IOStream>();
                for (int i = 0; i < 100; i++) {
                    clients.add(open(address));
                }
                clients.forEach(client -> client.write(HI));
                for (var client : clients) {
                    assertThat(new String(await(client.readBytes(4)), ISO_8859_1))
                            .isEqualTo("\u0081\u0002hi");
                    client.close();
                }
                server.close();
                return null;
            });
        }
    }

    @Test
    void onCloseRunsWhenTheClientGoesAway() {
        try (var loop = new IOLoop()) {
            var code = loop.<Integer>newFuture();
            loop.runSync(
                    Duration.ofSeconds(30),
                    () -> {
                        var address = new MemoryAddress("leaving");
                        var server =
                                new HttpServer(
                                        new Application()
                                                .route(
                                                        "/ws",
                                                        () ->
                                                                new Echo() {
                                                                    @Override
                                                                    protected void onClose() {
                                                                        code.complete(closeCode());
                                                                    }
                                                                }));
                        server.listen(address);
                        open(address).close();
                        assertThat(await(code)).isEqualTo(1006);
                        server.close();
                        return null;
                    });
        }
    }
}
