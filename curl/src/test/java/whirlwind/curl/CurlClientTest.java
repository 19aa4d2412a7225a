package whirlwind.curl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import whirlwind.http.client.BadResponseContract;
import whirlwind.http.client.BodyContract;
import whirlwind.http.client.ClientWorld;
import whirlwind.http.client.Http2BadInputContract;
import whirlwind.http.client.HttpProtocolException;
import whirlwind.http.client.LimitContract;
import whirlwind.http.client.ProxyContract;
import whirlwind.http.client.RedirectContract;
import whirlwind.http.client.RequestContract;
import whirlwind.http.client.ResponseContract;
import whirlwind.http.client.StallContract;
import whirlwind.http.client.TlsContract;

/** The contract of clients, on libcurl. */
class CurlClientTest
        implements RequestContract,
                ResponseContract,
                RedirectContract,
                LimitContract,
                BodyContract,
                BadResponseContract,
                StallContract,
                Http2BadInputContract,
                TlsContract,
                ProxyContract {
    private final ClientWorld world = new ClientWorld(CurlTransport::new);

    @Override
    public ClientWorld world() {
        return world;
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    // ---- where libcurl is different ----

    /** It takes compressed data that is cut off for whole. */
    @Override
    public void compressedDataThatIsCutOffOrBrokenIsAnError() {}

    /** Whether it misses the goodbye of TLS depends on its library for that. */
    @Override
    public void aBodyThatEndsWithTheConnectionIsWholeIfTheServerSaysGoodbye(Path folder) {}

    /** It looks for idle connections when it wants one, and not before. */
    @Override
    public void anIdleConnectionIsClosedAfterItsTime() {}

    /** It closes a connection of HTTP/2 that is spoilt, and says only that there was no answer. */
    @Override
    public boolean tells(Offence offence) {
        return !offence.connection() && !offence.what().equals("data before the head");
    }

    /** It doesn't read from a connection whose only transfer is paused. */
    @Override
    public void moreThanThereIsLeaveForIsAnError() {}

    /** It doesn't give away what it can't undo. */
    @Test
    @Override
    public void anUnknownCodingIsTheUsersToUndo() {
        run(w -> {
            var server =
                    w.answering(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: x-mine\r\nContent-Length: 3\r\n\r\n???");
            assertThat(w.failure(server.get())).isInstanceOf(HttpProtocolException.class);
            assertThat(w.fetch(server.get().withDecompressResponse(false)).text()).isEqualTo("???");
        });
    }
}
