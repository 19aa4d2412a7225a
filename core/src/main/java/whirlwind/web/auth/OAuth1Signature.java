package whirlwind.web.auth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.http.Forms;
import whirlwind.http.client.HttpRequest;

/**
 * Signs requests with HMAC-SHA1, RFC 5849 section 3.4.
 *
 * @param clientKey who signs
 * @param clientSecret with which secret
 */
record OAuth1Signature(String clientKey, String clientSecret) {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** The request with an {@code Authorization} header (section 3.5.1). */
    HttpRequest sign(
            HttpRequest request,
            @Nullable OAuth1Token token,
            Map<String, String> extra,
            String nonce,
            long epochSecond) {
        var fields = new TreeMap<>(extra);
        fields.put("oauth_consumer_key", clientKey);
        fields.put("oauth_nonce", nonce);
        fields.put("oauth_signature_method", "HMAC-SHA1");
        fields.put("oauth_timestamp", Long.toString(epochSecond));
        if (token != null) {
            fields.put("oauth_token", token.key());
        }
        var key = escape(clientSecret) + "&" + (token == null ? "" : escape(token.secret()));
        var signature = Secrets.hmac("HmacSHA1", key, base(request, fields));
        fields.put("oauth_signature", Base64.getEncoder().encodeToString(signature));
        return request.withHeader(
                "Authorization",
                fields.entrySet().stream()
                        .map(e -> escape(e.getKey()) + "=\"" + escape(e.getValue()) + "\"")
                        .collect(Collectors.joining(", ", "OAuth ", "")));
    }

    /** What is signed, section 3.4.1.1: method, address, and arguments wherever they are. */
    static String base(HttpRequest request, Map<String, String> fields) {
        var uri = URI.create(request.url());
        var method = request.method();
        var arguments = new ArrayList<>(fields.entrySet());
        addAll(arguments, uri.getRawQuery());
        var body = request.body();
        if (body != null && isForm(request.headers().get("Content-Type", ""))) {
            addAll(arguments, new String(body, StandardCharsets.ISO_8859_1));
        }
        return String.join(
                "&",
                method == null ? "GET" : method.toUpperCase(Locale.ROOT),
                escape(address(uri)),
                escape(normalized(arguments)));
    }

    private static boolean isForm(String type) {
        return type.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
    }

    private static void addAll(List<Map.Entry<String, String>> to, @Nullable String query) {
        if (query != null) {
            to.addAll(Forms.pairs(Forms.parseQuery(query)));
        }
    }

    /** Section 3.4.1.2: without query, and the port only if it is not the scheme's own. */
    private static String address(URI uri) {
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        boolean bare = uri.getPort() < 0 || uri.getPort() == usual;
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return scheme
                + "://"
                + uri.getHost().toLowerCase(Locale.ROOT)
                + (bare ? "" : ":" + uri.getPort())
                + path;
    }

    /** Section 3.4.1.3.2: encoded first, and then in order of names and values. */
    private static String normalized(List<Map.Entry<String, String>> arguments) {
        return arguments.stream()
                .map(e -> Map.entry(escape(e.getKey()), escape(e.getValue())))
                .sorted(
                        Map.Entry.<String, String>comparingByKey()
                                .thenComparing(Map.Entry::getValue, Comparator.naturalOrder()))
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
    }

    /** Section 3.6: as in a form, but a space is no plus. */
    private static String escape(String text) {
        return Url.escape(text).replace("+", "%20");
    }
}
