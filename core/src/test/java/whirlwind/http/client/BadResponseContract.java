package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that break the rules: an error of its own at once, and the connection is closed. */
public interface BadResponseContract extends ClientContract {

    private void isProtocolError(String response) {
        runWithoutLeaks(w -> {
            var server = w.answeringAndHolding(response);
            assertThat(w.failure(server.get()))
                    .as(response.substring(0, Math.min(response.length(), 200)))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining(server.url("/"));
            w.await(() -> server.closedByClients() == 1);
        });
    }

    @Test
    default void garbageIsAnError() {
        isProtocolError("this is not HTTP\r\n\r\n");
        isProtocolError("HTTP/1.1 abc OK\r\n\r\n");
        isProtocolError("HTTP/1.1 20 OK\r\n\r\n");
        isProtocolError("HTTP/3.0 200 OK\r\n\r\n");
        isProtocolError("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n");
        isProtocolError("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n");
    }

    @Test
    default void endlessLinesAreAnError() {
        isProtocolError("HTTP/1.1 200 " + "a".repeat(400_000));
        isProtocolError("HTTP/1.1 200 OK\r\nX: " + "a".repeat(400_000));
    }

    @Test
    default void lengthsThatContradictOneAnotherAreAnError() {
        isProtocolError("HTTP/1.1 200 OK\r\nContent-Length: 2,4\r\n\r\nabcd");
        isProtocolError("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nabcd");
        isProtocolError("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab");
        isProtocolError("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nab");
        isProtocolError("HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nab");
        isProtocolError(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    default void transferCodingsOtherThanChunkedAreAnError() {
        isProtocolError("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        isProtocolError("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n");
    }

    @Test
    default void bodiesWhereNoneMayBeAreAnError() {
        isProtocolError("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");
        isProtocolError("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        runWithoutLeaks(w -> {
            var server = w.answering("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
            assertThat(w.fetch(server.get()).code()).isEqualTo(204);
        });
    }

    @Test
    default void badChunksAreAnError() {
        var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        isProtocolError(head + "xyz\r\nhello\r\n");
        isProtocolError(head + "1_a\r\nhello\r\n");
        isProtocolError(head + "5\r\nhelloXX0\r\n\r\n");
        isProtocolError(head + "ffffffffffffffff\r\nhello\r\n");
    }

    @Test
    default void badTrailersAreAnError() {
        var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n";
        isProtocolError(head + "no colon here\r\n\r\n");
        isProtocolError(head + "X: a\0b\r\n\r\n");
        isProtocolError(head + "X: " + "a".repeat(400_000));
        isProtocolError(head + ("X: " + "a".repeat(1000) + "\r\n").repeat(100) + "\r\n");
    }

    @Test
    default void aSwitchThatNobodyAskedForIsAnError() {
        isProtocolError(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
    }

    @Test
    default void aResponseThatIsCutOffIsAnError() {
        for (var start :
                List.of(
                        "",
                        "HTTP/1.",
                        "HTTP/1.1 200 OK\r\nContent-Le",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX")) {
            runWithoutLeaks(w -> {
                var server = w.answering(start);
                assertThat(w.failure(server.get()))
                        .as(start)
                        .isInstanceOf(HttpStreamClosedException.class)
                        .hasMessageContaining(server.url("/"));
            });
        }
    }

    @Test
    default void whatNobodyAskedForIsNotTakenForTheNextAnswer() {
        runWithoutLeaks(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                        + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                        peer.awaitClose();
                    });
            for (int i = 0; i < 3; i++) {
                assertThat(w.fetch(server.get()).text()).isEqualTo("ok");
            }
            assertThat(server.connections()).isEqualTo(3);
        });
    }
}
