package whirlwind.web.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.http.HttpServerRequest;

/**
 * An ordered list of rules, of which the first that matches wins; immutable. Tornado's {@code
 * ReversibleRuleRouter}.
 *
 * <p>However many routes there are, those with fixed paths cost one look into a hash table and
 * those with templates one walk down a tree; only regular expressions and groups are tried in turn,
 * and only those that stand before what was found.
 *
 * @param <T> what targets are
 */
public final class Router<T> {
    private final List<Rule<T>> rules;
    private final Map<String, Route<T>> named = new HashMap<>();

    /**
     * Routes whose pattern is a fixed path: the match itself, which has no arguments and is the
     * same every time.
     */
    private final Map<String, Literal<T>> literals = new HashMap<>();

    private final TemplateTree templates = new TemplateTree();

    /** What has to be tried: indices of regular expressions and groups, ascending. */
    private final int[] tried;

    private record Literal<T>(int index, RouteMatch<T> match) {}

    /**
     * A router with these rules.
     *
     * @throws IllegalArgumentException if two routes among them have the same name (those inside
     *     groups may)
     */
    public Router(List<? extends Rule<T>> rules) {
        this.rules = List.copyOf(rules);
        var others = new ArrayList<Integer>();
        for (int i = 0; i < this.rules.size(); i++) {
            if (!(this.rules.get(i) instanceof Route<T> route) || !index(i, route)) {
                others.add(i);
            }
        }
        this.tried = others.stream().mapToInt(Integer::intValue).toArray();
        // What a template before it matches as well is never reached: then a path that is found
        // here needs no look at the templates.
        literals.entrySet()
                .removeIf(fixed ->
                        templates.find(fixed.getKey(), fixed.getValue().index())
                                < fixed.getValue().index());
    }

    /** As the constructor. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T> Router<T> of(Rule<T>... rules) {
        return new Router<>(List.of(rules));
    }

    /** Files a route under its name and path; false if its pattern has to be tried. */
    private boolean index(int index, Route<T> route) {
        if (route.name() != null && named.putIfAbsent(route.name(), route) != null) {
            throw new IllegalArgumentException("two routes are named " + Text.quoted(route.name()));
        }
        var literal = route.pattern().literal();
        if (literal != null) {
            literals.putIfAbsent(literal, new Literal<>(index, new RouteMatch<>(route, List.of())));
            return true;
        }
        if (route.pattern() instanceof PathTemplate template) {
            templates.add(template, index);
            return true;
        }
        return false;
    }

    /** The same rules for the paths below another. */
    public Router<T> under(String prefix) {
        return new Router<>(rules.stream().map(rule -> rule.under(prefix)).toList());
    }

    /** The rules in order; unmodifiable. */
    public List<Rule<T>> rules() {
        return rules;
    }

    /**
     * Where a request goes, null if no rule wants it. A path that is fixed allocates nothing.
     *
     * @throws whirlwind.http.HttpInputException (400) if an argument in the path is not UTF-8
     */
    public @Nullable RouteMatch<T> match(HttpServerRequest request) {
        var path = request.path();
        var literal = literals.get(path);
        int found = literal == null ? templates.find(path, Integer.MAX_VALUE) : literal.index();
        for (int index : tried) {
            if (index > found) {
                break;
            }
            var match = attempt(rules.get(index), request, path);
            if (match != null) {
                return match;
            }
        }
        if (literal != null) {
            return literal.match();
        }
        return found < Integer.MAX_VALUE
                        && rules.get(found) instanceof Route<T> route
                        && route.pattern() instanceof PathTemplate template
                ? new RouteMatch<>(route, template.arguments(path))
                : null;
    }

    private static <T> @Nullable RouteMatch<T> attempt(
            Rule<T> rule, HttpServerRequest request, String path) {
        return switch (rule) {
            case Route<T> route -> {
                var arguments = route.pattern().match(path);
                yield arguments == null ? null : new RouteMatch<>(route, arguments);
            }
            case RouteGroup<T>(var matcher, var router) ->
                    matcher.matches(request) ? router.match(request) : null;
        };
    }

    /**
     * The route of that name, those of this router before those of its groups; null if there is
     * none.
     */
    public @Nullable Route<T> named(String name) {
        var route = named.get(name);
        if (route != null) {
            return route;
        }
        for (int index : tried) {
            if (rules.get(index) instanceof RouteGroup<T> group) {
                route = group.router().named(name);
                if (route != null) {
                    return route;
                }
            }
        }
        return null;
    }

    /**
     * The path that leads to the route of that name with these arguments, which are turned into
     * text and escaped. Tornado's {@code reverse_url}.
     *
     * @throws NoSuchElementException if there is no such route
     * @throws IllegalArgumentException if the arguments are too few, too many or do not fit
     * @throws UnsupportedOperationException if the route's pattern cannot be reversed
     */
    public String reverse(String name, @Nullable Object... arguments) {
        var route = named(name);
        if (route == null) {
            throw new NoSuchElementException("no route named " + Text.quoted(name));
        }
        return route.pattern().reverse(arguments);
    }
}
