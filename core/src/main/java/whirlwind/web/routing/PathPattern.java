package whirlwind.web.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.http.HttpInputException;

/**
 * Which paths a route takes, what it takes out of them, and which path leads to it. Tornado's
 * {@code PathMatches}.
 *
 * <p>A pattern is held against the path as sent, nothing decoded and nothing normalised, so that an
 * escaped slash does not end a piece; what is taken out of it is decoded then (a plus stays a
 * plus).
 */
public sealed interface PathPattern permits PathTemplate, PathRegex {
    /**
     * A pattern such as {@code /user/{id}}: see {@link PathTemplate}.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static PathPattern template(String template) {
        return PathTemplate.parse(template);
    }

    /**
     * A regular expression that has to match the whole path, as Tornado's routes do: see {@link
     * PathRegex}.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static PathPattern regex(String regex) {
        return PathRegex.parse(regex);
    }

    /** The names of the arguments in order; empty if they have none, or if there are none. */
    List<String> names();

    /** The only path that matches, if there is but one; null otherwise. */
    @Nullable String literal();

    /**
     * The arguments in a path, null where an optional one is missing.
     *
     * @param path as sent
     * @return null if the path does not match
     * @throws HttpInputException (400) if it matches and an argument is not UTF-8
     */
    @Nullable List<@Nullable String> match(String path);

    /**
     * The path that has these arguments, which are turned into text and escaped.
     *
     * @throws IllegalArgumentException if there are too few or too many, or one does not fit in its
     *     place
     * @throws UnsupportedOperationException if the pattern is a regular expression that cannot be
     *     reversed
     */
    String reverse(@Nullable Object... arguments);

    /**
     * This pattern for the paths below another, which is fixed text: {@code /users} under {@code
     * /api} is {@code /api/users}.
     *
     * @throws IllegalArgumentException if the prefix does not start with a slash, ends with one, or
     *     has braces
     */
    PathPattern under(String prefix);

    /** The pattern as it was written. */
    @Override
    String toString();

    /** The prefix, if it can be one. */
    static String checkedPrefix(String prefix) {
        if (!prefix.startsWith("/")
                || prefix.endsWith("/")
                || prefix.indexOf('{') >= 0
                || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "prefix: " + Text.quoted(prefix) + " (expected fixed text such as /api)");
        }
        return prefix;
    }

    /** Decodes what was taken out of a path. */
    static String decode(String raw) {
        try {
            return Url.unescapeWirePath(raw);
        } catch (MalformedTextException notText) {
            throw new HttpInputException(
                    400,
                    "path argument " + Text.quoted(raw) + " is " + notText.getMessage(),
                    notText);
        }
    }
}
