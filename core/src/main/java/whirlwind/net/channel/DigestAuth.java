package whirlwind.net.channel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;

/**
 * Digest authentication, RFC 7616: with MD5 and SHA-256, for the request without its body. For
 * servers and proxies alike.
 */
public final class DigestAuth {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<String> ALGORITHMS =
            Set.of("SHA-256", "SHA-256-SESS", "MD5", "MD5-SESS");

    private DigestAuth() {}

    /** Who asks. */
    public record User(String name, String password) {}

    /**
     * The value for {@code Authorization} or {@code Proxy-Authorization}.
     *
     * @param headers the values of {@code WWW-Authenticate} or {@code Proxy-Authenticate}
     * @param uri the request's target as it is sent
     * @return null if no challenge is one that we can answer
     */
    public static @Nullable String answer(
            List<String> headers, User user, String method, String uri) {
        var nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        var cnonce = HexFormat.of().formatHex(nonce);
        Map<String, String> best = null;
        for (var header : headers) {
            for (var challenge : challenges(header)) {
                if (isAnswerable(challenge) && (best == null || isStronger(challenge, best))) {
                    best = challenge;
                }
            }
        }
        return best == null ? null : answer(best, user, method, uri, cnonce);
    }

    private static boolean isAnswerable(Map<String, String> challenge) {
        return challenge.containsKey("nonce")
                && challenge.containsKey("realm")
                && ALGORITHMS.contains(algorithm(challenge))
                && (!challenge.containsKey("qop") || offersAuth(challenge));
    }

    private static boolean isStronger(Map<String, String> one, Map<String, String> other) {
        return algorithm(one).startsWith("SHA") && !algorithm(other).startsWith("SHA");
    }

    private static String algorithm(Map<String, String> challenge) {
        return challenge.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
    }

    private static boolean offersAuth(Map<String, String> challenge) {
        for (var offered : challenge.getOrDefault("qop", "").split(",", -1)) {
            if (offered.strip().equalsIgnoreCase("auth")) {
                return true;
            }
        }
        return false;
    }

    /** The answer to one challenge, with a nonce of the client's own. */
    public static String answer(
            Map<String, String> challenge, User asking, String method, String uri, String cnonce) {
        var algorithm = algorithm(challenge);
        var realm = challenge.getOrDefault("realm", "");
        var nonce = challenge.getOrDefault("nonce", "");
        var user = Normalizer.normalize(asking.name(), Normalizer.Form.NFC);
        var password = Normalizer.normalize(asking.password(), Normalizer.Form.NFC);
        boolean qop = offersAuth(challenge);
        var secret = hash(algorithm, user + ":" + realm + ":" + password);
        if (algorithm.endsWith("-SESS")) {
            secret = hash(algorithm, secret + ":" + nonce + ":" + cnonce);
        }
        var asked = hash(algorithm, method + ":" + uri);
        var middle = qop ? nonce + ":00000001:" + cnonce + ":auth" : nonce;
        var out = new StringBuilder("Digest ").append(userParameter(user));
        parameter(out, "realm", realm);
        parameter(out, "nonce", nonce);
        parameter(out, "uri", uri);
        parameter(out, "response", hash(algorithm, secret + ":" + middle + ":" + asked));
        if (challenge.containsKey("algorithm")) {
            out.append(", algorithm=").append(challenge.get("algorithm"));
        }
        if (qop) {
            out.append(", qop=auth, nc=00000001");
            parameter(out, "cnonce", cnonce);
        }
        if (challenge.containsKey("opaque")) {
            parameter(out, "opaque", challenge.getOrDefault("opaque", ""));
        }
        return out.toString();
    }

    private static String userParameter(String user) {
        boolean ascii = user.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return ascii
                ? "username=" + quoted(user)
                : "username*=UTF-8''" + Url.escape(user).replace("+", "%20");
    }

    private static void parameter(StringBuilder out, String name, String value) {
        out.append(", ").append(name).append('=').append(quoted(value));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String hash(String algorithm, String text) {
        try {
            var digest = MessageDigest.getInstance(algorithm.startsWith("SHA") ? "SHA-256" : "MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5 and SHA-256", e);
        }
    }

    /** The parameters of the Digest challenges in a header, which may have others among them. */
    public static List<Map<String, String>> challenges(String header) {
        return new Reader(header).read();
    }

    private static final class Reader {
        private final String text;
        private final List<Map<String, String>> found = new ArrayList<>();
        private @Nullable Map<String, String> current;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<Map<String, String>> read() {
            while (skip(" \t,")) {
                int start = at;
                while (at < text.length() && " \t,=".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                var word = text.substring(start, at);
                skip(" \t");
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    var value = value();
                    if (current != null) {
                        current.put(word.toLowerCase(Locale.ROOT), value);
                    }
                } else if (word.equalsIgnoreCase("Digest")) {
                    current = new LinkedHashMap<>();
                    found.add(current);
                } else {
                    current = null;
                }
            }
            return found;
        }

        private boolean skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length();
        }

        private String value() {
            var out = new StringBuilder();
            if (at < text.length() && text.charAt(at) == '"') {
                for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                    if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                        at++;
                    }
                    out.append(text.charAt(at));
                }
                at++; // the closing quote
            } else {
                for (; at < text.length() && text.charAt(at) != ','; at++) {
                    out.append(text.charAt(at));
                }
            }
            return out.toString().strip();
        }
    }
}
