package whirlwind.web;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Cookie;
import whirlwind.http.Headers;

/**
 * The cookies that a response sets, one for each name. They go out with its headers, and stay if
 * the response becomes another: an error page sets them too.
 */
final class ResponseCookies {
    private @Nullable Map<String, Cookie> cookies;

    /** Sets a cookie; nothing is left of another with its name. */
    void set(Cookie cookie) {
        if (cookies == null) {
            cookies = new LinkedHashMap<>();
        }
        cookies.put(cookie.name(), cookie);
    }

    void addTo(Headers headers) {
        if (cookies != null) {
            cookies.values().forEach(cookie -> headers.add("Set-Cookie", cookie.toString()));
        }
    }
}
