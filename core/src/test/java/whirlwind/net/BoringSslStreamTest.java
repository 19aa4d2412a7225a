package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** TLS by BoringSSL, which is spoken where its jar is there and nobody says otherwise. */
class BoringSslStreamTest extends TlsStreamTest {
    @Override
    String library() {
        return "auto";
    }

    @Test
    void theJdkHasNoPartInIt() {
        onPair((reader, writer) -> {
            for (var stream : new ByteStream[] {reader, writer}) {
                assertThat(((IOStream) stream).tlsSession().getClass().getName())
                        .contains("OpenSsl");
            }
        });
    }
}
