package whirlwind.web.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import whirlwind.http.Cookie;
import whirlwind.http.Cookie.SameSite;
import whirlwind.web.RequestHandler;
import whirlwind.web.auth.AuthException.Kind;

/**
 * A sign-in that was begun in a browser, which keeps it in a signed cookie until it comes back. Of
 * several that were begun the last one counts. None of its parts has white space.
 *
 * @param provider who was asked, by the URL that the user was sent to: an answer of another is none
 *     (the mix-up attack of RFC 9700 section 4.4)
 * @param key what the answer has to name: {@code state}, or the request token of OAuth 1
 * @param secret what the answer is exchanged with: the verifier of PKCE, or the token's secret
 * @param nonce what an ID token has to name; {@code -} where there is none
 * @param redirectUri where the browser was to come back to
 * @param next where its user wanted to go
 */
record Pending(
        String provider, String key, String secret, String nonce, String redirectUri, String next) {

    /** Enough to type a password and to find a phone. */
    static final Duration MAX_AGE = Duration.ofMinutes(10);

    private static final String SEPARATOR = " ";

    /** The last version of signed values: those before it are of no use to anybody here. */
    private static final int SIGNATURE_VERSION = 2;

    /** Puts it into the browser. */
    void keepIn(RequestHandler handler) {
        var text = String.join(SEPARATOR, provider, key, secret, nonce, redirectUri, next);
        handler.setSignedCookie(cookie(handler), text);
        handler.setHeader("Cache-Control", "no-store");
    }

    /**
     * Takes it out of the browser that comes back.
     *
     * @param key what the answer names
     * @throws AuthException if there is none, or the answer is to another
     */
    static Pending takeFrom(RequestHandler handler, String provider, String key) {
        var cookie = cookie(handler);
        var text = handler.getSignedCookie(cookie.name(), MAX_AGE, SIGNATURE_VERSION);
        if (text == null) {
            throw new AuthException(
                    Kind.INVALID,
                    "no sign-in was begun in this browser at this host within "
                            + MAX_AGE.toMinutes()
                            + " minutes");
        }
        var pending = parse(text);
        if (!pending.provider.equals(provider)) {
            throw new AuthException(Kind.INVALID, "the sign-in was begun with " + pending.provider);
        }
        if (!areSame(pending.key, key)) {
            throw new AuthException(Kind.INVALID, "the answer is to another sign-in");
        }
        handler.clearCookie(cookie);
        // The address of this request has what proves who the user is.
        handler.setHeader("Cache-Control", "no-store");
        handler.setHeader("Referrer-Policy", "no-referrer");
        return pending;
    }

    private static Pending parse(String text) {
        var parts = text.split(SEPARATOR, -1);
        return new Pending(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    private static boolean areSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * It goes with the navigation that comes back from another site, so it can't be strict. Over
     * TLS its name keeps hosts beside this one from planting theirs.
     */
    private static Cookie cookie(RequestHandler handler) {
        boolean secure = handler.request().protocol().equals("https");
        return Cookie.of(secure ? "__Host-sign-in" : "sign-in", "")
                .withMaxAge(MAX_AGE)
                .withHttpOnly(true)
                .withSameSite(SameSite.LAX);
    }
}
