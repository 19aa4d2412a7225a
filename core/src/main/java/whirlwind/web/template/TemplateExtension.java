package whirlwind.web.template;

import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.escape.Text;
import whirlwind.escape.Url;

/** Tornado's functions as filters, under their names there; {@code escape} is Pebble's own. */
final class TemplateExtension extends AbstractExtension {
    private final Map<String, Object> globals;

    TemplateExtension(Map<String, Object> globals) {
        this.globals = Map.copyOf(globals);
    }

    @Override
    public Map<String, Object> getGlobalVariables() {
        return globals;
    }

    @Override
    public Map<String, Filter> getFilters() {
        return Map.of(
                "url_escape", filter(value -> Url.escape(String.valueOf(value))),
                "squeeze", filter(value -> Text.squeeze(String.valueOf(value))),
                "json_encode", filter(Json::encode));
    }

    private static Filter filter(Function<@Nullable Object, String> function) {
        return new Filter() {
            @Override
            public Object apply(
                    @Nullable Object input,
                    Map<String, Object> arguments,
                    PebbleTemplate self,
                    EvaluationContext context,
                    int line) {
                return function.apply(input);
            }

            @Override
            public List<String> getArgumentNames() {
                return List.of();
            }
        };
    }
}
