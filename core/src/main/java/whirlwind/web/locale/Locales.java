package whirlwind.web.locale;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;
import whirlwind.escape.Utf8;
import whirlwind.http.Preference;

/**
 * The languages that an application speaks, and the choice among them. One of them is the default;
 * it needs no catalogue, for its messages are those in the program. Immutable, for any thread.
 *
 * {@snippet :
 * ApplicationSettings.DEFAULTS.withLocales(Locales.gettext(Path.of("locale"), "blog"))
 * }
 *
 * <p>Tornado: the functions of {@code locale}, which share one table for the whole program.
 */
public final class Locales {
    /** American English without a catalogue. */
    public static final Locales ENGLISH = of(Map.of());

    private static final Logger log = LoggerFactory.getLogger(Locales.class);
    private static final String DEFAULT_CODE = "en_US";
    private static final Pattern SEPARATOR = Pattern.compile("[-_]");
    private static final Pattern CODE = Pattern.compile("[a-z]{2,3}(_[A-Z]{2})?");

    private final Map<String, UserLocale> byCode;
    private final UserLocale fallback;

    private Locales(Map<String, UserLocale> byCode, UserLocale fallback) {
        this.byCode = byCode;
        this.fallback = fallback;
    }

    /**
     * Languages by their codes, such as {@code de} or {@code pt_BR}.
     *
     * @throws IllegalArgumentException if one is no such code
     */
    public static Locales of(Map<String, ? extends Catalogue> catalogues) {
        var byCode = new TreeMap<String, UserLocale>();
        catalogues.forEach((code, catalogue) -> {
            if (!CODE.matcher(code).matches()) {
                throw new IllegalArgumentException(
                        "language: " + Text.quoted(code) + " (such as de or pt_BR)");
            }
            byCode.put(code, new UserLocale(code, catalogue));
        });
        var fallback =
                byCode.computeIfAbsent(DEFAULT_CODE, code -> new UserLocale(code, Catalogue.EMPTY));
        return new Locales(Collections.unmodifiableMap(byCode), fallback);
    }

    /**
     * The languages that a folder has files for, such as {@code pt_BR.csv}, in UTF-8, or UTF-16
     * with a byte order mark; each row a message, its translation, and perhaps {@code plural} or
     * {@code singular}. What is no such file is logged and left out. Blocks: call it at start.
     * Tornado: {@code load_translations}.
     *
     * @throws IOException if the folder can't be read
     */
    public static Locales csv(Path folder) throws IOException {
        return csv(folder, null);
    }

    /** The same, files without a byte order mark being in {@code charset}. */
    public static Locales csv(Path folder, @Nullable Charset charset) throws IOException {
        var catalogues = new HashMap<String, Catalogue>();
        try (var files = Files.newDirectoryStream(folder, "*.csv")) {
            for (var file : files) {
                var name = file.getFileName().toString();
                var code = name.substring(0, name.length() - ".csv".length());
                if (!CODE.matcher(code).matches()) {
                    log.error("{} is left out: {} is no language", file, Text.quoted(code));
                    continue;
                }
                try {
                    var text = decoded(Files.readAllBytes(file), charset);
                    catalogues.put(code, CsvCatalogue.parse(file.toString(), text));
                } catch (IOException | MalformedTextException e) {
                    log.error("{} is left out", file, e);
                }
            }
        }
        return of(catalogues);
    }

    /** A byte order mark says what follows it, else the caller does. */
    private static String decoded(byte[] bytes, @Nullable Charset charset) {
        var text =
                startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)
                        ? new String(bytes, StandardCharsets.UTF_16)
                        : charset == null || startsWith(bytes, 0xEF, 0xBB, 0xBF)
                                ? Utf8.decode(bytes)
                                : new String(bytes, charset);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i == bytes.length || (bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The languages that a folder has gettext's compiled files for: {@code
     * pt_BR/LC_MESSAGES/DOMAIN.mo}. A file that can't be read is logged and left out. Blocks: call
     * it at start. Tornado: {@code load_gettext_translations}.
     *
     * @throws IOException if the folder can't be read
     */
    public static Locales gettext(Path folder, String domain) throws IOException {
        var catalogues = new HashMap<String, Catalogue>();
        try (var languages = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (var language : languages) {
                var code = language.getFileName().toString();
                var file = language.resolve("LC_MESSAGES").resolve(domain + ".mo");
                if (code.startsWith(".") || !Files.exists(file)) {
                    continue;
                }
                if (!CODE.matcher(code).matches()) {
                    log.error("{} is left out: {} is no language", file, Text.quoted(code));
                    continue;
                }
                try {
                    catalogues.put(code, Catalogue.gettext(Files.readAllBytes(file)));
                } catch (IOException | IllegalArgumentException e) {
                    log.error("{} is left out", file, e);
                }
            }
        }
        return of(catalogues);
    }

    /**
     * The same languages with another default, which need not be among them. Tornado: {@code
     * set_default_locale}.
     */
    public Locales withDefault(String code) {
        var more = new HashMap<String, Catalogue>();
        byCode.forEach((known, locale) -> more.put(known, locale.catalogue()));
        if (fallback.catalogue() == Catalogue.EMPTY) {
            more.remove(fallback.code());
        }
        more.putIfAbsent(code, Catalogue.EMPTY);
        var all = of(more).byCode;
        var kept = new TreeMap<>(all);
        if (!more.containsKey(DEFAULT_CODE)) {
            kept.remove(DEFAULT_CODE);
        }
        return new Locales(
                Collections.unmodifiableMap(kept), Objects.requireNonNull(all.get(code)));
    }

    /** The codes of all languages, the default's too. */
    public Set<String> supported() {
        return byCode.keySet();
    }

    /** The default language. */
    public UserLocale fallback() {
        return fallback;
    }

    /**
     * The language with exactly this code.
     *
     * @throws IllegalArgumentException if it is not supported
     */
    public UserLocale get(String code) {
        var locale = byCode.get(code);
        if (locale == null) {
            throw new IllegalArgumentException(
                    "language: " + Text.quoted(code) + " (supported: " + supported() + ")");
        }
        return locale;
    }

    /**
     * The first language of these that is supported, as it is or without its country; else the
     * default. Case and {@code -} or {@code _} don't matter, and what stands between language and
     * country neither. Tornado: {@code locale.get}.
     */
    public UserLocale closest(List<String> codes) {
        for (var code : codes) {
            var parts = SEPARATOR.split(code, -1);
            var language = parts[0].toLowerCase(Locale.ROOT);
            var exact =
                    parts.length == 1
                            ? null
                            : byCode.get(
                                    language
                                            + "_"
                                            + parts[parts.length - 1].toUpperCase(Locale.ROOT));
            var found = exact != null ? exact : byCode.get(language);
            if (found != null) {
                return found;
            }
        }
        return fallback;
    }

    /** The language that suits a reader's {@code Accept-Language} best. */
    public UserLocale accepted(String acceptLanguage) {
        if (byCode.size() == 1) {
            return fallback; // there is no choice
        }
        return closest(
                Preference.parseList(acceptLanguage).stream()
                        .filter(language -> language.weight() > 0)
                        .sorted(Comparator.comparingInt(Preference::weight).reversed())
                        .map(Preference::value)
                        .toList());
    }
}
