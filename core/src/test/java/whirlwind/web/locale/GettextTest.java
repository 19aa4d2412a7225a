package whirlwind.web.locale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OneEngine;

@OneEngine
class GettextTest {
    private static final String HEADER =
            "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n > 1);\n";

    private static final Map<String, String> FRENCH =
            Map.of(
                    "", HEADER,
                    "school", "\u00e9cole",
                    "untranslated", "",
                    "law\4right", "le droit",
                    "good\4right", "le bien",
                    "organization\4club\0organization\4clubs", "le club\0les clubs",
                    "stick\4club\0stick\4clubs", "le b\u00e2ton\0les b\u00e2tons",
                    "one file\0%(n)d files", "un fichier\0%(n)d fichiers");

    @Test
    void messagesAreTranslatedAndUntranslatedOnesStay() {
        var french = locale(mo(FRENCH, ByteOrder.LITTLE_ENDIAN, UTF_8));

        assertThat(french.translate("school")).isEqualTo("\u00e9cole");
        assertThat(french.translate("untranslated")).isEqualTo("untranslated");
        assertThat(french.translate("unknown")).isEqualTo("unknown");
        assertThat(french.translate("")).isEmpty();
    }

    @Test
    void pluralFormsFollowTheLanguagesRule() {
        var french = locale(mo(FRENCH, ByteOrder.BIG_ENDIAN, UTF_8));

        assertThat(french.translate("one file", "%(n)d files", 0)).isEqualTo("un fichier");
        assertThat(french.translate("one file", "%(n)d files", 1)).isEqualTo("un fichier");
        assertThat(french.translate("one file", "%(n)d files", 2)).isEqualTo("%(n)d fichiers");
        assertThat(french.translate("one dog", "dogs", 0)).isEqualTo("dogs");
        assertThat(french.translate("one dog", "dogs", 1)).isEqualTo("one dog");
    }

    @Test
    void contextsTellApartWhatIsWrittenAlike() {
        var french = locale(mo(FRENCH, ByteOrder.LITTLE_ENDIAN, UTF_8));

        assertThat(french.pgettext("law", "right")).isEqualTo("le droit");
        assertThat(french.pgettext("good", "right")).isEqualTo("le bien");
        assertThat(french.pgettext("organization", "club", "clubs", 1)).isEqualTo("le club");
        assertThat(french.pgettext("organization", "club", "clubs", 2)).isEqualTo("les clubs");
        assertThat(french.pgettext("stick", "club", "clubs", 2)).isEqualTo("les b\u00e2tons");
        assertThat(french.pgettext("building", "school")).isEqualTo("\u00e9cole");
        assertThat(french.pgettext("none", "dog", "dogs", 2)).isEqualTo("dogs");
    }

    @Test
    void theHeaderNamesTheCharset() {
        var latin =
                Map.of(
                        "", "Content-Type: text/plain; charset=ISO-8859-1\n",
                        "school", "\u00e9cole");
        assertThat(
                        locale(mo(latin, ByteOrder.LITTLE_ENDIAN, Charset.forName("ISO-8859-1")))
                                .translate("school"))
                .isEqualTo("\u00e9cole");
    }

