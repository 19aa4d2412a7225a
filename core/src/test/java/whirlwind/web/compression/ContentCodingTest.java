package whirlwind.web.compression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class ContentCodingTest {
    @Test
    void allAreAvailableWhereTheirLibrariesAre() {
        assertThat(ContentCoding.values()).allMatch(ContentCoding::isAvailable);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "'gzip, deflate, br, zstd', ZSTD",
                "'gzip, deflate, br', BROTLI",
                "'gzip, deflate', GZIP",
                "'GZIP', GZIP",
                "'gzip;q=1.0, br;q=0.5, zstd;q=0', GZIP",
                "'gzip;q=0', none",
                "'gzip;q=0, *', ZSTD",
                "'*;q=0', none",
                "'*;q=0, br;q=0.1', BROTLI",
                "'identity', none",
                "'deflate', none",
                "'', none",
                "'gzip;q=nonsense', none"
            })
    void theClientsWishGoesBeforeOurs(String acceptEncoding, ContentCoding chosen) {
        assertThat(ContentCoding.choose(acceptEncoding)).isEqualTo(chosen);
    }

    @Test
    void aPieceOfBrotliCanBeReadBeforeTheNextIsThere() throws Exception {
        try (var compressor = ContentCoding.BROTLI.open()) {
            var decoder = new DecoderJNI.Wrapper(4096);
            for (var piece : List.of("first", "second")) {
                var compressed = compressor.compress(piece.getBytes(UTF_8), false);
                decoder.getInputBuffer().clear().put(compressed);
                decoder.push(compressed.length);
                assertThat(decoder.hasOutput()).isTrue();
                assertThat(UTF_8.decode(decoder.pull()).toString()).isEqualTo(piece);
            }
            decoder.destroy();
        }
    }
}
