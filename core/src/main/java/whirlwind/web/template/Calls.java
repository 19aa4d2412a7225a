package whirlwind.web.template;

import io.pebbletemplates.pebble.attributes.AttributeResolver;
import io.pebbletemplates.pebble.attributes.ResolvedAttribute;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.node.ArgumentsNode;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.EvaluationContextImpl;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How Pebble calls {@link TemplateFunction}s. */
final class Calls {
    private Calls() {}

    /**
     * The function that Pebble finds by a name: it calls what the rendering was given by that name,
     * also where variables aren't seen, as in macros.
     */
    static Function byName(String name) {
        return new Function() {
            @Override
            public @Nullable Object execute(
                    Map<String, Object> arguments,
                    PebbleTemplate self,
                    EvaluationContext context,
                    int line) {
                var scopes = ((EvaluationContextImpl) context).getScopeChain();
                var value = scopes.get(name);
                if (value == null) {
                    value =
                            scopes.getGlobalScopes().stream()
                                    .filter(scope -> scope.containsKey(name))
                                    .map(scope -> scope.get(name))
                                    .findFirst()
                                    .orElse(null);
                }
                if (value instanceof TemplateFunction function) {
                    return call(name, function, split(arguments), self.getName(), line);
                }
                throw new PebbleException(
                        null, "\"" + name + "\" is no function here", line, self.getName());
            }

            @Override
            public List<String> getArgumentNames() {
                return List.of();
            }
        };
    }

    /** {@code modules.Entry(x)}. */
    static AttributeResolver ofGroups() {
        return new AttributeResolver() {
            @Override
            public @Nullable ResolvedAttribute resolve(
                    Object instance,
                    Object name,
                    Object @Nullable [] values,
                    @Nullable ArgumentsNode arguments,
                    EvaluationContextImpl context,
                    String template,
                    int line) {
                if (!(instance instanceof TemplateFunction.Group group) || values == null) {
                    return null;
                }
                if (arguments != null && !arguments.getNamedArgs().isEmpty()) {
                    throw new PebbleException(
                            null, "named arguments need the tag {% module %}", line, template);
                }
                var given = new TemplateArguments(Arrays.asList(values), Map.of());
                return new ResolvedAttribute(
                        ofGroup(group, name.toString(), given, template, line));
            }
        };
    }

    static @Nullable Object ofGroup(
            TemplateFunction.Group group,
            String name,
            TemplateArguments arguments,
            String template,
            int line) {
        var function =
                group.find(name)
                        .orElseThrow(() ->
                                new PebbleException(
                                        null, "no module \"" + name + "\"", line, template));
        return call(name, function, arguments, template, line);
    }

    static TemplateArguments evaluated(
            ArgumentsNode arguments, PebbleTemplateImpl self, EvaluationContextImpl context) {
        var positional = new ArrayList<@Nullable Object>();
        var named = new LinkedHashMap<String, @Nullable Object>();
        if (arguments.getPositionalArgs() != null) {
            arguments
                    .getPositionalArgs()
                    .forEach(argument ->
                            positional.add(argument.getValueExpression().evaluate(self, context)));
        }
        if (arguments.getNamedArgs() != null) {
            for (var argument : arguments.getNamedArgs()) {
                var value = argument.getValueExpression();
                named.put(argument.getName(), value == null ? null : value.evaluate(self, context));
            }
        }
        return new TemplateArguments(positional, named);
    }

    /** Pebble numbers those without names. */
    private static TemplateArguments split(Map<String, Object> arguments) {
        var positional = new ArrayList<@Nullable Object>();
        var named = new LinkedHashMap<String, @Nullable Object>(arguments);
        for (int i = 0; named.containsKey(Integer.toString(i)); i++) {
            positional.add(named.remove(Integer.toString(i)));
        }
        return new TemplateArguments(positional, named);
    }

    static @Nullable Object call(
            String name,
            TemplateFunction function,
            TemplateArguments arguments,
            String template,
            int line) {
        try {
            var value = function.call(arguments);
            return value instanceof TemplateFunction.Raw raw ? new SafeString(raw.html()) : value;
        } catch (TemplateException | PebbleException located) {
            throw located;
        } catch (Exception e) {
            throw new PebbleException(e, name + " failed: " + e, line, template);
        }
    }
}
