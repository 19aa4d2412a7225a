package whirlwind.http.client;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.escape.Utf8;
import whirlwind.net.dns.Resolver;

/**
 * A URL taken apart, as a request needs it: RFC 3986, and what browsers make of the text that
 * people and servers really write.
 *
 * @param tls whether the scheme is https
 * @param userinfo what stands before the {@code @}, percent-encoded; null if there is none
 * @param host lower-case ASCII (IDNA), or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param target path and query, percent-encoded, without fragment; never empty
 * @param authority host and, unless it is the scheme's own, port; as in the {@code Host} header
 */
record RequestUrl(
        boolean tls,
        @Nullable String userinfo,
        String host,
        int port,
        String target,
        String authority) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * Takes an absolute URL apart.
     *
     * @throws IllegalArgumentException if it isn't one of http or https, saying what is wrong
     */
    static RequestUrl parse(String url) {
        boolean tls = startsWith(url, "https://");
        if (!tls && !startsWith(url, "http://")) {
            throw invalid(url, "expected http:// or https://");
        }
        int start = url.indexOf(':') + 3;
        int end = endOfAuthority(url, start);
        int backslash = url.indexOf('\\', start);
        if (backslash >= 0 && backslash < end) { // which browsers take for a slash
            throw invalid(url, "backslash before the path");
        }
        int at = url.lastIndexOf('@', end - 1);
        boolean userinfo = at >= start;
        int hostStart = userinfo ? at + 1 : start;
        int portColon = portColon(url, hostStart, end);
        int hash = url.indexOf('#', end);
        var host = host(url, hostStart, portColon);
        int port = port(url, portColon, end, tls);
        boolean own = port == (tls ? HTTPS : HTTP);
        boolean asGiven = own == (portColon == end) && url.startsWith(host, hostStart);
        return new RequestUrl(
                tls,
                userinfo ? encoded(url, start, at) : null,
                host,
                port,
                target(encoded(url, end, hash < 0 ? url.length() : hash)),
                asGiven ? url.substring(hostStart, end) : authority(host, own ? -1 : port));
    }

    private static boolean startsWith(String url, String scheme) {
        return url.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static String authority(String host, int port) {
        var name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port < 0 ? name : name + ":" + port;
    }

    private static IllegalArgumentException invalid(String url, String why) {
        return new IllegalArgumentException(shown(url) + ": " + why);
    }

    private static String shown(String url) {
        return "URL " + Text.quoted(Url.withoutUser(url));
    }

    private static int endOfAuthority(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return url.length();
    }

    private static int portColon(String url, int start, int end) {
        int colon = url.lastIndexOf(':', end - 1);
        int bracket = url.lastIndexOf(']', end - 1);
        return colon >= start && colon > bracket ? colon : end;
    }

    private static String target(String encoded) {
        return encoded.startsWith("/") ? encoded : "/" + encoded;
    }

    private static int port(String url, int colon, int end, boolean tls) {
        if (colon >= end - 1) {
            return tls ? HTTPS : HTTP;
        }
        int port = 0;
        for (int i = colon + 1; i < end; i++) {
            char c = url.charAt(i);
            port = c < '0' || c > '9' || port > 65535 ? -1 : 10 * port + (c - '0');
            if (port < 0) {
                break;
            }
        }
        if (port < 1 || port > 65535) {
            throw invalid(url, "port " + url.substring(colon + 1, end) + " (expected 1 to 65535)");
        }
        return port;
    }

    private static String host(String url, int start, int end) {
        if (start >= end) {
            throw invalid(url, "no host");
        }
        if (url.charAt(start) == '[') {
            if (url.charAt(end - 1) != ']') {
                throw invalid(url, "no ] after the IPv6 address");
            }
            return ipv6(url, url.substring(start + 1, end - 1));
        }
        var name = url.substring(start, end);
        if (!isPlainName(name)) {
            try {
                name = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        shown(url) + ": no valid host name: " + e.getMessage(), e);
            }
            if (!isPlainName(name)) {
                throw invalid(url, "no valid host name");
            }
        }
        return name.toLowerCase(Locale.ROOT);
    }

    /** Letters, digits, dots, hyphens; and underscores, which RFC 1123 hasn't and people use. */
    private static boolean isPlainName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '.'
                            || c == '-'
                            || c == '_';
            if (!plain) {
                return false;
            }
        }
        return !name.isEmpty() && name.charAt(0) != '.';
    }

    private static String ipv6(String url, String address) {
        if (!Resolver.isValidIp(address) || address.indexOf(':') < 0) {
            throw invalid(url, "no valid IPv6 address between the brackets");
        }
        return address.toLowerCase(Locale.ROOT);
    }

    /** Percent-encodes what may not stand in a URL and browsers send anyway, but for controls. */
    private static String encoded(String url, int start, int end) {
        int i = start;
        while (i < end && isSendable(url.charAt(i))) {
            i++;
        }
        if (i == end) {
            return url.substring(start, end);
        }
        var out = new StringBuilder(end - start + 16).append(url, start, i);
        while (i < end) {
            int character = url.codePointAt(i);
            if (character < ' ' || character == 0x7F) {
                throw invalid(url, "control character at index " + i);
            }
            int next = i + Character.charCount(character);
            if (character < 128 && isSendable((char) character)) {
                out.append((char) character);
            } else {
                for (byte b : Utf8.encode(url.substring(i, next))) {
                    out.append(String.format(Locale.ROOT, "%%%02X", b));
                }
            }
            i = next;
        }
        return out.toString();
    }

    private static boolean isSendable(char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`';
    }

    /** What {@code Location} means when it came from here; RFC 3986 section 5.2. */
    RequestUrl resolve(String location) {
        var reference = withBytesEncoded(location);
        if (hasScheme(reference)) {
            return parse(reference);
        }
        if (reference.startsWith("//")) {
            return parse((tls ? "https:" : "http:") + reference);
        }
        var origin = origin();
        int hash = reference.indexOf('#');
        var rest = hash < 0 ? reference : reference.substring(0, hash);
        if (rest.isEmpty()) {
            return parse(origin + target);
        }
        int question = target.indexOf('?');
        var path = question < 0 ? target : target.substring(0, question);
        if (rest.startsWith("?")) {
            return parse(origin + path + rest);
        }
        var merged =
                rest.startsWith("/") ? rest : path.substring(0, path.lastIndexOf('/') + 1) + rest;
        return parse(origin + withoutDots(merged));
    }

    /** A header's bytes were read as Latin-1: those beyond ASCII, whatever they mean, stay. */
    private static String withBytesEncoded(String header) {
        if (header.chars().allMatch(c -> c < 128)) {
            return header;
        }
        var out = new StringBuilder();
        header.chars()
                .forEach(c -> {
                    if (c < 128) {
                        out.append((char) c);
                    } else {
                        out.append(String.format(Locale.ROOT, "%%%02X", c));
                    }
                });
        return out.toString();
    }

    private static boolean hasScheme(String reference) {
        for (int i = 0; i < reference.length(); i++) {
            char c = reference.charAt(i);
            if (c == ':') {
                return i > 0;
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !other)) {
                return false;
            }
        }
        return false;
    }

    /** RFC 3986 section 5.2.4. */
    private static String withoutDots(String pathAndQuery) {
        int question = pathAndQuery.indexOf('?');
        var path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
        var out = new StringBuilder();
        var segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            var segment = segments[i];
            boolean last = i == segments.length - 1;
            if (segment.equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segment.equals(".")) {
                out.append('/').append(segment);
                continue;
            }
            if (last) {
                out.append('/');
            }
        }
        return out + (question < 0 ? "" : pathAndQuery.substring(question));
    }

    /** Whether a request to {@code other} shows the same server the same secrets. */
    boolean hasOriginOf(RequestUrl other) {
        return tls == other.tls && port == other.port && host.equals(other.host);
    }

    /** For example {@code https://example.com:8443}. */
    String origin() {
        return (tls ? "https://" : "http://") + authority;
    }

    /** The part of the target before the query. */
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The user that the URL names, or null. */
    @Nullable Credentials credentials() {
        if (userinfo == null) {
            return null;
        }
        int colon = userinfo.indexOf(':');
        return Credentials.of(
                Url.unescapePath(colon < 0 ? userinfo : userinfo.substring(0, colon)),
                colon < 0 ? "" : Url.unescapePath(userinfo.substring(colon + 1)));
    }

    /** The URL without userinfo and fragment. */
    @Override
    public String toString() {
        return origin() + target;
    }
}
