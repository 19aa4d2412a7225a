package whirlwind.web;

import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;

/**
 * Sends whoever asks elsewhere, the query along with them. The path's arguments may have places in
 * the address, by number or by name, and are escaped there:
 *
 * {@snippet :
 * application.route("/pics/{year}/{name}", () -> new RedirectHandler("/photos/{name}?y={year}"));
 * application.add(Route.regex("/(.*?)/(.*)", () -> new RedirectHandler("/{1}/{0}")));
 * }
 *
 * <p>Tornado: {@code web.RedirectHandler}.
 */
public final class RedirectHandler extends RequestHandler {
    private final String url;
    private final boolean permanent;

    /** A permanent redirect (301). */
    public RedirectHandler(String url) {
        this(url, true);
    }

    /** A permanent redirect (301) or one for now (302). */
    public RedirectHandler(String url, boolean permanent) {
        this.url = url;
        this.permanent = permanent;
    }

    @Override
    protected void get() {
        var target = filledIn();
        if (target.startsWith("//") && !url.startsWith("//")) {
            throw new HttpError(404, "an argument of the path would lead to another host");
        }
        var query = request().query();
        var separator = target.indexOf('?') < 0 ? "?" : "&";
        redirect(query.isEmpty() ? target : target + separator + query, permanent ? 301 : 302);
    }

    @Override
    protected void head() {
        get();
    }

    private String filledIn() {
        int open = url.indexOf('{');
        if (open < 0) {
            return url;
        }
        var filled = new StringBuilder();
        int at = 0;
        while (open >= 0) {
            int close = url.indexOf('}', open);
            if (close < 0) {
                break;
            }
            filled.append(url, at, open);
            var argument = argument(url.substring(open + 1, close));
            filled.append(argument == null ? "" : Url.escapePath(argument));
            at = close + 1;
            open = url.indexOf('{', at);
        }
        return filled.append(url, at, url.length()).toString();
    }

    private @Nullable String argument(String slot) {
        boolean isNumber = !slot.isEmpty() && slot.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? pathArguments().get(Integer.parseInt(slot)) : getPathArgument(slot);
    }
}
