package whirlwind.web;

import java.util.regex.Pattern;
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
    /** How a URL begins, and the host in it. */
    private static final Pattern HOST = Pattern.compile("(?:[^/?#]*:)?//([^/?#]*)");

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
            throw elsewhere();
        }
        redirect(withQuery(target, request().query()), permanent ? 301 : 302);
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
            if (argument != null && leadsElsewhere(argument, open, close + 1)) {
                throw elsewhere();
            }
            filled.append(argument == null ? "" : Url.escapePath(argument));
            at = close + 1;
            open = url.indexOf('{', at);
        }
        return filled.append(url, at, url.length()).toString();
    }

    /**
     * Whether an argument would name another host than the URL does: by ending the name where it
     * stands, or by going on with one that is whole, behind which a path may come.
     */
    private boolean leadsElsewhere(String argument, int slot, int end) {
        var host = HOST.matcher(url);
        if (argument.isEmpty()
                || !host.lookingAt()
                || slot < host.start(1)
                || slot >= host.end(1)) {
            return false;
        }
        boolean behindName = slot > host.start(1) && end == host.end(1);
        if (behindName && argument.startsWith("/")) {
            return false;
        }
        return argument.indexOf('/') >= 0
                || behindName && Character.isLetterOrDigit(url.charAt(slot - 1));
    }

    private static HttpError elsewhere() {
        return new HttpError(404, "an argument of the path would lead to another host");
    }

    /** A fragment stays at the end. */
    private static String withQuery(String url, String query) {
        if (query.isEmpty()) {
            return url;
        }
        int hash = url.indexOf('#');
        int end = hash < 0 ? url.length() : hash;
        var separator = url.indexOf('?', 0, end) < 0 ? "?" : "&";
        return url.substring(0, end) + separator + query + url.substring(end);
    }

    private @Nullable String argument(String slot) {
        boolean isNumber = !slot.isEmpty() && slot.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? pathArguments().get(Integer.parseInt(slot)) : getPathArgument(slot);
    }
}
