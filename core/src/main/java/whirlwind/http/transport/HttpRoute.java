package whirlwind.http.transport;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import whirlwind.net.connect.Proxy;
import whirlwind.net.tls.TlsOptions;

/**
 * Where a request goes, and how it gets there. Requests with equal routes may share a connection.
 *
 * @param tls how TLS is spoken, for https; null for http
 * @param host an ASCII name, or an address without brackets
 * @param port 1 to 65535
 * @param proxy who connects in our place; null for nobody
 * @param networkInterface the address to connect from; null: the system's choice
 * @param allowIpv6 whether the host's IPv6 addresses are tried
 * @param http2 the versions of HTTP that are wanted
 * @param tunneled whether an HTTP proxy connects for http, too, instead of passing requests on
 */
public record HttpRoute(
        @Nullable TlsOptions tls,
        String host,
        int port,
        @Nullable Proxy proxy,
        @Nullable InetAddress networkInterface,
        boolean allowIpv6,
        Http2Mode http2,
        boolean tunneled) {

    /** Host and port as a URL has them: {@code [::1]:8080}. */
    public String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** What absolute URLs of this route begin with, RFC 6454 section 6.2: no port if it's usual. */
    public String origin() {
        boolean usual = port == (tls != null ? 443 : 80);
        var text = toString();
        return usual ? text.substring(0, text.lastIndexOf(':')) : text;
    }

    /**
     * Whether requests are handed to an HTTP proxy to pass on, RFC 9112 section 3.2.2; with TLS it
     * only connects.
     */
    public boolean isForwarded() {
        return tls == null && !tunneled && proxy != null && proxy.type() == Proxy.Type.HTTP;
    }

    /** Host and port tell nearly all routes apart; a pool is looked up for each request. */
    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return (tls != null ? "https://" : "http://") + address();
    }
}
