package whirlwind.http.codec.request;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HostAndPort;
import whirlwind.net.channel.TrustedProxies;
import whirlwind.net.dns.Resolver;

/**
 * Where a request comes from, as far as the proxies that are trusted say: {@code Forwarded} (RFC
 * 7239), {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}, {@code X-Real-Ip} and {@code
 * X-Scheme}.
 *
 * <p>Each proxy adds by whom it was connected to, and its word is taken if it is trusted itself: so
 * the way is followed back to the first address that isn't, and what a client wrote there before is
 * never looked at. But a proxy that sets one of these headers may hand on another that its client
 * made up. So those that are there have to agree, or none is believed.
 *
 * @param ip the client's address; null: unknown
 * @param protocol {@code http} or {@code https}; null: unknown
 * @param host the host that the client asked; null: unknown
 */
public record Origin(@Nullable String ip, @Nullable String protocol, @Nullable String host) {
    /** Nobody is there to say anything. */
    public static final Origin UNKNOWN = new Origin(null, null, null);

    /** What a proxy's headers say of a request; null for what they don't, or don't agree on. */
    public static Origin of(TrustedProxies proxies, Headers headers) {
        var standard = forwarded(proxies, headers);
        return new Origin(
                agreed(
                        standard.ip,
                        address(proxies, headers, "X-Forwarded-For"),
                        address(proxies, headers, "X-Real-Ip")),
                agreed(
                        standard.protocol,
                        protocol(last(headers, "X-Forwarded-Proto")),
                        protocol(last(headers, "X-Scheme"))),
                agreed(standard.host, host(last(headers, "X-Forwarded-Host"))));
    }

    private static Origin forwarded(TrustedProxies proxies, Headers headers) {
        var header = headers.get("Forwarded");
        if (header == null) {
            return UNKNOWN;
        }
        var elements = Forwarded.parse(header);
        var nodes = elements.stream().map(element -> element.getOrDefault("for", "")).toList();
        int farthest = farthest(proxies, nodes);
        var said = farthest < 0 ? Map.<String, String>of() : elements.get(farthest);
        return new Origin(
                farthest < 0 ? "" : ipOf(nodes.get(farthest)),
                protocol(said.get("proto")),
                host(said.get("host")));
    }

    private static @Nullable String address(TrustedProxies proxies, Headers headers, String name) {
        var header = headers.get(name);
        if (header == null) {
            return null;
        }
        var nodes = Arrays.stream(header.split(",")).map(String::strip).toList();
        int farthest = farthest(proxies, nodes);
        return farthest < 0 ? "" : ipOf(nodes.get(farthest));
    }

    /** The index of the first address, from the end, that isn't a trusted one; -1 for none. */
    private static int farthest(TrustedProxies proxies, List<String> nodes) {
        int farthest = -1;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            var ip = ipOf(nodes.get(i));
            if (ip == null) {
                break;
            }
            farthest = i;
            if (!proxies.contains(ip)) {
                break;
            }
        }
        return farthest;
    }

    /** The address of {@code 1.2.3.4}, {@code 1.2.3.4:80}, {@code ::1} and {@code [::1]:80}. */
    private static @Nullable String ipOf(String node) {
        int colon = node.indexOf(':');
        int bracket = node.indexOf(']');
        var ip = node;
        if (node.startsWith("[") && bracket > 0) {
            ip = node.substring(1, bracket);
        } else if (colon > 0 && colon == node.lastIndexOf(':')) {
            ip = node.substring(0, colon);
        }
        return Resolver.isValidIp(ip) ? ip : null;
    }

    /** The last item of a list: the nearest proxy's. */
    private static @Nullable String last(Headers headers, String name) {
        var list = headers.get(name);
        return list == null ? null : list.substring(list.lastIndexOf(',') + 1).strip();
    }

    private static @Nullable String protocol(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var protocol = text.toLowerCase(Locale.ROOT);
        return protocol.equals("http") || protocol.equals("https") ? protocol : null;
    }

    private static @Nullable String host(@Nullable String text) {
        return text != null && HostAndPort.isValid(text) ? text : null;
    }

    /** What all say that say something; the empty text is an answer that nobody can use. */
    private static @Nullable String agreed(@Nullable String... answers) {
        @Nullable String agreed = null;
        for (var answer : answers) {
            if (answer != null && agreed != null && !answer.equals(agreed)) {
                return null;
            }
            agreed = answer != null ? answer : agreed;
        }
        return agreed == null || agreed.isEmpty() ? null : agreed;
    }
}
