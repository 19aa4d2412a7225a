package whirlwind.curl;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import whirlwind.http.transport.HttpRoute;
import whirlwind.net.dns.Family;
import whirlwind.net.dns.Resolver;

/** The names of routes, asked of a resolver of ours in the place of libcurl's own. */
record Naming(Resolver resolver) {
    /** Where the first connection of a route goes: to its host, or to its proxy. */
    CompletableFuture<List<InetSocketAddress>> ask(HttpRoute route) {
        var from = route.networkInterface();
        var family = from != null ? Family.of(from) : route.allowIpv6() ? Family.ANY : Family.IPV4;
        var proxy = route.proxy();
        return proxy == null
                ? resolver.resolve(route.host(), route.port(), family)
                : resolver.resolve(proxy.host(), proxy.port(), family);
    }

    /** The answer as {@code CURLOPT_RESOLVE} takes it. */
    static String entry(String host, List<InetSocketAddress> addresses) {
        var entry = new StringBuilder(bracketed(host)).append(':').append(port(addresses));
        char before = ':';
        for (var address : addresses) {
            var ip = address.getAddress();
            var text = ip.getHostAddress();
            entry.append(before).append(ip instanceof Inet6Address ? "[" + text + "]" : text);
            before = ',';
        }
        return entry.toString();
    }

    /** A resolver may lead to another port. */
    static int port(List<InetSocketAddress> addresses) {
        return addresses.getFirst().getPort();
    }

    static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }
}
