package whirlwind.web.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.web.RequestHandler;

/** What may stand where a URL is wanted. */
final class Urls {
    /** A cookie has some 4 KiB, and holds more than this. */
    private static final int MAX_NEXT = 1024;

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private Urls() {}

    static void requireSecure(String what, String url) {
        if (!isSecure(url)) {
            throw new IllegalArgumentException(
                    what + ": " + Text.quoted(url) + " (https, or http on this machine)");
        }
    }

    private static boolean isSecure(String url) {
        try {
            var uri = new URI(url);
            var host = uri.getHost();
            return host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme())
                                    && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** A whole URL, from one or from a path of ours. */
    static String absolute(RequestHandler handler, String redirectUri) {
        if (Url.isLocalPath(redirectUri)) {
            var request = handler.request();
            return request.protocol() + "://" + request.host() + redirectUri;
        }
        if (!redirectUri.matches("https?://[!-~&&[^#]]+")) {
            throw new IllegalArgumentException(
                    "redirectUri: "
                            + Text.quoted(redirectUri)
                            + " (a path, or a URL without fragment)");
        }
        return redirectUri;
    }

    /** Where to go on after the sign-in, if that is here. */
    static String next(@Nullable String wanted) {
        return wanted != null && wanted.length() <= MAX_NEXT && Url.isLocalPath(wanted)
                ? wanted
                : "/";
    }

    /** For log lines: what comes behind the question mark may be a secret. */
    static String withoutQuery(String url) {
        int end = url.indexOf('?');
        return end < 0 ? url : url.substring(0, end);
    }

    /** Fields as the body of a form. */
    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> Url.escape(field.getKey()) + "=" + Url.escape(field.getValue()))
                .collect(Collectors.joining("&"));
    }
}
