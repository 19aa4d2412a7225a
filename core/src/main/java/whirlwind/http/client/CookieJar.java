package whirlwind.http.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.net.dns.Resolver;

/**
 * Keeps the cookies that servers set and sends them back, as browsers do (RFC 6265bis): domain,
 * path, {@code Secure}, {@code Expires} and {@code Max-Age}, the prefixes {@code __Host-} and
 * {@code __Secure-}; what was set with {@code Secure} can't be replaced without TLS. It has no list
 * of public suffixes: a cookie for a domain without a dot, such as {@code com}, is refused, one for
 * {@code co.uk} is not. {@code SameSite} means nothing here, for no site sends the requests.
 *
 * <p>In memory, and confined to a loop. Give it to a client with {@link ClientOptions#withCookies}.
 */
public final class CookieJar {
    /** Cookies of one jar; the oldest go first. */
    private static final int MAX_COOKIES = 3_000;

    /** Bytes of name and value, RFC 6265bis section 5.7. */
    private static final int MAX_SIZE = 4_096;

    private record Kept(
            String name,
            String value,
            String domain,
            boolean hostOnly,
            String path,
            boolean secure,
            @Nullable Instant expires) {

        boolean replaces(Kept other) {
            return name.equals(other.name)
                    && domain.equals(other.domain)
                    && hostOnly == other.hostOnly
                    && path.equals(other.path);
        }

        /** Whether a server could take the other for this, which came over TLS. */
        boolean hides(Kept other) {
            return secure
                    && name.equals(other.name)
                    && (isWithin(domain, other.domain) || isWithin(other.domain, domain))
                    && isWithinPath(other.path, path);
        }

        boolean isFor(RequestUrl url) {
            return (!secure || url.tls())
                    && (hostOnly ? domain.equals(url.host()) : isWithin(url.host(), domain))
                    && isWithinPath(url.path(), path);
        }
    }

    private final List<Kept> cookies = new ArrayList<>();

    /** An empty jar. */
    public CookieJar() {}

    /** How many cookies are kept, expired ones perhaps among them. */
    public int size() {
        return cookies.size();
    }

    /** Forgets all cookies. */
    public void clear() {
        cookies.clear();
    }

    /**
     * Sets a cookie as if the server of {@code url} had sent {@code Set-Cookie: setCookie}, at the
     * given time.
     *
     * @throws IllegalArgumentException if the URL is not one of http or https
     */
    public void set(String url, String setCookie, Instant now) {
        store(RequestUrl.parse(url), setCookie, now);
    }

    void store(RequestUrl url, Headers headers, Instant now) {
        if (headers.contains("Set-Cookie")) {
            headers.getList("Set-Cookie").forEach(line -> store(url, line, now));
        }
    }

    private void store(RequestUrl url, String line, Instant now) {
        var cookie = read(url, line, now);
        if (cookie == null
                || (!url.tls() && cookies.stream().anyMatch(kept -> kept.hides(cookie)))) {
            return;
        }
        cookies.removeIf(cookie::replaces);
        boolean gone = cookie.expires != null && !cookie.expires.isAfter(now);
        if (!gone) {
            cookies.add(cookie);
            if (cookies.size() > MAX_COOKIES) {
                cookies.removeFirst();
            }
        }
    }

    /** The value for {@code Cookie}: longest paths first; null if there are none. */
    @Nullable String header(RequestUrl url, Instant now) {
        if (cookies.isEmpty()) {
            return null;
        }
        cookies.removeIf(cookie -> cookie.expires != null && !cookie.expires.isAfter(now));
        var sent =
                cookies.stream()
                        .filter(cookie -> cookie.isFor(url))
                        .sorted(Comparator.comparing((Kept cookie) -> -cookie.path.length()))
                        .map(cookie ->
                                cookie.name.isEmpty()
                                        ? cookie.value
                                        : cookie.name + "=" + cookie.value)
                        .toList();
        return sent.isEmpty() ? null : String.join("; ", sent);
    }

    /** What a server may set; null for the rest. RFC 6265bis section 5.6 and 5.7. */
    private static @Nullable Kept read(RequestUrl url, String line, Instant now) {
        var parts = line.split(";", -1);
        int equals = parts[0].indexOf('=');
        var name = equals < 0 ? "" : parts[0].substring(0, equals).strip();
        var value = parts[0].substring(equals + 1).strip();
        if (name.length() + value.length() > MAX_SIZE || (name + value).isEmpty()) {
            return null;
        }
        if (name.isEmpty() && (hasPrefix(value, "__secure-") || hasPrefix(value, "__host-"))) {
            return null; // it would be sent like a name that promises something
        }
        var attributes = new HashMap<String, String>();
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('=');
            var attribute = (at < 0 ? parts[i] : parts[i].substring(0, at)).strip();
            attributes.put(
                    attribute.toLowerCase(Locale.ROOT),
                    at < 0 ? "" : parts[i].substring(at + 1).strip());
        }
        return checked(url, name, value, attributes, now);
    }

    private static @Nullable Kept checked(
            RequestUrl url,
            String name,
            String value,
            Map<String, String> attributes,
            Instant now) {
        var domain = attributes.getOrDefault("domain", "").toLowerCase(Locale.ROOT);
        domain = domain.startsWith(".") ? domain.substring(1) : domain;
        boolean hostOnly = domain.isEmpty() || domain.equals(url.host()) && !domain.contains(".");
        boolean secure = attributes.containsKey("secure");
        var path = attributes.getOrDefault("path", "");
        boolean foreign = !hostOnly && (!domain.contains(".") || !isWithin(url.host(), domain));
        boolean badPrefix =
                (hasPrefix(name, "__secure-") && !secure)
                        || (hasPrefix(name, "__host-")
                                && (!secure || !hostOnly || !path.equals("/")));
        if (foreign || badPrefix || (secure && !url.tls())) {
            return null;
        }
        return new Kept(
                name,
                value,
                hostOnly ? url.host() : domain,
                hostOnly,
                path.startsWith("/") ? path : directory(url.path()),
                secure,
                expiry(attributes, now));
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Null: as long as the jar lasts. {@code Max-Age} wins over {@code Expires}. */
    private static @Nullable Instant expiry(Map<String, String> attributes, Instant now) {
        var age = attributes.getOrDefault("max-age", "");
        if (age.matches("-?[0-9]{1,10}")) {
            return now.plus(Duration.ofSeconds(Long.parseLong(age)));
        }
        return CookieDate.parse(attributes.getOrDefault("expires", ""));
    }

    private static boolean isWithin(String host, String domain) {
        return host.equals(domain) || (host.endsWith("." + domain) && !Resolver.isValidIp(host));
    }

    private static boolean isWithinPath(String asked, String path) {
        return asked.equals(path)
                || (asked.startsWith(path)
                        && (path.endsWith("/") || asked.charAt(path.length()) == '/'));
    }

    private static String directory(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
