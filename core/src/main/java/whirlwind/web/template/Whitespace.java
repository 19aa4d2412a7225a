package whirlwind.web.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What becomes of white space in a template's text. Tornado: {@code filter_whitespace}. */
public enum Whitespace {
    /** It stays as it is. */
    ALL,
    /** Runs of blanks become one, and runs with line ends one line end. */
    SINGLE,
    /** Every run becomes one blank. */
    ONELINE;

    private static final Pattern BLANKS = Pattern.compile("[\\t ]+");
    private static final Pattern LINES = Pattern.compile("\\s*\\n\\s*");
    private static final Pattern RUN = Pattern.compile("\\s+");

    /** What suits a template of that name: SINGLE for {@code .html} and {@code .js}, else ALL. */
    public static Whitespace suiting(String template) {
        return template.endsWith(".html") || template.endsWith(".js") ? SINGLE : ALL;
    }

    /**
     * The mode that is called {@code all}, {@code single} or {@code oneline}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Whitespace of(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "whitespace: '%s' (one of %s)"
                                        .formatted(
                                                name,
                                                Arrays.stream(values())
                                                        .map(Whitespace::toString)
                                                        .collect(Collectors.joining(", ")))));
    }

    /** The text in this mode; preformatted text, with {@code <pre>} in it, stays as it is. */
    public String filter(String text) {
        if (this == ALL || text.contains("<pre>")) {
            return text;
        }
        return this == SINGLE
                ? LINES.matcher(BLANKS.matcher(text).replaceAll(" ")).replaceAll("\n")
                : RUN.matcher(text).replaceAll(" ");
    }

    /** The name that templates use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
