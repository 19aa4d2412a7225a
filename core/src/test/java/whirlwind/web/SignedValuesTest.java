package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OneEngine;

@OneEngine
class SignedValuesTest {
    private static final String SECRET = "It's a secret to everybody";
    private static final long PRESENT = 1_300_000_000;
    private static final String KNOWN_1 =
            "dmFsdWU=|1300000000|31c934969f53e48164c50768b40cbd7e2daaaa4f";
    private static final String KNOWN_2 =
            "2|1:0|10:1300000000|3:key|8:dmFsdWU=|"
                    + "3d4e60b996ff9c5d5788e333a0cba6f238a22c6c0f94788870e1a9ecd482e152";

    private static SignedValues at(long seconds) {
        return new SignedValues(SECRET).withClock(() -> Instant.ofEpochSecond(seconds));
    }

    private static SignedValues keys(Map<Integer, String> secrets, int keyVersion) {
        return new SignedValues(secrets, keyVersion)
                .withClock(() -> Instant.ofEpochSecond(PRESENT));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void valuesAreWrittenAsTornadoWritesThem() {
        assertThat(at(PRESENT).sign("key", "value")).isEqualTo(KNOWN_2);
        assertThat(at(PRESENT).sign("key", bytes("value"), 2)).isEqualTo(KNOWN_2);
        assertThat(at(PRESENT).sign("key", bytes("value"), 1)).isEqualTo(KNOWN_1);
        assertThat(keys(Map.of(0, "a", 7, "seven"), 7).sign("key", new byte[] {-1, 0, 32, 'x'}))
                .isEqualTo(
                        "2|1:7|10:1300000000|3:key|8:/wAgeA==|565ddd7b906a2739e43d95cf63de42d5c479dfcbbee4bed0c6e79e8b38db71da");
    }

    @ParameterizedTest
    @ValueSource(strings = {KNOWN_1, KNOWN_2})
    void valuesOfBothVersionsAreRead(String known) {
        assertThat(at(PRESENT).read("key", known)).isEqualTo(bytes("value"));
    }

    @Test
    void valuesAreReadUntilTheirAgeIsOver() {
        long days31 = Duration.ofDays(31).toSeconds();
        for (var known : new String[] {KNOWN_1, KNOWN_2}) {
            assertThat(at(PRESENT + days31).read("key", known)).isNotNull();
            assertThat(at(PRESENT + days31 + 1).read("key", known)).isNull();
            assertThat(at(PRESENT + 60).read("key", known, Duration.ofMinutes(1), 1)).isNotNull();
            assertThat(at(PRESENT + 61).read("key", known, Duration.ofMinutes(1), 1)).isNull();
            var forEver = Duration.ofSeconds(Long.MAX_VALUE);
            assertThat(at(PRESENT + 100 * days31).read("key", known, forEver, 1)).isNotNull();
        }
    }

    @Test
    void aReaderMayInsistOnTheNewerVersion() {
        assertThat(at(PRESENT).read("key", KNOWN_1, SignedValues.MAX_AGE, 2)).isNull();
        assertThat(at(PRESENT).read("key", KNOWN_2, SignedValues.MAX_AGE, 2)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> at(PRESENT).read("key", KNOWN_2, SignedValues.MAX_AGE, 3))
                .withMessage("minVersion: 3 (1 to 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> at(PRESENT).sign("key", bytes("value"), 3))
                .withMessage("version: 3 (1 to 2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {KNOWN_1, KNOWN_2})
    void aValueOfOneNameIsNoneOfAnother(String known) {
        assertThat(at(PRESENT).read("other", known)).isNull();
        assertThat(at(PRESENT).read("ke", known)).isNull();
        assertThat(at(PRESENT).read("", known)).isNull();
    }

    @Test
    void anotherSecretReadsNothing() {
        var stranger = new SignedValues("guess").withClock(() -> Instant.ofEpochSecond(PRESENT));
        assertThat(stranger.read("key", KNOWN_1)).isNull();
        assertThat(stranger.read("key", KNOWN_2)).isNull();
    }

    @Property
    void anyChangeOfOneCharacterIsFoundOut(
            @ForAll @IntRange(max = 1000) int where, @ForAll char what) {
        for (var known : new String[] {KNOWN_1, KNOWN_2}) {
            int at = where % known.length();
            if (known.charAt(at) != what) {
                var changed = known.substring(0, at) + what + known.substring(at + 1);
                assertThat(at(PRESENT).read("key", changed)).isNull();
            }
        }
    }

    @Property
    void anyCutAndAnyAdditionIsFoundOut(
            @ForAll @IntRange(max = 1000) int where, @ForAll @StringLength(min = 1) String more) {
        for (var known : new String[] {KNOWN_1, KNOWN_2}) {
            var cut = known.substring(0, where % known.length());
            assertThat(at(PRESENT).read("key", cut)).isNull();
            assertThat(at(PRESENT).read("key", known + more)).isNull();
            assertThat(at(PRESENT).read("key", more + known)).isNull();
        }
    }

    @Property
    void noTextIsReadThatWasNotSigned(
            @ForAll @NumericChars @AlphaChars @Chars({'|', ':', '=', '2', '\u00e9'}) String text) {
        for (var guess : new String[] {text, "2|" + text, "2|1:0|10:1300000000|" + text}) {
            assertThat(at(PRESENT).read("key", guess)).isNull();
            assertThat(SignedValues.keyVersion(guess))
                    .satisfies(version -> {
                        if (version.isPresent()) {
                            assertThat(version.getAsInt()).isNotNegative();
                        }
                    });
        }
    }

    @Property
    void whateverIsSignedIsReadBack(@ForAll String name, @ForAll byte[] value) {
        assertThat(at(PRESENT).read(name, at(PRESENT).sign(name, value))).isEqualTo(value);
        assertThat(at(PRESENT).read(name, at(PRESENT).sign(name, value, 1))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "|",
                "||",
                "2",
                "2|",
                "2||",
                "2|1:0",
                "2|1:0|",
                "2|-1:0|10:1300000000|3:key|8:dmFsdWU=|x",
                "2|+1:0|10:1300000000|3:key|8:dmFsdWU=|x",
                "2|01:0|10:1300000000|3:key|8:dmFsdWU=|x",
                "2|1:0|10:1300000000|3:key|9:dmFsdWU=|x",
                "2|1:0|10:1300000000|3:key|7:dmFsdWU=|x",
                "2|1:0|10:1300000000|3:key|2147483647:dmFsdWU=|x",
                "2|1:0|10:1300000000|3:key|99999999999999999999:dmFsdWU=|x",
                "2|11:99999999999|10:1300000000|3:key|8:dmFsdWU=|x",
                "2|1:0|13:9999999999999|3:key|8:dmFsdWU=|x",
                "2|1:0|1:x|3:key|8:dmFsdWU=|x",
                "3|1:0|10:1300000000|3:key|8:dmFsdWU=|x",
                "999|dmFsdWU=|1300000000",
                "dmFsdWU=|x|y",
                "dmFsdWU=|1300000000|31c9|34969f53e48164c50768b40cbd7e2daaaa4f",
            })
    void malformedValuesReadAsAbsent(String malformed) {
        assertThat(at(PRESENT).read("key", malformed)).isNull();
        assertThat(at(PRESENT).read("key", null)).isNull();
    }

    @Test
    void aLargeLeadingNumberIsAValueOfVersion1() {
        for (var value : new String[] {"1000", "12345678"}) {
            var decoded = Base64.getDecoder().decode(value);
            var signed = at(PRESENT).sign("key", decoded, 1);
            assertThat(signed).startsWith(value + "|");
            assertThat(at(PRESENT).read("key", signed)).isEqualTo(decoded);
        }
    }

    @Test
    void digitsMovedFromTheValueToTheTimeAreFoundOut() {
        var value = Base64.getDecoder().decode("d5d5d5d51000");
        var parts = at(PRESENT).sign("key", value, 1).split("\\|");
        assertThat(parts[0]).isEqualTo("d5d5d5d51000");
        for (int moved = 1; moved <= 4; moved++) {
            int end = parts[0].length() - moved;
            var forged =
                    parts[0].substring(0, end)
                            + '|'
                            + parts[0].substring(end)
                            + parts[1]
                            + '|'
                            + parts[2];
            assertThat(at(PRESENT).read("key", forged)).as(forged).isNull();
        }
    }

    @Test
    void oldKeysAreStillReadAfterTheyAreReplaced() {
        var before = keys(Map.of(0, "zero", 1, "one"), 0);
        var after = keys(Map.of(0, "zero", 1, "one"), 1);
        var old = before.sign("key", "value");
        var current = after.sign("key", "value");

        assertThat(after.read("key", old)).isEqualTo(bytes("value"));
        assertThat(after.read("key", current)).isEqualTo(bytes("value"));
        assertThat(before.read("key", current)).isEqualTo(bytes("value"));
        assertThat(SignedValues.keyVersion(old)).hasValue(0);
        assertThat(SignedValues.keyVersion(current)).hasValue(1);
        assertThat(keys(Map.of(1, "one"), 1).read("key", old)).isNull();
        assertThat(keys(Map.of(0, "another", 1, "one"), 1).read("key", old)).isNull();
    }

    @Test
    void theKeyVersionIsCoveredByTheSignature() {
        var values = keys(Map.of(0, "zero", 1, "one"), 0);
        var changed = values.sign("key", "value").replace("|1:0|", "|1:1|");

        assertThat(values.read("key", changed)).isNull();
        assertThat(at(PRESENT).read("key", KNOWN_2.replace("|1:0|", "|1:1|"))).isNull();
    }

    @Test
    void version1HasNoKeyVersions() {
        var values = keys(Map.of(0, SECRET), 0);

        assertThat(values.read("key", KNOWN_1)).isNull();
        assertThat(values.read("key", KNOWN_2)).isNotNull();
        assertThat(SignedValues.keyVersion(KNOWN_1)).isEmpty();
        assertThat(SignedValues.keyVersion("")).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> values.sign("key", bytes("value"), 1))
                .withMessageContaining("version 2");
    }

    @Test
    void secretsThatCannotBeMeantAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SignedValues(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignedValues(Map.of(1, "one", 3, "three"), 2))
                .withMessage("key version: 2 (one of [1, 3])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignedValues(Map.of(-1, "minus"), -1))
                .withMessage("key version: -1 (at least 0)");
    }

    @Test
    void aSecretThatCanBeFoundByTrialIsWarnedOfAndWorks() {
        try (var log = LogCapture.of(SignedValues.class)) {
            new SignedValues("sixteen bytes ok");
            assertThat(log.lines()).isEmpty();
            var values = new SignedValues("fifteen bytes!!").withClock(Instant::now);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN cookie secret: 15 bytes (at least 16")
                    .contains("openssl rand -base64 32");
            assertThat(values.read("name", values.sign("name", "value")))
                    .isEqualTo("value".getBytes(UTF_8));
        }
    }

    @Test
    void aSecretThatTheEnvironmentDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApplicationSettings.DEFAULTS.withCookieSecret(null))
                .withMessageContainingAll(
                        "cookie secret: null", "is the environment variable set?");
    }
}
