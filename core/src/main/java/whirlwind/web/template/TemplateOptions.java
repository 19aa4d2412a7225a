package whirlwind.web.template;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a loader treats its templates: {@code TemplateOptions.DEFAULTS.withAutoescape("none")}.
 *
 * @param globals what every template sees besides the values it is given
 * @param autoescape how values are escaped where a template says nothing: {@code html} (the
 *     default), {@code js}, {@code css}, {@code html_attr}, {@code url_param}, {@code json}, one of
 *     {@code escapes}, or {@code none}
 * @param escapes further ways to escape, by the names that {@code {% autoescape "name" %}} and
 *     {@code escape(strategy="name")} use
 * @param whitespace null, the default: what {@link Whitespace#suiting} says
 * @param maxLength the longest text that a template may make, in characters; 10 million by default
 */
public record TemplateOptions(
        Map<String, Object> globals,
        String autoescape,
        Map<String, UnaryOperator<String>> escapes,
        @Nullable Whitespace whitespace,
        int maxLength) {
    /** HTML, no globals, white space by name. */
    public static final TemplateOptions DEFAULTS =
            new TemplateOptions(Map.of(), "html", Map.of(), null, 10_000_000);

    /** Copies the maps; refuses a length below 1. */
    public TemplateOptions {
        globals = Map.copyOf(globals);
        escapes = Map.copyOf(escapes);
        if (maxLength < 1) {
            throw new IllegalArgumentException(
                    "maxLength: " + maxLength + " characters (at least 1)");
        }
    }

    /** The same with one more global, a value or a {@link TemplateFunction}. */
    public TemplateOptions withGlobal(String name, Object value) {
        return new TemplateOptions(
                with(globals, name, value), autoescape, escapes, whitespace, maxLength);
    }

    /** The same with another way to escape where a template says nothing. */
    public TemplateOptions withAutoescape(String autoescape) {
        return new TemplateOptions(globals, autoescape, escapes, whitespace, maxLength);
    }

    /** The same with one more way to escape. */
    public TemplateOptions withEscape(String name, UnaryOperator<String> escape) {
        return new TemplateOptions(
                globals, autoescape, with(escapes, name, escape), whitespace, maxLength);
    }

    /** The same with one treatment of white space for all templates. */
    public TemplateOptions withWhitespace(Whitespace whitespace) {
        return new TemplateOptions(globals, autoescape, escapes, whitespace, maxLength);
    }

    /** The same with another limit for what a template makes, in characters. */
    public TemplateOptions withMaxLength(int maxLength) {
        return new TemplateOptions(globals, autoescape, escapes, whitespace, maxLength);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
        var more = new HashMap<>(map);
        more.put(name, value);
        return more;
    }
}
