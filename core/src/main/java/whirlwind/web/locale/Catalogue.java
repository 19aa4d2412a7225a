package whirlwind.web.locale;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages in one language. Null means that the catalogue lacks one. Safe for any thread. */
public interface Catalogue {
    /** A catalogue without messages. */
    Catalogue EMPTY = of(Map.of());

    /**
     * The translation of a message.
     *
     * @param context tells apart what is written alike, such as a verb and a noun; null for none
     */
    @Nullable String find(@Nullable String context, String message);

    /**
     * The translation of a message that counts something, in the form that the language has for so
     * many.
     *
     * @param message as it is for one
     * @param plural as it is for several
     */
    @Nullable String find(@Nullable String context, String message, String plural, long count);

    /** The catalogue in the text of a CSV file, see {@link Locales#csv}. */
    static Catalogue csv(String text) {
        return CsvCatalogue.parse("CSV", text);
    }

    /**
     * The catalogue in the bytes of a gettext {@code .mo} file.
     *
     * @throws IllegalArgumentException if they are none; says where
     */
    static Catalogue gettext(byte[] mo) {
        return GettextCatalogue.parse(mo);
    }

    /** Translations by their messages, without plural forms and contexts. */
    static Catalogue of(Map<String, String> translations) {
        return new CsvCatalogue(Map.copyOf(translations), Map.of(), Map.of());
    }
}
