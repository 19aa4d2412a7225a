package whirlwind.http.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.testing.OneEngine;

@OneEngine
class DeflateAgreementTest {
    private static DeflateAgreement find(String offers) {
        return DeflateAgreement.find(
                Headers.of("Sec-WebSocket-Extensions", offers),
                new WebSocketTerms.Deflate(6, false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, permessage-deflate",
        "Permessage-Deflate; client_max_window_bits, permessage-deflate",
        "permessage-deflate; client_max_window_bits=10, permessage-deflate",
        "permessage-deflate; server_max_window_bits=8,"
                + " permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=15,"
                + " permessage-deflate; server_max_window_bits=15",
        "permessage-deflate;server_no_context_takeover,"
                + " permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; client_max_window_bits=\"8\","
                + " permessage-deflate; client_no_context_takeover"
    })
    void anOfferThatCanBeMetIsAccepted(String offer, String answer) {
        assertThat(find(offer).answer()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-webkit-deflate-frame",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=ten",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; unknown",
                ""
            })
    void anOfferThatCannotBeMetIsDeclined(String offer) {
        assertThat(find(offer)).isNull();
    }

    @Test
    void theFirstOfferThatCanBeMetIsTaken() {
        var agreement =
                find(
                        "permessage-deflate; server_max_window_bits=16,"
                                + " permessage-deflate; client_no_context_takeover");
        assertThat(agreement.terms().receivesAlone()).isTrue();
    }
}
