package whirlwind.web.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.escape.Url;

/**
 * A path with named arguments in braces.
 *
 * <ul>
 *   <li>{@code /user/{id}}: anything but a slash, not empty. An argument may be part of a piece:
 *       {@code /{name}.{ext}}.
 *   <li>{@code /user/{id:[0-9]+}}: what the regular expression matches, still without a slash.
 *   <li>{@code /user/{id:int}}: a whole number, perhaps negative; {@code {id:uuid}}: a UUID.
 *   <li>{@code /files/{path:*}}: all that is left, slashes too, perhaps nothing; only as the last
 *       piece.
 * </ul>
 */
public final class PathTemplate implements PathPattern {
    /** What stands between two slashes. */
    sealed interface Segment {
        /** Fixed text. */
        record Literal(String text) implements Segment {}

        /** One argument and nothing else, without a constraint: what most templates have. */
        record Anything() implements Segment {}

        /** Arguments with fixed text around them; {@code regex} has one group for each. */
        record Arguments(Pattern regex, List<Part> parts) implements Segment {}

        /** The rest of the path. */
        record Rest() implements Segment {}
    }

    /** Text, or the argument that {@code constraint} matches. */
    record Part(String text, @Nullable Pattern constraint) {}

    private static final Pattern ANYTHING = Pattern.compile("[^/]+");

    /** Constraints that have names. */
    private static final Map<String, Pattern> TYPES =
            Map.of(
                    "int", Pattern.compile("-?[0-9]+"),
                    "uuid",
                            Pattern.compile(
                                    "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"));

    /** Segments that are one of these and nothing else, by their text: all templates share them. */
    private static final Map<String, Pattern> ONE_OF_TYPE =
            TYPES.values().stream()
                    .map(type -> Pattern.compile("(" + type.pattern() + ")"))
                    .collect(Collectors.toUnmodifiableMap(Pattern::pattern, regex -> regex));

    /** What stands in no path, but in the regular expressions that Tornado's routes are. */
    private static final Pattern REGEX = Pattern.compile("[\\[\\]\\\\^|]|[.)][*+?]|\\(\\?");

    private static final Pattern QUERY = Pattern.compile("\\?\\w+=");

    /** Pieces that Express, Vert.x, Flask and Spring would take for arguments. */
    private static final Pattern FOREIGN = Pattern.compile(":[A-Za-z_]\\w*|<[^<>]+>|\\*\\*?");

    /** Types that arguments have elsewhere; as regular expressions they would match themselves. */
    private static final Set<String> FOREIGN_TYPES =
            Set.of(
                    "integer", "long", "float", "double", "number", "bool", "boolean", "str",
                    "string", "path", "slug", "date");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    private final String template;
    private final List<Segment> segments;
    private final List<String> names;

    private PathTemplate(String template, List<Segment> segments, List<String> names) {
        this.template = template;
        this.segments = List.copyOf(segments);
        this.names = List.copyOf(names);
    }

