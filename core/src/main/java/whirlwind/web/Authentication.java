package whirlwind.web;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import whirlwind.escape.Url;

/** Keeps strangers from what is {@link Authenticated}; looks that up once per class. */
final class Authentication extends ClassValue<Set<String>> {
    private static final Authentication NEEDED = new Authentication();
    private static final String OTHER = "otherMethod";

    private Authentication() {}

    /** Whether the verb of this request goes on; if not, the response has been finished. */
    static boolean admits(RequestHandler handler) {
        var method = handler.request().method();
        var needed = NEEDED.get(handler.getClass());
        if (needed.isEmpty()
                || !needed.contains(javaName(method))
                || handler.currentUser() != null) {
            return true;
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new HttpError(403);
        }
        handler.redirect(loginUrl(handler));
        return false;
    }

    /** Where to sign in, and where to go then unless the address says it. */
    private static String loginUrl(RequestHandler handler) {
        var url = handler.getLoginUrl();
        if (url.indexOf('?') >= 0) {
            return url;
        }
        var request = handler.request();
        boolean elsewhere = url.startsWith("//") || url.indexOf("://") >= 0;
        return Url.concat(url, Map.of("next", elsewhere ? request.fullUrl() : request.uri()));
    }

    private static String javaName(String verb) {
        return switch (verb) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" ->
                    verb.toLowerCase(Locale.ROOT);
            default -> OTHER;
        };
    }

    /** The names of the methods that only users may call. */
    @Override
    protected Set<String> computeValue(Class<?> handler) {
        boolean whole = handler.isAnnotationPresent(Authenticated.class);
        var decided = new HashSet<String>();
        var needed = new HashSet<String>();
        for (Class<?> c = handler; c != RequestHandler.class; c = c.getSuperclass()) {
            Stream.of(c.getDeclaredMethods())
                    .filter(m -> !m.isSynthetic() && isVerb(m.getName(), m.getParameterCount()))
                    .filter(m -> decided.add(m.getName()))
                    .filter(m -> whole || m.isAnnotationPresent(Authenticated.class))
                    .forEach(m -> needed.add(m.getName()));
        }
        return Set.copyOf(needed);
    }

    private static boolean isVerb(String name, int parameters) {
        return switch (name) {
            case "get", "head", "post", "put", "patch", "delete", "options" -> parameters == 0;
            case OTHER -> parameters == 1;
            default -> false;
        };
    }
}
