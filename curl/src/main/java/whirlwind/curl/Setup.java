package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.transport.Http2Mode;
import whirlwind.http.transport.HttpRoute;
import whirlwind.http.transport.TransportHook;
import whirlwind.http.transport.TransportRequest;
import whirlwind.net.connect.Proxy;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;

/** The options of an easy handle for one request, and the memory that they point to. */
final class Setup {
    private static final int HTTP_1_1 = 2;
    private static final int HTTP_2_TLS = 4;
    private static final int HTTP_2_PRIOR_KNOWLEDGE = 5;
    private static final int TLS_1_2 = 6;
    private static final int TLS_1_3 = 7;
    private static final int IPV4_ONLY = 1;
    private static final int VERIFY_NAME = 2;
    private static final int PROTOCOLS_HTTP = 3;
    private static final int AUTH_BASIC = 1;
    private static final int AUTH_DIGEST = 2;

    private final Engine engine;
    private final long easy;
    private final Easy handle;
    private final List<Long> lists = new ArrayList<>();
    private long headers;
    private long body;

    Setup(Engine engine, Easy handle) {
        this.engine = engine;
        this.handle = handle;
        this.easy = handle.handle;
    }

    /**
     * @throws IllegalArgumentException if libcurl can't do what the request asks for
     */
    void apply(TransportRequest request) {
        callbacks();
        number(Option.NOSIGNAL, 1);
        number(Option.PROTOCOLS, PROTOCOLS_HTTP);
        number(Option.CONNECTTIMEOUT_MS, Integer.MAX_VALUE); // the client has its own timers
        var idle = engine.options().idleTimeout();
        if (idle.isZero()) {
            number(Option.FORBID_REUSE, 1);
        } else {
            number(Option.MAXAGE_CONN, Math.max(1, idle.toSeconds()));
        }
        route(request.route());
        target(request);
        body(request);
        fields(request);
        if (request.decompress()) {
            text(Option.ACCEPT_ENCODING, "");
        }
        hook(request.hook());
    }

    private void hook(@Nullable TransportHook hook) {
        if (hook == null) {
            return;
        }
        if (!(hook instanceof CurlHook ours)) {
            throw new IllegalArgumentException(
                    hook.getClass().getName() + " is not for libcurl: that takes a CurlHook");
        }
        var prepared = new CurlHandle(easy, this);
        try {
            ours.prepare(prepared);
        } finally {
            prepared.finish();
        }
    }

    /** The addresses of the route's host or proxy, where it isn't libcurl that finds them. */
    void addresses(HttpRoute route, List<InetSocketAddress> addresses) {
        int port = Naming.port(addresses);
        var proxy = route.proxy();
        if (proxy != null) {
            number(Option.PROXYPORT, port);
            resolve(Naming.entry(proxy.host(), addresses));
            return;
        }
        resolve(Naming.entry(route.host(), addresses));
        if (port != route.port()) {
            connectTo(Naming.bracketed(route.host()) + ":" + port);
        }
    }

    private void resolve(String entry) {
        number(Option.RESOLVE, list(List.of(entry)));
    }

    private void connectTo(String address) {
        number(Option.CONNECT_TO, list(List.of("::" + address)));
    }

    /** A list that lives as long as the request. */
    long list(List<String> texts) {
        long list = 0;
        for (var text : texts) {
            list = Libcurl.append(list, text);
        }
        lists.add(list);
        return list;
    }

    /** Frees what the options point to, when the handle is done with it. */
    void free() {
        if (headers != 0) {
            Libcurl.freeList(headers);
        }
        lists.forEach(Libcurl::freeList);
        lists.clear();
        if (body != 0) {
            Libcurl.free(body);
        }
        headers = 0;
        body = 0;
    }

    private void number(int option, long value) {
        Libcurl.set(easy, option, value);
    }

    private void text(int option, String value) {
        Libcurl.set(easy, option, value);
    }

    private void callbacks() {
        var callbacks = engine.callbacks();
        number(Option.ERRORBUFFER, handle.error.address());
        number(Option.WRITEFUNCTION, callbacks.write);
        number(Option.WRITEDATA, handle.id);
        number(Option.HEADERFUNCTION, callbacks.header);
        number(Option.HEADERDATA, handle.id);
        number(Option.READFUNCTION, callbacks.read);
        number(Option.READDATA, handle.id);
        if (Libcurl.trySet(easy, Option.PREREQFUNCTION, callbacks.beforeRequest) == Code.OK) {
            number(Option.PREREQDATA, handle.id);
        }
    }

    // ---- where it goes ----

    private void route(HttpRoute route) {
        var tls = route.tls();
        if (tls != null) {
            tls(tls);
        }
        version(route);
        var from = route.networkInterface();
        if (from != null) {
            text(Option.INTERFACE, "host!" + from.getHostAddress());
        }
        if (!route.allowIpv6()) {
            if (route.host().indexOf(':') >= 0) {
                throw new IllegalArgumentException(
                        route.host() + " is an IPv6 address, and IPv6 is not allowed");
            }
            number(Option.IPRESOLVE, IPV4_ONLY);
        }
        proxy(route);
    }

    private void version(HttpRoute route) {
        switch (route.http2()) {
            case NEVER -> number(Option.HTTP_VERSION, HTTP_1_1);
            case PRIOR_KNOWLEDGE -> number(Option.HTTP_VERSION, HTTP_2_PRIOR_KNOWLEDGE);
            case AUTO -> {
                if (Libcurl.trySet(easy, Option.HTTP_VERSION, HTTP_2_TLS) != Code.OK) {
                    number(Option.HTTP_VERSION, HTTP_1_1); // a libcurl without HTTP/2
                }
            }
        }
        if (route.http2() == Http2Mode.PRIOR_KNOWLEDGE || route.tls() != null) {
            number(Option.PIPEWAIT, 1); // rather a stream than another connection
        }
    }

