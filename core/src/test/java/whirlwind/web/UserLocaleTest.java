package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.TemplatePages.rendered;
import static whirlwind.web.TemplatePages.settings;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.web.TemplatePages.Page;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.DateStyle;
import whirlwind.web.locale.Locales;
import whirlwind.web.locale.UserLocale;

/** In which language a handler speaks. */
class UserLocaleTest {
    private static final Locales LOCALES =
            Locales.of(Map.of("de", Catalogue.of(Map.of("yes", "ja")), "fr", Catalogue.EMPTY));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fr;q=0.2, de;q=0.9 | de",
                "fr;q=0.2, de; q=0.9 | de",
                "de;q=0, fr | fr",
                "de;q=-1, fr;q=0.1 | fr",
                "it | en_US",
                "'' | en_US",
            })
    void theBrowserChoosesTheLanguage(String header, String expected) throws Exception {
        var settings = settings("t", "{{ locale.code }}").withLocales(LOCALES);
        assertThat(rendered(settings, Page::new, "Accept-Language", header)).isEqualTo(expected);
    }

    @Test
    void aPageInTheBrowsersLanguageSaysSoToWhoKeepsIt() throws Exception {
        var several = settings("t", "{{ locale.code }}").withLocales(LOCALES);
        try (var app = ServedApplication.of(several, Page::new)) {
            assertThat(app.get("/").headers().allValues("Vary")).containsExactly("Accept-Language");
        }
        try (var app = ServedApplication.of(settings("t", "one"), Page::new)) {
            assertThat(app.get("/").headers().allValues("Vary")).isEmpty();
        }
    }

    @Test
    void theUsersChoiceComesBeforeTheBrowsersAndAnAssignedOneFirst() throws Exception {
        var asked = new AtomicInteger();
        class Chosen extends Page {
            @Override
            protected UserLocale getUserLocale() {
                asked.incrementAndGet();
                return settings().locales().get("fr");
            }
        }
        var settings = settings("t", "{{ locale.code }}{{ locale.code }}").withLocales(LOCALES);
        assertThat(rendered(settings, Chosen::new, "Accept-Language", "de")).isEqualTo("frfr");
        assertThat(asked).hasValue(1);

        class Assigned extends Chosen {
            @Override
            protected void prepare() {
                setLocale(settings().locales().get("de"));
            }
        }
        assertThat(rendered(settings, Assigned::new)).isEqualTo("dede");
        assertThat(asked).hasValue(1);
    }

    @Test
    void pebblesOwnFiltersSpeakTheLanguageToo() throws Exception {
        var settings =
                settings("t", "{{ 1234.5 | numberformat('#,##0.00') }}").withLocales(LOCALES);
        assertThat(rendered(settings, Page::new, "Accept-Language", "de")).isEqualTo("1.234,50");
        assertThat(rendered(settings, Page::new, "Accept-Language", "en")).isEqualTo("1,234.50");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de | eine Antwort, 1.234 Antworten | 1.234.567 | 2. Januar 2026, 12:00 | a, b und c",
                "en | one reply, 1,234 replies | 1,234,567 | January 2, 2026 at 12:00 pm | a, b, and c",
            })
    void templatesCountAndTellDatesNumbersAndListsInTheReadersLanguage(
            String language, String counted, String number, String date, String list)
            throws Exception {
        var german =
                Catalogue.csv(
                        """
                        one reply,eine Antwort,singular
                        %s replies,%s Antworten,plural
                        one reply,%s Antworten,plural
                        """);
        var text =
                """
                {{ _('one reply', '%s replies', 1) }}, {{ counted(1234) }} -
                {{ locale.friendlyNumber(1234567) }} -
                {{ locale.formatDate(day, style) }} -
                {{ locale.list(['a', 'b', 'c']) }}\
                """;
        class Speaking extends Page {
            @Override
            protected Map<String, ?> getTemplateNamespace() {
                var more = new HashMap<String, Object>(super.getTemplateNamespace());
                more.put("day", Instant.parse("2026-01-02T12:00:00Z"));
                more.put("style", DateStyle.DEFAULT.inFull());
                return more;
            }
        }
        var settings =
                settings("t", text)
                        .withLocales(Locales.of(Map.of("de", german)))
                        .withUiMethod(
                                "counted",
                                (handler, arguments) -> {
                                    var locale = handler.locale();
                                    var n = (Long) arguments.get(0);
                                    return locale.translate("one reply", "%s replies", n)
                                            .formatted(locale.friendlyNumber(n));
                                });
        assertThat(rendered(settings, Speaking::new, "Accept-Language", language))
                .isEqualTo(String.join(" -\n", counted, number, date, list));
    }
}
