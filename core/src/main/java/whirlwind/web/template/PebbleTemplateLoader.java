package whirlwind.web.template;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Html;

/**
 * Templates in Pebble's syntax. What {@code {{ ... }}} prints is escaped as HTML unless the
 * template says {@code | raw}; a variable that is not there is an error rather than an empty text.
 *
 * <p>Templates that extend or include others name them relative to their own folder, or from the
 * root with a leading slash, as Tornado's do; a name that leads out of the root is refused. As in
 * Tornado, nothing is a sandbox: whoever writes templates may call public methods of the values.
 *
 * <p>A template is read when it is first rendered, and again after {@link #reset}.
 */
public final class PebbleTemplateLoader implements TemplateLoader {
    private static final String ENDLESS =
            "does a template extend or include itself, or a macro call itself without end?";

    private final TemplateSource source;
    private final TemplateOptions options;

    /** Replaced as a whole when a rendering brings a function that Pebble hasn't heard of. */
    private volatile Engine engine;

    /** Pebble, and the names that it calls functions by. */
    private record Engine(PebbleEngine pebble, Set<String> functions) {}

    /** Templates from a source, with {@link TemplateOptions#DEFAULTS}. */
    public PebbleTemplateLoader(TemplateSource source) {
        this(source, TemplateOptions.DEFAULTS);
    }

    /** Templates from a source. */
    public PebbleTemplateLoader(TemplateSource source, TemplateOptions options) {
        this.source = source;
        this.options = options;
        this.engine = engine(functionsIn(options.globals(), Set.of()));
    }

    private Engine engine(Set<String> functions) {
        boolean escapes = !options.autoescape().equals("none");
        var builder =
                new PebbleEngine.Builder()
                        .loader(new SourceLoader(source))
                        .extension(new TemplateExtension(options, functions))
                        .addEscapingStrategy("html", Html::escape)
                        .autoEscaping(escapes)
                        .defaultEscapingStrategy(escapes ? options.autoescape() : "html")
                        .maxRenderedSize(options.maxLength())
                        .strictVariables(true);
        options.escapes()
                .forEach((name, escape) -> builder.addEscapingStrategy(name, escape::apply));
        return new Engine(builder.build(), functions);
    }

    /** The known functions, and those among the values. */
    private static Set<String> functionsIn(
            Map<String, ? extends @Nullable Object> values, Set<String> known) {
        Set<String> all = known;
        for (var entry : values.entrySet()) {
            if (entry.getValue() instanceof TemplateFunction && !known.contains(entry.getKey())) {
                if (all == known) {
                    all = new HashSet<>(known);
                }
                all.add(entry.getKey());
            }
        }
        return all;
    }

    @Override
    public String render(
            String name, Map<String, ? extends @Nullable Object> values, Locale locale) {
        var out = new StringWriter();
        try {
            var template = engineFor(values).getTemplate(name);
            template.evaluate(out, Collections.unmodifiableMap(values), locale);
        } catch (PebbleException wrong) {
            throw located(name, wrong);
        } catch (StackOverflowError endless) {
            throw new TemplateException(name, 0, "nested too deep: " + ENDLESS, endless);
        } catch (IOException impossible) { // a StringWriter throws none
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private PebbleEngine engineFor(Map<String, ? extends @Nullable Object> values) {
        var current = engine;
        var functions = functionsIn(values, current.functions());
        if (functions != current.functions()) {
            current = engine(functions);
            engine = current;
        }
        return current.pebble();
    }

    private static String withHint(String message) {
        return message.equals("Unexpected tag name \"end\"")
                ? message + ": {% if %} ends with {% endif %}, {% for %} with {% endfor %}"
                : message;
    }

    private TemplateException located(String name, PebbleException wrong) {
        // What our own loader or a module threw, Pebble may have wrapped.
        for (Throwable cause = wrong; cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateException located) {
                return located;
            }
        }
        var named = wrong.getFileName();
        var template = named == null ? name : named;
        var line = wrong.getLineNumber() == null ? 0 : wrong.getLineNumber();
        var message = withHint(wrong.getPebbleMessage());
        var by = template.equals(name) ? "" : " (rendering " + name + ")";
        return new TemplateException(template, line, message + by, excerpt(template, line), wrong);
    }

    /** Lines around a fault, read again: by now they may differ, and then so does the excerpt. */
    private List<TemplateException.Line> excerpt(String template, int line) {
        try {
            var text = line == 0 ? null : source.read(template);
            return text == null ? List.of() : TemplateException.Line.around(text, line);
        } catch (IOException | RuntimeException unreadable) {
            return List.of();
        }
    }

    @Override
    public void reset() {
        engine.pebble().getTemplateCache().invalidateAll();
        engine.pebble().getTagCache().invalidateAll();
    }
}
