package whirlwind.web.template;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Templates in Pebble's syntax. What {@code {{ ... }}} prints is escaped as HTML unless the
 * template says {@code | raw}; a variable that is not there is an error rather than an empty text.
 *
 * <p>Templates that extend or include others name them relative to their own folder, or from the
 * root with a leading slash, as Tornado's do; a name that leads out of the root is refused. As in
 * Tornado, nothing is a sandbox: whoever writes templates may call public methods of the values.
 */
public final class PebbleTemplateLoader implements TemplateLoader {
    private final PebbleEngine engine;

    /** Templates from a source. */
    public PebbleTemplateLoader(TemplateSource source) {
        this(source, Map.of());
    }

    /** Templates from a source, which see {@code globals} besides what they are given. */
    public PebbleTemplateLoader(TemplateSource source, Map<String, Object> globals) {
        this.engine =
                new PebbleEngine.Builder()
                        .loader(new SourceLoader(source))
                        .extension(new TemplateExtension(globals))
                        .autoEscaping(true)
                        .strictVariables(true)
                        .build();
    }

    @Override
    public String render(String name, Map<String, ? extends @Nullable Object> values) {
        var out = new StringWriter();
        try {
            engine.getTemplate(name).evaluate(out, Collections.unmodifiableMap(values));
        } catch (PebbleException wrong) {
            throw located(name, wrong);
        } catch (IOException impossible) { // a StringWriter throws none
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static TemplateException located(String name, PebbleException wrong) {
        // What our own loader threw, Pebble may have wrapped.
        for (Throwable cause = wrong; cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateException located) {
                return located;
            }
        }
        String template = wrong.getFileName();
        Integer line = wrong.getLineNumber();
        return new TemplateException(
                template == null ? name : template,
                line == null ? 0 : line,
                wrong.getPebbleMessage(),
                wrong);
    }

    @Override
    public void reset() {
        engine.getTemplateCache().invalidateAll();
        engine.getTagCache().invalidateAll();
    }
}
