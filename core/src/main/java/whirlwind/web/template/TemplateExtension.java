package whirlwind.web.template;

import io.pebbletemplates.pebble.attributes.AttributeResolver;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.NodeVisitorFactory;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Html;
import whirlwind.escape.Json;
import whirlwind.escape.Linkify;
import whirlwind.escape.Text;
import whirlwind.escape.Url;

/** Tornado's functions, also as filters, and its tags. */
final class TemplateExtension extends AbstractExtension {
    /** A function of one value. */
    @FunctionalInterface
    private interface Conversion {
        Object of(@Nullable Object value);
    }

    /** {@code escape} is a filter of Pebble's own. */
    private static final Map<String, Conversion> CONVERSIONS =
            Map.of(
                    "xhtml_escape", TemplateExtension::escaped,
                    "url_escape", value -> Url.escape(String.valueOf(value)),
                    "squeeze", value -> Text.squeeze(String.valueOf(value)),
                    "json_encode", Json::encode,
                    "linkify",
                            value -> new SafeString(Linkify.DEFAULT.apply(String.valueOf(value))));

    private final TemplateOptions options;
    private final Set<String> functions;

    /** With the names of functions that renderings are given. */
    TemplateExtension(TemplateOptions options, Set<String> functions) {
        this.options = options;
        this.functions = functions;
    }

    @Override
    public Map<String, Object> getGlobalVariables() {
        return options.globals();
    }

    @Override
    public Map<String, Filter> getFilters() {
        var filters = new HashMap<String, Filter>();
        CONVERSIONS.forEach((name, conversion) -> filters.put(name, filter(conversion)));
        return filters;
    }

    @Override
    public Map<String, Function> getFunctions() {
        var all = new HashMap<String, Function>();
        CONVERSIONS.forEach((name, conversion) -> all.put(name, function(conversion)));
        all.put("escape", function(TemplateExtension::escaped));
        functions.forEach(name -> all.put(name, Calls.byName(name)));
        return all;
    }

    @Override
    public List<TokenParser> getTokenParsers() {
        return Tags.all();
    }

    @Override
    public List<AttributeResolver> getAttributeResolver() {
        return List.of(Calls.ofGroups());
    }

    @Override
    public List<NodeVisitorFactory> getNodeVisitors() {
        return List.of(template -> {
            var given = options.whitespace();
            var mode = given != null ? given : Whitespace.suiting(template.getName());
            return new WhitespaceVisitor((PebbleTemplateImpl) template, mode);
        });
    }

    private static SafeString escaped(@Nullable Object value) {
        return new SafeString(Html.escape(String.valueOf(value)));
    }

    private static Filter filter(Conversion conversion) {
        return new Filter() {
            @Override
            public Object apply(
                    @Nullable Object input,
                    Map<String, Object> arguments,
                    PebbleTemplate self,
                    EvaluationContext context,
                    int line) {
                return conversion.of(input);
            }

            @Override
            public List<String> getArgumentNames() {
                return List.of();
            }
        };
    }

    private static Function function(Conversion conversion) {
        return new Function() {
            @Override
            public Object execute(
                    Map<String, Object> arguments,
                    PebbleTemplate self,
                    EvaluationContext context,
                    int line) {
                return conversion.of(arguments.get("value"));
            }

            @Override
            public List<String> getArgumentNames() {
                return List.of("value");
            }
        };
    }
}
