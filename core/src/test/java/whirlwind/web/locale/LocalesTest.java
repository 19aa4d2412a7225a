package whirlwind.web.locale;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OneEngine;

@OneEngine
class LocalesTest {
    private static final Locales FIVE =
            Locales.of(
                    Map.of(
                            "de", Catalogue.EMPTY,
                            "de_AT", Catalogue.EMPTY,
                            "fr_FR", Catalogue.EMPTY,
                            "zh_CN", Catalogue.EMPTY,
                            "es", Catalogue.EMPTY));

    @TempDir Path folder;

    // ---- choice ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de | de",
                "de_AT | de_AT",
                "de-at | de_AT",
                "DE_at | de_AT",
                "de-CH | de",
                "fr-FR | fr_FR",
                "fr | en_US",
                "zh-Hans-CN | zh_CN",
                "xx | en_US",
                "'' | en_US",
                "- | en_US",
            })
    void theClosestLanguageIsTheSameOrWithoutItsCountry(String code, String expected) {
        assertThat(FIVE.closest(List.of(code)).code()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fr-FR,de;q=0.9 | fr_FR",
                "de;q=0.8, es;q=0.9 | es",
                "de; q=0.8, es; q=0.9 | es",
                "en;q=0.1, de | de",
                "de;q=0, es;q=0.1 | es",
                "de;q=-1, es;q=0.1 | es",
                "de;q=much, es;q=0.1 | es",
                "xx, yy;q=0.9 | en_US",
                "de;q=0 | en_US",
                ",,;q | en_US",
            })
    void theReadersPreferencesDecide(String header, String expected) {
        assertThat(FIVE.accepted(header).code()).isEqualTo(expected);
    }

    @Test
    void theDefaultNeedsNoCatalogueAndCanBeAnother() {
        assertThat(Locales.ENGLISH.supported()).containsExactly("en_US");
        assertThat(FIVE.supported())
                .containsExactlyInAnyOrder("de", "de_AT", "en_US", "es", "fr_FR", "zh_CN");

        var german = FIVE.withDefault("de");
        assertThat(german.closest(List.of("xx")).code()).isEqualTo("de");
        assertThat(german.supported()).doesNotContain("en_US");
        var polish = FIVE.withDefault("pl");
        assertThat(polish.fallback().code()).isEqualTo("pl");
        assertThat(polish.supported()).contains("pl", "de");
    }

    @Test
    void aLanguageIsOneObjectAndAnUnsupportedOneIsRefused() {
        assertThat(FIVE.get("de")).isSameAs(FIVE.get("de"));
        assertThatThrownBy(() -> FIVE.get("it"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"it\"")
                .hasMessageContaining("de_AT");
        assertThatThrownBy(() -> Locales.of(Map.of("German", Catalogue.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("German");
    }

    // ---- CSV ----

    @Test
    void csvFilesHaveTranslationsAndPluralForms() throws IOException {
        Files.writeString(
                folder.resolve("fr_FR.csv"),
                """
                "school","\u00e9cole"
                "%(name)s liked this","A %(name)s, ""cela"", a plu","singular"
                "%(name)s liked this", "A %(name)s cela a plu" ,"plural"

                "too short"
                "odd","bizarre","dual"
                """);
        try (var log = LogCapture.of(Locales.class)) {
            var french = Locales.csv(folder).get("fr_FR");

            assertThat(french.translate("school")).isEqualTo("\u00e9cole");
            assertThat(french.translate("%(name)s liked this", "%(name)s liked this", 1))
                    .isEqualTo("A %(name)s, \"cela\", a plu");
            assertThat(french.translate("%(name)s liked this", "%(name)s liked this", 10))
                    .isEqualTo("A %(name)s cela a plu");
            assertThat(french.translate("odd")).isEqualTo("odd");
            assertThat(french.translate("one", "many", 1)).isEqualTo("one");
            assertThat(french.translate("one", "many", 0)).isEqualTo("many");
            assertThat(log.lines()).singleElement().asString().contains("row 5", "\"dual\"");
        }
    }

    @Test
    void everyCsvFileHasAnEncodingOfItsOwn() throws IOException {
        var row = "school,\u00e9cole";
        Files.write(folder.resolve("fr.csv"), ("\uFEFF" + row).getBytes(UTF_8));
        Files.write(folder.resolve("fr_CA.csv"), row.getBytes(UTF_16));
        Files.write(folder.resolve("fr_BE.csv"), row.getBytes(UTF_8));
        for (var code : List.of("fr", "fr_CA", "fr_BE")) {
            assertThat(Locales.csv(folder).get(code).translate("school")).isEqualTo("\u00e9cole");
        }

        Files.write(folder.resolve("fr_BE.csv"), row.getBytes(ISO_8859_1));
        for (var code : List.of("fr", "fr_CA", "fr_BE")) {
            assertThat(Locales.csv(folder, ISO_8859_1).get(code).translate("school"))
                    .isEqualTo("\u00e9cole");
        }
    }

    @Test
    void filesThatAreNoCatalogueAreLoggedAndLeftOut() throws IOException {
        Files.writeString(folder.resolve("de.csv"), "school,Schule");
        Files.writeString(folder.resolve("german.csv"), "school,Schule");
        Files.write(folder.resolve("es.csv"), new byte[] {'a', ',', (byte) 0xE9});
        Files.writeString(folder.resolve("README"), "school,Schule");
        try (var log = LogCapture.of(Locales.class)) {
            assertThat(Locales.csv(folder).supported()).containsExactly("de", "en_US");
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("left out"));
        }
    }

    @Test
    void csvCataloguesIgnoreContextsAndSaySo() {
        var german = new UserLocale("de", Catalogue.csv("bank,Bank"));
        try (var log = LogCapture.of(Locales.class)) {
            assertThat(german.pgettext("river", "bank")).isEqualTo("Bank");
            assertThat(log.lines()).singleElement().asString().contains("\"river\"");
        }
    }
}
