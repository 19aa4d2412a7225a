package whirlwind.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Html;
import whirlwind.http.Cookie;
import whirlwind.loop.IOLoop;

/**
 * Protection of one request against forgery by other sites: what changes something has to bring the
 * token of the cookie a second time, where only a page of ours can have put it.
 */
final class Xsrf {
    /** Whatever the cookie is called. */
    private static final String ARGUMENT = "_xsrf";

    /** The cookie's age when its user is known and nothing else was said. */
    private static final Duration USERS_AGE = Duration.ofDays(30);

    private final RequestHandler handler;
    private final ApplicationSettings settings;
    private @Nullable XsrfToken secret;
    private @Nullable String text;

    Xsrf(RequestHandler handler) {
        this.handler = handler;
        this.settings = handler.settings();
    }

    static boolean isChecked(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS" -> false;
            default -> true;
        };
    }

    /** One text for this request; the first time it sets the cookie, unless there was one. */
    String text() {
        if (text != null) {
            return text;
        }
        var known = ofCookie();
        var token = known != null ? known : XsrfToken.random(now());
        secret = token;
        var made = token.text(settings.xsrfCookieVersion());
        text = made;
        if (known == null) {
            handler.setCookie(cookie().withValue(made));
        }
        return made;
    }

    String formHtml() {
        return "<input type=\"hidden\" name=\"_xsrf\" value=\"" + Html.escape(text()) + "\"/>";
    }

    void check() {
        var sent = sent();
        if (sent == null) {
            throw new HttpError(
                    403,
                    "no XSRF token: neither an argument _xsrf (a form gets it by xsrfFormHtml) nor"
                            + " a header X-XSRFToken"
                            + (Traits.of(handler).streamsBody()
                                    ? "; fields of a form come too late for @StreamRequestBody: send"
                                            + " it as a header, or in the query of the form's action"
                                    : ""));
        }
        var token = XsrfToken.parse(sent, 0);
        if (token == null) {
            throw new HttpError(403, "the XSRF token of the request is malformed");
        }
        var expected = ofCookie();
        if (expected == null || !expected.matches(token)) {
            throw new HttpError(
                    403,
                    "the XSRF token of the request is not that of its cookie "
                            + settings.xsrfCookie().name());
        }
    }

    private @Nullable String sent() {
        var argument = handler.getArgument(ARGUMENT, null);
        if (argument != null && !argument.isEmpty()) {
            return argument;
        }
        var headers = handler.request().headers();
        var header = headers.get("X-Xsrftoken");
        return header != null && !header.isEmpty() ? header : headers.get("X-Csrftoken");
    }

    private @Nullable XsrfToken ofCookie() {
        if (secret == null) {
            var cookie = handler.getCookie(settings.xsrfCookie().name());
            secret = cookie == null ? null : XsrfToken.parse(cookie, now());
        }
        return secret;
    }

    private Cookie cookie() {
        var model = settings.xsrfCookie();
        boolean asItIs = model.maxAge() != null || model.expires() != null;
        return asItIs || handler.currentUser() == null ? model : model.withMaxAge(USERS_AGE);
    }

    private static long now() {
        return IOLoop.current().time().getEpochSecond();
    }
}
