package whirlwind.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.text;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import whirlwind.net.channel.ProxyHeader;
import whirlwind.testing.LogCapture;

class ProxyHeaderTest {
    private static String answerTo(String trusted, byte[] sent) {
        var answer = new StringBuilder();
        onLoop(() -> {
            var server =
                    new TcpServer(
                            (stream, address) -> {
                                try (stream) {
                                    var line = text(await(stream.readUntil("\n")));
                                    await(stream.write(address + " said " + line));
                                }
                            },
                            TcpServerOptions.DEFAULTS.withTrustedProxies(trusted));
            server.listen("127.0.0.1", 0);
            try (server;
                    var client =
                            await(
                                    IOStream.connect(
                                            new InetSocketAddress("127.0.0.1", server.port())))) {
                client.write(sent);
                answer.append(text(await(client.readUntilClose())));
            }
        });
        return answer.toString();
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(ISO_8859_1);
    }

    @Test
    void aTrustedProxyTellsWhoConnects() {
        assertThat(answerTo("127.0.0.0/8", bytes("PROXY TCP4 192.0.2.7 192.0.2.8 4321 80\r\nhi\n")))
                .isEqualTo("/192.0.2.7:4321 said hi\n");
    }

    @Test
    void versionTwoIsUnderstoodToo() {
        var header =
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c"
                        + "\u00c0\0\2\7\u00c0\0\2\10\u0010\u00e1\0\120";
        assertThat(answerTo("127.0.0.1", bytes(header + "hi\n")))
                .isEqualTo("/192.0.2.7:4321 said hi\n");
    }

    /** Such as a check of whether the server lives: whatever addresses it has don't count. */
    @Test
    void aConnectionOfTheProxysOwnIsTheProxys() {
        var header =
                "\r\n\r\n\0\r\nQUIT\n\u0020\u0011\0\u000c"
                        + "\u00c0\0\2\7\u00c0\0\2\10\u0010\u00e1\0\120";
        assertThat(answerTo("127.0.0.1", bytes(header + "hi\n")))
                .startsWith("/127.0.0.1:")
                .endsWith(" said hi\n");
    }

    @Test
    void aStrangersHeaderIsInputLikeAny() {
        assertThat(answerTo("10.0.0.1", bytes("PROXY TCP4 192.0.2.7 192.0.2.8 4321 80\r\n")))
                .contains("/127.0.0.1:")
                .endsWith(" said PROXY TCP4 192.0.2.7 192.0.2.8 4321 80\r\n");
    }

    @Test
    void aTrustedProxyWithoutAHeaderIsHungUpOn() {
        try (var log = LogCapture.of(ProxyHeader.class)) {
            assertThat(answerTo("127.0.0.1", bytes("GET / HTTP/1.1\r\n\r\n"))).isEmpty();
            assertThat(log.lines()).singleElement().asString().contains("needs a PROXY header");
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (var text : new String[] {"localhost", "10.0.0.0/33", "10.0.0.0/x", ""}) {
            assertThatThrownBy(() -> TcpServerOptions.DEFAULTS.withTrustedProxies(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("trusted proxy: '" + text + "'");
        }
    }
}
