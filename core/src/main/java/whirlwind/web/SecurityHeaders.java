package whirlwind.web;

import java.util.LinkedHashMap;
import java.util.Map;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/**
 * Headers that tell browsers to be careful, for every response; one that a handler sets itself
 * wins. {@link #DEFAULTS} are:
 *
 * <table>
 * <caption>The defaults</caption>
 * <tr><th>header<th>value<th>so that
 * <tr><td>{@code Content-Security-Policy}<td>{@code default-src 'self'; base-uri 'self';
 *     form-action 'self'; frame-ancestors 'self'; object-src 'none'}<td>a page loads and runs only
 *     what this host serves as files, and only this host's pages frame it: no inline script
 * <tr><td>{@code Strict-Transport-Security}<td>{@code max-age=31536000}<td>browsers that came over
 *     TLS come over nothing else for a year; sent over TLS only (RFC 6797 section 7.2)
 * <tr><td>{@code X-Content-Type-Options}<td>{@code nosniff}<td>an upload is not taken for a script
 * <tr><td>{@code Referrer-Policy}<td>{@code strict-origin-when-cross-origin}<td>other sites see
 *     where visitors come from, and not from which page
 * </table>
 *
 * {@snippet :
 * SecurityHeaders.DEFAULTS
 *     .with("Content-Security-Policy", "default-src 'self'; img-src *; frame-ancestors 'none'")
 *     .with("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
 *     .with("Permissions-Policy", "geolocation=()")
 * }
 *
 * <p>Immutable, for any thread.
 */
public final class SecurityHeaders implements Filter {
    private static final String TLS_ONLY = "Strict-Transport-Security";

    /** What the table above says. */
    public static final SecurityHeaders DEFAULTS =
            new SecurityHeaders(Map.of())
                    .with(
                            "Content-Security-Policy",
                            "default-src 'self'; base-uri 'self'; form-action 'self';"
                                    + " frame-ancestors 'self'; object-src 'none'")
                    .with(TLS_ONLY, "max-age=31536000")
                    .with("X-Content-Type-Options", "nosniff")
                    .with("Referrer-Policy", "strict-origin-when-cross-origin");

    private final Map<String, String> headers;

    private SecurityHeaders(Map<String, String> headers) {
        this.headers = headers;
    }

    /**
     * These headers with another, or another value of one.
     *
     * @throws IllegalArgumentException if name or value have characters that a header can't have
     */
    public SecurityHeaders with(String name, String value) {
        Headers.of(name, value); // checks them
        var copy = allBut(name);
        copy.put(name, value);
        return new SecurityHeaders(copy);
    }

    /** These headers without that of this name. */
    public SecurityHeaders without(String name) {
        return new SecurityHeaders(allBut(name));
    }

    private Map<String, String> allBut(String name) {
        var copy = new LinkedHashMap<>(headers);
        copy.keySet().removeIf(name::equalsIgnoreCase);
        return copy;
    }

    /** Adds those headers that the handler hasn't set. */
    @Override
    public void complete(HttpServerRequest request, int status, Headers headers) {
        boolean overTls = request.protocol().equals("https");
        this.headers.forEach((name, value) -> {
            if (!headers.contains(name) && (overTls || !name.equalsIgnoreCase(TLS_ONLY))) {
                headers.addTrusted(name, value);
            }
        });
    }
}
