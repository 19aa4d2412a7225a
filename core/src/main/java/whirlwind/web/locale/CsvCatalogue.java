package whirlwind.web.locale;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;

/**
 * Rows of message, translation, and perhaps {@code plural} or {@code singular}: the translation of
 * a message for several, or for one. There are no contexts in it.
 */
record CsvCatalogue(
        Map<String, String> plain, Map<String, String> singular, Map<String, String> plural)
        implements Catalogue {
    private static final Logger log = LoggerFactory.getLogger(Locales.class);

    /** Rows that are too short are none; those with an unknown third column are logged. */
    static CsvCatalogue parse(String name, String text) {
        var plain = new HashMap<String, String>();
        var singular = new HashMap<String, String>();
        var plural = new HashMap<String, String>();
        int number = 0;
        for (var row : CsvReader.rows(text)) {
            number++;
            if (row.size() < 2) {
                continue;
            }
            var kind = row.size() > 2 ? row.get(2).strip() : "";
            var target =
                    switch (kind) {
                        case "", "unknown" -> plain;
                        case "singular" -> singular;
                        case "plural" -> plural;
                        default -> null;
                    };
            if (target == null) {
                log.error(
                        "{}, row {}: {} is none of plural, singular, unknown; it is left out",
                        name,
                        number,
                        Text.quoted(kind));
                continue;
            }
            target.put(row.get(0).strip(), row.get(1).strip());
        }
        return new CsvCatalogue(plain, singular, plural);
    }

    @Override
    public @Nullable String find(@Nullable String context, String message) {
        if (context != null) {
            log.warn("CSV catalogues have no contexts: {} is ignored", Text.quoted(context));
        }
        return plain.get(message);
    }

    @Override
    public @Nullable String find(
            @Nullable String context, String message, String plural, long count) {
        if (context != null) {
            log.warn("CSV catalogues have no contexts: {} is ignored", Text.quoted(context));
        }
        return count == 1 ? singular.get(message) : this.plural.get(plural);
    }
}
