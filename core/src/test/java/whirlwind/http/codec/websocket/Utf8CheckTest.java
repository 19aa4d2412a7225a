package whirlwind.http.codec.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class Utf8CheckTest {
    /** How many bytes are accepted, one by one, before one isn't. */
    private static int accepted(byte[] bytes) {
        var check = new Utf8Check();
        for (int i = 0; i < bytes.length; i++) {
            if (!check.accepts(bytes, i, i + 1)) {
                return i;
            }
        }
        return bytes.length;
    }

    @ParameterizedTest
    @CsvSource({
        "'',0", // nothing
        "c3a4,2", // ä
        "e282ac,3", // €
        "f09f9880,4", // an emoji
        "f48fbfbf,4", // the last character
        "ed9fbf,3", // the last before the surrogates
        "c0af,0", // two bytes where one does
        "c1bf,0",
        "e09fbf,1", // three where two do
        "eda080,1", // a surrogate
        "f08fbfbf,1", // four where three do
        "f4908080,1", // beyond the last character
        "f5,0",
        "80,0", // the middle of a character
        "c328,1", // a character that doesn't go on
        "e28228,2",
        "6162ff,2"
    })
    void theFirstByteThatCannotBeIsNotAccepted(String hex, int good) {
        assertThat(accepted(HexFormat.of().parseHex(hex))).isEqualTo(good);
    }

    @Property
    void whatTheJdkEncodesIsAcceptedHoweverItIsCut(@ForAll String text, @ForAll int seed) {
        var bytes = text.getBytes(UTF_8);
        int cut = bytes.length == 0 ? 0 : Math.floorMod(seed, bytes.length);
        var check = new Utf8Check();
        assertThat(check.accepts(bytes, 0, cut)).isTrue();
        assertThat(check.accepts(bytes, cut, bytes.length)).isTrue();
        assertThat(check.incomplete()).isZero();
    }

    @Property
    void itAgreesWithTheJdk(@ForAll("nearlyText") byte[] bytes) {
        var check = new Utf8Check();
        boolean whole = check.accepts(bytes, 0, bytes.length) && check.incomplete() == 0;
        assertThat(whole).isEqualTo(isText(bytes));
    }

    @Provide
    Arbitrary<byte[]> nearlyText() {
        return Arbitraries.bytes()
                .filter(b -> b < -62 || b > -12 || b == 'a' || b == -62 || b == -32 || b == -19)
                .array(byte[].class)
                .ofMaxSize(6);
    }

    private static boolean isText(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
