package whirlwind.web;

import java.util.Map;
import whirlwind.escape.Url;

/** Keeps strangers from what is {@link Authenticated}. */
final class Authentication {
    private Authentication() {}

    /** Whether the verb of this request goes on; if not, the response has been finished. */
    static boolean admits(RequestHandler handler, Traits traits) {
        var method = handler.request().method();
        if (!traits.isForUsers(method) || handler.currentUser() != null) {
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
}
