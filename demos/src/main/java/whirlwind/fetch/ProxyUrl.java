package whirlwind.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import whirlwind.net.connect.Proxy;

/** A proxy as one writes it in one word: {@code socks5://user:password@localhost:1080}. */
final class ProxyUrl {
    private ProxyUrl() {}

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none, saying how one looks
     */
    static Proxy parse(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getReason(), e);
        }
        if (url.getScheme() == null || url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException("expected SCHEME://HOST:PORT");
        }
        var host = url.getHost().replaceAll("[\\[\\]]", "");
        var proxy = Proxy.of(type(url.getScheme()), host, url.getPort());
        var user = url.getUserInfo();
        if (user == null) {
            return proxy;
        }
        int colon = user.indexOf(':');
        return colon < 0
                ? proxy.withCredentials(user, null)
                : proxy.withCredentials(user.substring(0, colon), user.substring(colon + 1));
    }

    private static Proxy.Type type(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "http" -> Proxy.Type.HTTP;
            case "socks4" -> Proxy.Type.SOCKS4;
            case "socks5" -> Proxy.Type.SOCKS5;
            default ->
                    throw new IllegalArgumentException(
                            "scheme " + scheme + " (http, socks4 or socks5)");
        };
    }
}