    @Test
    void languagesAreFoundInGettextsFolders(@TempDir Path folder) throws IOException {
        write(folder, "fr_FR", mo(FRENCH, ByteOrder.LITTLE_ENDIAN, UTF_8));
        write(folder, "de", "no catalogue at all, but long enough".getBytes(UTF_8));
        write(folder, "german", mo(FRENCH, ByteOrder.LITTLE_ENDIAN, UTF_8));
        Files.createDirectories(folder.resolve("es/LC_MESSAGES"));
        Files.writeString(folder.resolve("README"), "");
        try (var log = LogCapture.of(Locales.class)) {
            var locales = Locales.gettext(folder, "test");
            assertThat(locales.supported()).containsExactly("en_US", "fr_FR");
            assertThat(locales.get("fr_FR").translate("school")).isEqualTo("\u00e9cole");
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("left out"));
        }
    }

    @Test
    void damagedFilesAreRefusedAndNeverReadBeyondTheirEnd() {
        var whole = mo(FRENCH, ByteOrder.LITTLE_ENDIAN, UTF_8);
        for (int length = 0; length < whole.length - 1; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Catalogue.gettext(cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            var damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(Catalogue.gettext(damaged).find(null, "dog")).isNull();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageNotContaining("null");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                // Japanese, English, French, Polish, Slovenian, Arabic
                "nplurals=1; plural=0; ~ 0 0 0 0 0 0",
                "nplurals=2; plural=n != 1; ~ 1 0 1 1 1 1",
                "nplurals=2; plural=(n>1) ~ 0 0 1 1 1 1",
                "nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;"
                        + " ~ 2 0 1 2 2 1",
                "nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3;"
                        + " ~ 3 0 1 3 3 3",
                "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
                        + " : n%100>=11 ? 4 : 5; ~ 0 1 2 3 4 4",
                "nplurals=9; plural=!n + 2 * 3 - 4 / 2 ~ 5 4 4 4 4 4",
                "nplurals=2; plural=!!n == (n >= 1) ~ 1 1 1 1 1 1",
                "nplurals=2; plural=n == 0 || 6 % n == 0 ~ 1 1 1 0 0 0",
                "nplurals=2; plural=!(n != 0 && 6 % n != 0) ~ 1 1 1 0 0 0",
                // a rule that divides by nothing, or names a form that there isn't
                "nplurals=2; plural=1 / n ~ 0 1 0 0 0 0",
                "nplurals=2; plural=n ~ 0 1 0 0 0 0",
            })
    void pluralRulesAreReadAsInC(String rule, String formsFor0And1And2And5And11And22) {
        var counts = new long[] {0, 1, 2, 5, 11, 22};
        var parsed = PluralRule.parse(rule);
        var forms = new StringBuilder();
        for (var count : counts) {
            forms.append(parsed.form(count)).append(' ');
        }
        assertThat(forms.toString().strip()).isEqualTo(formsFor0And1And2And5And11And22);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nplurals=2",
                "nplurals=x; plural=n",
                "nplurals=2; plural=",
                "nplurals=2; plural=n +",
                "nplurals=2; plural=(n",
                "nplurals=2; plural=n ? 1",
                "nplurals=2; plural=n = 1",
                "nplurals=2; plural=system(1)",
                "nplurals=2; plural=99999999999",
            })
    void whatIsNoPluralRuleIsRefused(String rule) {
        assertThatThrownBy(() -> PluralRule.parse(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Plural-Forms: ");
    }

    @Test
    void aRuleThatIsNestedTooDeepIsRefused() {
        var deep = "nplurals=2; plural=" + "(".repeat(400) + "n" + ")".repeat(400);
        assertThatThrownBy(() -> PluralRule.parse(deep))
                .hasMessage("Plural-Forms: nested deeper than 100");
        var longOne = "nplurals=2; plural=n" + "+n".repeat(2000);
        assertThatThrownBy(() -> PluralRule.parse(longOne))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static UserLocale locale(byte[] mo) {
        return new UserLocale("fr_FR", Catalogue.gettext(mo));
    }

    private static void write(Path folder, String code, byte[] mo) throws IOException {
        Files.write(
                Files.createDirectories(folder.resolve(code).resolve("LC_MESSAGES"))
                        .resolve("test.mo"),
                mo);
    }

    /** What msgfmt makes: header, table of messages, table of translations, texts. */
    private static byte[] mo(Map<String, String> messages, ByteOrder order, Charset charset) {
        var sorted =
                messages.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(message ->
                                List.of(
                                        ByteBuffer.wrap(message.getKey().getBytes(charset)),
                                        ByteBuffer.wrap(message.getValue().getBytes(charset))))
                        .toList();
        int texts = 28 + 16 * sorted.size();
        int size =
                sorted.stream()
                        .flatMap(List::stream)
                        .mapToInt(text -> text.remaining() + 1)
                        .reduce(texts, Integer::sum);
        var file = ByteBuffer.allocate(size).order(order);
        file.putInt(0x950412de).putInt(0).putInt(sorted.size());
        file.putInt(28).putInt(28 + 8 * sorted.size()).putInt(0).putInt(texts);
        file.position(texts);
        for (int i = 0; i < sorted.size(); i++) {
            put(file, 28 + 8 * i, sorted.get(i).getFirst());
            put(file, 28 + 8 * (sorted.size() + i), sorted.get(i).getLast());
        }
        return file.array();
    }

    private static void put(ByteBuffer file, int entry, ByteBuffer text) {
        file.putInt(entry, text.remaining()).putInt(entry + 4, file.position());
        file.put(text).put((byte) 0);
    }
}
