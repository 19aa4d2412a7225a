package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.codec.client.ClientTransport;

/** The content coding that needs a library of its own. */
class BrotliClientTest {
    private final ClientWorld world = new ClientWorld(ClientTransport::new);

    @BeforeEach
    void load() {
        Brotli4jLoader.ensureAvailability();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static void coded(ClientWorld w, String path, byte[] data) throws Exception {
        w.site()
                .on(
                        path,
                        exchange ->
                                exchange.respond(200, Headers.of("Content-Encoding", "br"), data));
    }

    @Test
    void brotliIsAcceptedAndUndone() {
        world.run(w -> {
            var text = "compressible ".repeat(1000);
            coded(w, "/", Encoder.compress(ClientWorld.bytes(text)));
            assertThat(w.fetch(w.get("/")).text()).isEqualTo(text);
            assertThat(w.site().lastRequest().headers().get("Accept-Encoding")).contains("br");
        });
    }

    @Test
    void brotliThatIsCutOffOrExpandsTooMuchIsAnError() {
        world.run(w -> {
            var data = Encoder.compress(new byte[4 << 20]);
            coded(w, "/bomb", data);
            coded(w, "/cut", Arrays.copyOf(data, data.length - 2));
            coded(w, "/bad", ClientWorld.bytes("this is no brotli data"));
            assertThat(w.failure(w.get("/bomb").withMaxBodySize(1 << 20)))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining("at most 1048576");
            assertThat(w.failure(w.get("/cut"))).isInstanceOf(HttpProtocolException.class);
            assertThat(w.failure(w.get("/bad"))).isInstanceOf(HttpProtocolException.class);
        });
    }
}