    static PathTemplate parse(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException(
                    "path template " + Text.quoted(template) + " does not start with a slash");
        }
        var segments = new ArrayList<Segment>();
        var names = new ArrayList<String>();
        int start = 1;
        while (start <= template.length()) {
            int end = segmentEnd(template, start);
            if (!segments.isEmpty() && segments.getLast() instanceof Segment.Rest) {
                throw malformed(template, "{...:*} is not its last piece");
            }
            segments.add(segment(template, template.substring(start, end), names));
            start = end + 1;
        }
        if (names.stream().distinct().count() < names.size()) {
            throw malformed(template, "two arguments have the same name");
        }
        return new PathTemplate(template, segments, names);
    }

    /** The next slash that is not in braces, or the end. */
    private static int segmentEnd(String template, int start) {
        int depth = 0;
        for (int i = start; i < template.length(); i++) {
            switch (template.charAt(i)) {
                case '{' -> depth++;
                case '}' -> depth--;
                case '/' -> {
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return template.length();
    }

    private static Segment segment(String template, String segment, List<String> names) {
        if (FOREIGN.matcher(segment).matches()) {
            throw malformed(
                    template,
                    "an argument is written {id} here, the rest of a path {path:*}; a path with a"
                            + " piece that is really %s goes by Route.regex"
                                    .formatted(Text.quoted(segment)));
        }
        var parts = new ArrayList<Part>();
        int start = 0;
        for (int open = segment.indexOf('{'); open >= 0; open = segment.indexOf('{', start)) {
            int close = closingBrace(segment, open);
            if (close < 0) {
                throw malformed(template, "a brace is not closed");
            }
            addText(template, parts, segment.substring(start, open));
            var argument = segment.substring(open + 1, close);
            int colon = argument.indexOf(':');
            names.add(checkedName(template, colon < 0 ? argument : argument.substring(0, colon)));
            var constraint = colon < 0 ? null : argument.substring(colon + 1);
            if ("*".equals(constraint)) {
                if (open > 0 || close < segment.length() - 1) {
                    throw malformed(template, "{...:*} is not a piece of its own");
                }
                return new Segment.Rest();
            }
            parts.add(new Part("", constraint == null ? ANYTHING : compile(template, constraint)));
            start = close + 1;
        }
        addText(template, parts, segment.substring(start));
        if (parts.size() == 1 && parts.getFirst().constraint() == ANYTHING) {
            return new Segment.Anything();
        }
        boolean fixed = parts.stream().allMatch(part -> part.constraint() == null);
        return fixed ? new Segment.Literal(segment) : new Segment.Arguments(joined(parts), parts);
    }

    private static int closingBrace(String segment, int open) {
        int depth = 0;
        for (int i = open; i < segment.length(); i++) {
            char c = segment.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static void addText(String template, List<Part> parts, String text) {
        if (text.indexOf('}') >= 0) {
            throw malformed(template, "a brace is not opened");
        }
        if (QUERY.matcher(text).find()) {
            throw malformed(template, "a query is no part of it: see getQueryArgument");
        }
        if (REGEX.matcher(text).find()) {
            throw malformed(
                    template,
                    "a regular expression goes into an argument, as in {id:[0-9]+}, or is a whole"
                            + " route by Route.regex");
        }
        if (!text.isEmpty()) {
            parts.add(new Part(text, null));
        }
    }

    private static String checkedName(String template, String name) {
        if (!NAME.matcher(name).matches()) {
            throw malformed(template, Text.quoted(name) + " is not a name");
        }
        return name;
    }

    private static Pattern compile(String template, String constraint) {
        var type = TYPES.get(constraint);
        if (type != null) {
            return type;
        }
        if (FOREIGN_TYPES.contains(constraint.toLowerCase(Locale.ROOT))) {
            throw malformed(
                    template,
                    "%s is neither int, uuid nor *, and as a regular expression it would match itself alone"
                            .formatted(Text.quoted(constraint)));
        }
        Pattern regex;
        try {
            regex = Pattern.compile(constraint);
        } catch (PatternSyntaxException wrong) {
            throw malformed(template, wrong.getDescription() + " in " + Text.quoted(constraint));
        }
        if (constraint.indexOf('/') >= 0 || regex.matcher("").groupCount() > 0) {
            throw malformed(template, "a slash or a capturing group in " + Text.quoted(constraint));
        }
        return regex;
    }

    private static Pattern joined(List<Part> parts) {
        var regex = new StringBuilder();
        for (var part : parts) {
            regex.append(
                    part.constraint() == null
                            ? Pattern.quote(part.text())
                            : "(" + part.constraint().pattern() + ")");
        }
        var text = regex.toString();
        var shared = ONE_OF_TYPE.get(text);
        return shared != null ? shared : Pattern.compile(text);
    }

    private static IllegalArgumentException malformed(String template, String why) {
        return new IllegalArgumentException("path template " + Text.quoted(template) + ": " + why);
    }

    /** What stands between the slashes; {@code /} is one empty literal. */
    List<Segment> segments() {
        return segments;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public @Nullable String literal() {
        return names.isEmpty() ? template : null;
    }

    @Override
    public @Nullable List<@Nullable String> match(String path) {
        return matches(path) ? arguments(path) : null;
    }

    /** Walks path and segments together. */
    private boolean matches(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        int at = 1;
        for (var segment : segments) {
            if (at > path.length()) {
                return false;
            }
            int end = end(segment, path, at);
            if (!matches(segment, path, at, end)) {
                return false;
            }
            at = end + 1;
        }
        return at > path.length();
    }

    private static boolean matches(Segment segment, String path, int start, int end) {
        return switch (segment) {
            case Segment.Literal(var text) ->
                    end - start == text.length() && path.startsWith(text, start);
            case Segment.Anything() -> start < end;
            case Segment.Arguments(var regex, _) -> matcher(regex, path, start, end).matches();
            case Segment.Rest() -> true;
        };
    }

    private static int end(Segment segment, String path, int start) {
        int slash = path.indexOf('/', start);
        return slash < 0 || segment instanceof Segment.Rest ? path.length() : slash;
    }

    /** The arguments in a path that is known to match, of which nothing is looked at again. */
    List<@Nullable String> arguments(String path) {
        var arguments = new ArrayList<@Nullable String>(names.size());
        int start = 1;
        for (var segment : segments) {
            int end = end(segment, path, start);
            switch (segment) {
                case Segment.Literal _ -> {}
                case Segment.Arguments(var regex, var parts) when parts.size() > 1 -> {
                    var matcher = matcher(regex, path, start, end);
                    boolean matches = matcher.matches(); // as before, for its groups
                    for (int group = 1; matches && group <= matcher.groupCount(); group++) {
                        arguments.add(PathPattern.decode(matcher.group(group)));
                    }
                }
                case Segment.Anything _, Segment.Arguments _, Segment.Rest _ ->
                        arguments.add(PathPattern.decode(path.substring(start, end)));
            }
            start = end + 1;
        }
        return Collections.unmodifiableList(arguments);
    }

    /** A matcher that sees one segment and nothing around it. */
    static Matcher matcher(Pattern regex, String path, int start, int end) {
        return regex.matcher(path).region(start, end);
    }

    /**
     * As {@link PathPattern#reverse}; a slash in an argument is escaped, except in one that takes
     * the rest of the path.
     */
    @Override
    public String reverse(@Nullable Object... arguments) {
        if (arguments.length != names.size()) {
            throw new IllegalArgumentException(
                    "%d arguments for %s (expected %d)"
                            .formatted(arguments.length, template, names.size()));
        }
        var path = new StringBuilder();
        int next = 0;
        for (var segment : segments) {
            path.append('/');
            switch (segment) {
                case Segment.Literal(var text) -> path.append(text);
                case Segment.Rest() ->
                        path.append(Url.escapePath(String.valueOf(arguments[next++])));
                case Segment.Anything() -> {
                    var text = escaped(arguments[next++]);
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("\"\" does not fit in " + template);
                    }
                    path.append(text);
                }
                case Segment.Arguments(var regex, var parts) -> {
                    int start = path.length();
                    for (var part : parts) {
                        path.append(
                                part.constraint() == null
                                        ? part.text()
                                        : escaped(arguments[next++]));
                    }
                    if (!matcher(regex, path.toString(), start, path.length()).matches()) {
                        throw new IllegalArgumentException(
                                Text.quoted(path.substring(start))
                                        + " does not fit in "
                                        + template);
                    }
                }
            }
        }
        return path.toString();
    }

    private static String escaped(@Nullable Object argument) {
        return Url.escapePath(String.valueOf(argument)).replace("/", "%2F");
    }

    @Override
    public PathTemplate under(String prefix) {
        return parse(PathPattern.checkedPrefix(prefix) + template);
    }

    @Override
    public String toString() {
        return template;
    }
}