    private void proxy(HttpRoute route) {
        var proxy = route.proxy();
        text(Option.NOPROXY, ""); // rather than what the environment says
        if (proxy == null) {
            text(Option.PROXY, "");
            return;
        }
        var host = proxy.host();
        text(Option.PROXY, Naming.bracketed(host));
        number(Option.PROXYPORT, proxy.port());
        number(
                Option.PROXYTYPE,
                switch (proxy.type()) {
                    case HTTP -> 0;
                    case SOCKS4 -> 6; // 4a: the proxy resolves the name
                    case SOCKS5 -> 7; // with the name
                });
        number(Option.SUPPRESS_CONNECT_HEADERS, 1);
        if (proxy.user() != null && !route.isForwarded()) { // the client says it in the request
            number(Option.PROXYAUTH, proxy.digest() ? AUTH_DIGEST : AUTH_BASIC);
            if (proxy.type() == Proxy.Type.HTTP) { // libcurl shares tunnels whoever asked for them
                number(Option.FRESH_CONNECT, 1);
                number(Option.FORBID_REUSE, 1);
            }
            text(Option.PROXYUSERNAME, proxy.user());
            text(Option.PROXYPASSWORD, proxy.password() == null ? "" : proxy.password());
        }
    }

    private void tls(TlsOptions tls) {
        boolean credulous = tls.trust() == Trust.anyone();
        number(Option.SSL_VERIFYPEER, credulous ? 0 : 1);
        number(Option.SSL_VERIFYHOST, credulous || !tls.verifyHostname() ? 0 : VERIFY_NAME);
        if (!credulous && tls.trust() != Trust.system()) {
            Libcurl.set(easy, Option.CAINFO_BLOB, engine.pems().of(tls.trust()));
        }
        if (!tls.trust().revocations().isEmpty()) {
            text(Option.CRLFILE, engine.pems().fileOfRevocations(tls.trust()).toString());
        }
        var identity = tls.identity();
        if (identity != null) {
            var credentials = identity.credentials();
            Libcurl.set(easy, Option.SSLCERT_BLOB, engine.pems().ofChain(credentials));
            Libcurl.set(easy, Option.SSLKEY_BLOB, engine.pems().ofKey(credentials));
        }
        boolean only13 = !tls.protocols().contains("TLSv1.2");
        boolean only12 = !tls.protocols().contains("TLSv1.3");
        number(Option.SSLVERSION, (only13 ? TLS_1_3 : TLS_1_2) | (only12 ? TLS_1_2 << 16 : 0));
        ciphers(tls);
    }

    private void ciphers(TlsOptions tls) {
        if (tls.ciphers().isEmpty()) {
            return;
        }
        if (tls.protocols().contains("TLSv1.2")) {
            throw new IllegalArgumentException(
                    "libcurl has names of its own for the ciphers of TLS 1.2:"
                            + " choose ciphers for TLSv1.3 only");
        }
        text(Option.TLS13_CIPHERS, String.join(":", tls.ciphers()));
    }

    // ---- what is asked ----

    private void target(TransportRequest request) {
        var route = request.route();
        var address = route.address();
        var tls = route.tls();
        if (tls != null && tls.serverName() != null) {
            connectTo(address);
            address = tls.serverName() + ":" + route.port();
        }
        boolean isPath = request.target().startsWith("/");
        text(
                Option.URL,
                (tls != null ? "https://" : "http://")
                        + address
                        + (isPath ? request.target() : "/"));
        number(Option.PATH_AS_IS, 1);
        if (!isPath) {
            text(Option.REQUEST_TARGET, request.target());
        }
    }

    private void body(TransportRequest request) {
        var method = request.method();
        var bytes = request.body();
        if (method.equals("HEAD")) {
            if (bytes != null || request.streamed()) {
                throw new IllegalArgumentException("libcurl sends no body with HEAD");
            }
            number(Option.NOBODY, 1);
            return;
        }
        if (bytes != null) {
            body = Libcurl.malloc(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, Libcurl.MEMORY, JAVA_BYTE, body, bytes.length);
            number(Option.POSTFIELDSIZE_LARGE, bytes.length);
            number(Option.POSTFIELDS, body);
        } else if (request.streamed()) {
            number(Option.UPLOAD, 1);
            var length = request.headers().get("Content-Length");
            number(Option.INFILESIZE_LARGE, length == null ? -1 : Long.parseLong(length));
        }
        if (!method.equals("GET") || bytes != null || request.streamed()) {
            text(Option.CUSTOMREQUEST, method);
        }
    }

    /** All fields as they are; an empty one of libcurl's own keeps it from adding it. */
    private void fields(TransportRequest request) {
        var fields = request.headers();
        fields.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length")) {
                add(value.isEmpty() ? name + ";" : name + ": " + value);
            }
        });
        suppress(fields, "Accept");
        suppress(fields, "Content-Type");
        suppress(fields, "Expect");
        number(Option.HTTPHEADER, headers);
    }

    private void suppress(Headers fields, String name) {
        if (!fields.contains(name)) {
            add(name + ":");
        }
    }

    private void add(String line) {
        headers = Libcurl.append(headers, line);
    }
}
