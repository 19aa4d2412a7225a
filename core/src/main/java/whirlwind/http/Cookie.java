package whirlwind.http;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;

/**
 * A cookie to be set, with its attributes (RFC 6265 section 4.1); {@link #toString} is the value of
 * a {@code Set-Cookie} header. Start from {@link #of} and add what differs: {@code Cookie.of("id",
 * "7").withMaxAge(Duration.ofDays(1)).withSecure(true)}.
 *
 * <p>A name that begins with {@code __Secure-} or {@code __Host-}, in any case, is a promise that
 * browsers hold us to (RFC 6265bis section 4.1.3): such a cookie is {@code secure}, and one of
 * {@code __Host-} belongs to all paths of the answering host alone. {@link #of} sees to it, and
 * whatever breaks the promise is refused.
 *
 * @param name a token
 * @param value characters U+0021 to U+00FF; those that a cookie cannot hold bare (quote, comma,
 *     semicolon, backslash, beyond ASCII) are sent quoted and escaped, and come back as they were
 * @param path the paths the browser sends it to; null for the directory of the request
 * @param domain the host whose subdomains see it too; null for the answering host alone
 * @param maxAge how long the browser keeps it, in whole seconds, zero or less to drop it now; wins
 *     over {@code expires}
 * @param expires until when the browser keeps it; with neither, until it is closed
 * @param secure sent over TLS only
 * @param httpOnly not shown to scripts
 * @param sameSite whether it goes with requests that other sites cause; null for the browser's
 *     default
 * @param partitioned kept apart for each top-level site; browsers want {@code secure} with it
 */
public record Cookie(
        String name,
        String value,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Duration maxAge,
        @Nullable Instant expires,
        boolean secure,
        boolean httpOnly,
        @Nullable SameSite sameSite,
        boolean partitioned) {

    private static final String SECURE_PREFIX = "__Secure-";
    private static final String HOST_PREFIX = "__Host-";

    /** Which requests that another site causes carry the cookie. */
    public enum SameSite {
        /** None of them. */
        STRICT("Strict"),
        /** Those that navigate the browser here. */
        LAX("Lax"),
        /** All; browsers want {@code secure} with it. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }

        /** As the attribute spells it: {@code Lax}. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Checks what would corrupt the header.
     *
     * @throws IllegalArgumentException if the name is no token, the value has spaces, control
     *     characters or characters beyond U+00FF, path or domain have those, a semicolon or
     *     characters beyond ASCII, or the name's prefix promises what is not so
     */
    public Cookie {
        if (!Grammar.isToken(name)) {
            throw new IllegalArgumentException("cookie name is not a token: " + Text.quoted(name));
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > 0xFF) {
                // Not quoted: a cookie's value is often a secret.
                throw new IllegalArgumentException(
                        "value of cookie " + name + " has a forbidden character at index " + i);
            }
        }
        requireAttribute("path", path);
        requireAttribute("domain", domain);
        if (!secure && isSecureByName(name)) {
            throw new IllegalArgumentException("cookie " + name + " must be secure");
        }
        if (hasPrefix(name, HOST_PREFIX) && (domain != null || !"/".equals(path))) {
            throw new IllegalArgumentException(
                    "cookie " + name + " must have the path / and no domain");
        }
    }

    private static boolean isSecureByName(String name) {
        return hasPrefix(name, SECURE_PREFIX) || hasPrefix(name, HOST_PREFIX);
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static void requireAttribute(String attribute, @Nullable String value) {
        if (value == null) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == ';') {
                throw new IllegalArgumentException(
                        "cookie "
                                + attribute
                                + " has a forbidden character: "
                                + Text.quoted(value));
            }
        }
    }

    /**
     * A cookie for all paths of the answering host, until the browser is closed; over TLS only if
     * its name promises that.
     */
    public static Cookie of(String name, String value) {
        return new Cookie(
                name, value, "/", null, null, null, isSecureByName(name), false, null, false);
    }

    /**
     * One that makes the browser drop the cookie of that name; it must have the same path and
     * domain.
     */
    public static Cookie expired(String name) {
        return of(name, "").expired();
    }

    /** One that makes the browser drop this cookie: without a value, and long over. */
    public Cookie expired() {
        return withValue("").withMaxAge(null).withExpires(Instant.EPOCH);
    }

    /** This cookie with another value. */
    public Cookie withValue(String value) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie with another path. */
    public Cookie withPath(@Nullable String path) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie with another domain. */
    public Cookie withDomain(@Nullable String domain) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie with another age. */
    public Cookie withMaxAge(@Nullable Duration maxAge) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie with another end. */
    public Cookie withExpires(@Nullable Instant expires) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie, sent over TLS only or not. */
    public Cookie withSecure(boolean secure) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie, hidden from scripts or not. */
    public Cookie withHttpOnly(boolean httpOnly) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie with another rule for requests that other sites cause. */
    public Cookie withSameSite(@Nullable SameSite sameSite) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** This cookie, kept apart for each top-level site or not. */
    public Cookie withPartitioned(boolean partitioned) {
        return new Cookie(
                name,
                value,
                path,
                domain,
                maxAge,
                expires,
                secure,
                httpOnly,
                sameSite,
                partitioned);
    }

    /** The value of a {@code Set-Cookie} header: {@code id=7; Path=/; Secure}. */
    @Override
    public String toString() {
        var out = new StringBuilder(64).append(name).append('=').append(Cookies.quote(value));
        attribute(out, "Domain", domain);
        attribute(out, "Expires", expires == null ? null : HttpDate.format(expires));
        flag(out, "HttpOnly", httpOnly);
        attribute(out, "Max-Age", maxAge == null ? null : maxAge.toSeconds());
        flag(out, "Partitioned", partitioned);
        attribute(out, "Path", path);
        attribute(out, "SameSite", sameSite);
        flag(out, "Secure", secure);
        return out.toString();
    }

    private static void attribute(StringBuilder out, String name, @Nullable Object value) {
        if (value != null) {
            out.append("; ").append(name).append('=').append(value);
        }
    }

    private static void flag(StringBuilder out, String name, boolean set) {
        if (set) {
            out.append("; ").append(name);
        }
    }
}
