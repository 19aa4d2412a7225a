package whirlwind.web.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.escape.Url;

/**
 * A path as a regular expression, which has to match all of it; its groups are the arguments,
 * either all of them named, {@code (?<id>...)}, or none. {@code /static/(.*)}.
 *
 * <p>It can be reversed if it is fixed text with capturing groups in it: one argument for each
 * outermost group, of which those followed by a question mark may be null.
 */
public final class PathRegex implements PathPattern {
    private final Pattern pattern;
    private final List<String> names;
    private final RegexParts parts;

    private PathRegex(Pattern pattern, List<String> names, RegexParts parts) {
        this.pattern = pattern;
        this.names = names;
        this.parts = parts;
    }

    static PathRegex parse(String regex) {
        var pattern = Pattern.compile(regex);
        var groups = pattern.namedGroups();
        if (!groups.isEmpty() && groups.size() < pattern.matcher("").groupCount()) {
            throw new IllegalArgumentException(
                    "some groups are named and some are not: " + Text.quoted(regex));
        }
        var names =
                groups.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .toList();
        return new PathRegex(pattern, names, RegexParts.of(regex));
    }

    /** What every path that matches starts with: a cheap reason not to try. */
    String prefix() {
        return parts.prefix();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public @Nullable String literal() {
        return parts.literal();
    }

    @Override
    public @Nullable List<@Nullable String> match(String path) {
        if (!path.startsWith(prefix())) {
            return null;
        }
        var matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        var arguments = new ArrayList<@Nullable String>(matcher.groupCount());
        for (int group = 1; group <= matcher.groupCount(); group++) {
            var raw = matcher.group(group);
            arguments.add(raw == null ? null : PathPattern.decode(raw));
        }
        return Collections.unmodifiableList(arguments);
    }

    /** As {@link PathPattern#reverse}; slashes in arguments stay as they are. */
    @Override
    public String reverse(@Nullable Object... arguments) {
        var pieces = parts.pieces();
        if (pieces == null) {
            throw new UnsupportedOperationException("a path cannot be made of the pattern " + this);
        }
        long expected = pieces.stream().filter(RegexParts.Group.class::isInstance).count();
        if (arguments.length != expected) {
            throw new IllegalArgumentException(
                    "%d arguments for %s (expected %d)"
                            .formatted(arguments.length, this, expected));
        }
        var path = new StringBuilder();
        int next = 0;
        for (var piece : pieces) {
            switch (piece) {
                case RegexParts.Fixed(var text) -> path.append(text);
                case RegexParts.Group(boolean optional) -> {
                    var argument = arguments[next++];
                    if (argument == null && !optional) {
                        throw new IllegalArgumentException(
                                "argument " + next + " for " + this + " is null");
                    }
                    path.append(argument == null ? "" : Url.escapePath(argument.toString()));
                }
            }
        }
        return path.toString();
    }

    @Override
    public PathRegex under(String prefix) {
        return parse(
                PathPattern.checkedPrefix(prefix).replaceAll("[^A-Za-z0-9/]", "\\\\$0") + pattern);
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
