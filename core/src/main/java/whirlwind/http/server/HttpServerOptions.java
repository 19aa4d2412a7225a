package whirlwind.http.server;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.FormLimits;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ConnectionLimits;
import whirlwind.net.channel.TrustedProxies;
import whirlwind.net.tls.TlsServerOptions;

/**
 * What a server puts up with; immutable, for any thread. Start from {@link #DEFAULTS} and change
 * what you need: {@code HttpServerOptions.DEFAULTS.withMaxBodySize(1 << 20)}. A limit or a time
 * that isn't positive is refused with {@link IllegalArgumentException}. Tornado: the arguments of
 * {@code HTTPServer} and {@code HTTP1ConnectionParameters}.
 */
public final class HttpServerOptions implements Cloneable {
    /** What each option's method below says is its default. */
    public static final HttpServerOptions DEFAULTS = new HttpServerOptions();

    // Written only by the withers, each in a copy that nobody has seen yet.
    private int maxHeaderSize = 64 << 10;
    private int maxStartLine = 16 << 10;
    private int maxBodySize = 100 << 20;
    private Duration headerTimeout = Duration.ofSeconds(60);
    private @Nullable Duration bodyTimeout;
    private Duration idleTimeout = Duration.ofHours(1);
    private int maxConnections = 100_000;
    private int maxConcurrentStreams = 100;
    private int writeHighWater = 64 << 10;
    private int maxWriteBuffer = 16 << 20;
    private long memoryQuota = Runtime.getRuntime().maxMemory() / 4;
    private boolean keepAlive = true;
    private @Nullable String protocol;
    private @Nullable TlsServerOptions tls;
    private boolean reusePort;
    private int backlog = 65_535;
    private FormLimits formLimits = FormLimits.DEFAULTS;
    private List<String> trustedProxies = List.of();
    private boolean proxyProtocol;
    private boolean decompressRequest;
    private @Nullable String serverHeader = "Whirlwind" + version();
    private boolean http3;

    private HttpServerOptions() {}

    /**
     * Bytes in a request's header fields together, 64 KiB by default; more is answered with 431.
     */
    public int maxHeaderSize() {
        return maxHeaderSize;
    }

    /** These options with another limit for headers. */
    public HttpServerOptions withMaxHeaderSize(int bytes) {
        return with(copy -> copy.maxHeaderSize = Check.positive("maxHeaderSize", bytes));
    }

    /** Bytes in a request line, 16 KiB by default; more is answered with 414. */
    public int maxStartLine() {
        return maxStartLine;
    }

    /** These options with another limit for request lines. */
    public HttpServerOptions withMaxStartLine(int bytes) {
        return with(copy -> copy.maxStartLine = Check.positive("maxStartLine", bytes));
    }

    /**
     * Bytes in a request's body, which is kept in memory, 100 MiB by default; more is answered with
     * 413, before it is read if {@code Content-Length} announces it.
     */
    public int maxBodySize() {
        return maxBodySize;
    }

    /** These options with another limit for bodies. */
    public HttpServerOptions withMaxBodySize(int bytes) {
        return with(copy -> copy.maxBodySize = Check.positive("maxBodySize", bytes));
    }

    /**
     * How long a request's head may take from its first byte, or from the connection's start, a
     * minute by default, before it is answered with 408; with no byte at all the connection is
     * closed silently.
     */
    public Duration headerTimeout() {
        return headerTimeout;
    }

    /** These options with another limit of time for heads. */
    public HttpServerOptions withHeaderTimeout(Duration limit) {
        return with(copy -> copy.headerTimeout = Check.positive("headerTimeout", limit));
    }

    /**
     * How long a request's body may take before it is answered with 408; null, the default: as long
     * as {@link #idleTimeout} does not pass between two pieces of it.
     */
    public @Nullable Duration bodyTimeout() {
        return bodyTimeout;
    }

    /** These options with another limit of time for bodies, or none. */
    public HttpServerOptions withBodyTimeout(@Nullable Duration limit) {
        return with(copy ->
                copy.bodyTimeout = limit == null ? null : Check.positive("bodyTimeout", limit));
    }

    /**
     * How long a connection may stay open between two requests, or make no progress, before it is
     * closed; an hour by default.
     */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** These options with another limit of time for idleness. */
    public HttpServerOptions withIdleTimeout(Duration limit) {
        return with(copy -> copy.idleTimeout = Check.positive("idleTimeout", limit));
    }

    /**
     * Connections at a time, 100,000 by default; further ones wait in the kernel's backlog until
     * one closes.
     */
    public int maxConnections() {
        return maxConnections;
    }

    /** These options with another number of connections. */
    public HttpServerOptions withMaxConnections(int count) {
        return with(copy -> copy.maxConnections = Check.positive("maxConnections", count));
    }

    /**
     * Requests at a time on one HTTP/2 or HTTP/3 connection, 100 by default; those beyond are
     * refused, and may be sent again.
     */
    public int maxConcurrentStreams() {
        return maxConcurrentStreams;
    }

    /** These options with another number of requests at a time on an HTTP/2 connection. */
    public HttpServerOptions withMaxConcurrentStreams(int count) {
        return with(
                copy -> copy.maxConcurrentStreams = Check.positive("maxConcurrentStreams", count));
    }

    /**
     * Bytes that may wait for a slow client before the futures of writes are no longer done at
     * once; 64 KiB by default.
     */
    public int writeHighWater() {
        return writeHighWater;
    }

    /** These options with another mark at which writers have to wait. */
    public HttpServerOptions withWriteHighWater(int bytes) {
        return with(copy -> copy.writeHighWater = Check.positive("writeHighWater", bytes));
    }

    /**
     * Bytes that may wait for a slow client in all, 16 MiB by default: whoever goes on writing
     * beyond that, against those futures, has the connection dropped. A response given as a whole
     * may be larger.
     */
    public int maxWriteBuffer() {
        return maxWriteBuffer;
    }

    /** These options with another limit for what waits to be written. */
    public HttpServerOptions withMaxWriteBuffer(int bytes) {
        return with(copy -> copy.maxWriteBuffer = Check.positive("maxWriteBuffer", bytes));
    }

    /**
     * Bytes that all connections together may have in memory of what is unfinished, a quarter of
     * the largest heap by default. These are WebSocket messages that aren't whole yet, those of the
     * server's own that a client hasn't taken, and the bodies of requests that are read as a whole,
     * until they are answered; of each what goes beyond 16 KiB, so that small ones always pass.
     *
     * <p>A message for which there is no room closes its WebSocket with 1013, <i>try again
     * later</i>; a body is answered with 503. A WebSocket whose client takes too little meanwhile
     * is dropped. None can be larger than this, whatever its own limit.
     *
     * <p>It is the process's heap, so what all servers and loops of the process hold is counted
     * together, and each server goes by its own limit.
     */
    public long memoryQuota() {
        return memoryQuota;
    }

    /** These options with another limit for what all connections have in memory together. */
    public HttpServerOptions withMemoryQuota(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memoryQuota: " + bytes + " (at least 1)");
        }
        return with(copy -> copy.memoryQuota = bytes);
    }

    /** Whether a connection serves more than one request, as it does by default. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** These options with another choice of serving several requests on a connection or one. */
    public HttpServerOptions withKeepAlive(boolean keepAlive) {
        return with(copy -> copy.keepAlive = keepAlive);
    }

    /**
     * {@code http} or {@code https}, as requests report it; null, the default: as the connection
     * is. For a server behind a proxy which ends TLS and says nothing about it.
     */
    public @Nullable String protocol() {
        return protocol;
    }

    /**
     * These options with the protocol that requests report.
     *
     * @throws IllegalArgumentException if it is neither null, {@code http} nor {@code https}
     */
    public HttpServerOptions withProtocol(@Nullable String protocol) {
        if (protocol != null && !protocol.equals("http") && !protocol.equals("https")) {
            throw new IllegalArgumentException(
                    "protocol: '" + protocol + "' (expected http or https)");
        }
        return with(copy -> copy.protocol = protocol);
    }

    /** How connections are encrypted; null, the default: not at all. */
    public @Nullable TlsServerOptions tls() {
        return tls;
    }

    /**
     * These options with HTTPS, and HTTP/2 for clients that prefer it. Options that name no
     * protocols to agree on get {@code h2} and {@code http/1.1}. Tornado: {@code ssl_options}.
     *
     * @throws IllegalArgumentException if they name another protocol than these two
     */
    public HttpServerOptions withTls(@Nullable TlsServerOptions tls) {
        if (tls == null || tls.alpn().isEmpty()) {
            return with(copy -> copy.tls = tls == null ? null : tls.withAlpn("h2", "http/1.1"));
        }
        for (var name : tls.alpn()) {
            if (!name.equals("h2") && !name.equals("http/1.1")) {
                throw new IllegalArgumentException(
                        "alpn: '" + name + "' (expected h2 or http/1.1)");
            }
        }
        return with(copy -> copy.tls = tls);
    }

    /** Whether HTTP/3 is spoken, not by default. */
    public boolean http3() {
        return http3;
    }

    /**
     * These options with another choice of HTTP/3 (RFC 9114): served on the UDP port of the same
     * number as each TCP port, with the certificates of {@link #withTls}, and announced to clients
     * by {@code Alt-Svc}. Handlers notice nothing but {@code request.version()}. Needs the module
     * {@code whirlwind-http3} among the program's dependencies.
     */
    public HttpServerOptions withHttp3(boolean http3) {
        return with(copy -> copy.http3 = http3);
    }

    /**
     * Whether several processes or loops may listen on one port and share its connections ({@code
     * SO_REUSEPORT}), not by default; in a {@code LoopGroup} and in workers they do anyway.
     */
    public boolean reusePort() {
        return reusePort;
    }

    /** These options with another choice of sharing the port or not. */
    public HttpServerOptions withReusePort(boolean reusePort) {
        return with(copy -> copy.reusePort = reusePort);
    }

    /**
     * Connections that may wait to be accepted; 65,535 by default, of which the system takes as
     * many as it allows.
     */
    public int backlog() {
        return backlog;
    }

    /** These options with another backlog. */
    public HttpServerOptions withBacklog(int connections) {
        return with(copy -> copy.backlog = Check.positive("backlog", connections));
    }

    /** What forms may hold; {@link FormLimits#DEFAULTS} by default. */
    public FormLimits formLimits() {
        return formLimits;
    }

    /** These options with other limits for forms. */
    public HttpServerOptions withFormLimits(FormLimits limits) {
        return with(copy -> copy.formLimits = Objects.requireNonNull(limits, "formLimits"));
    }

    /**
     * Proxies whose word is taken for where a request comes from; none by default. See {@link
     * #withTrustedProxies}.
     */
    public List<String> trustedProxies() {
        return trustedProxies;
    }

    /**
     * These options with proxies that are believed: addresses ({@code 10.0.0.1}), networks ({@code
     * 10.1.0.0/16}), or {@code unix} for whoever connects over a Unix-domain socket. On their
     * connections the client's address, protocol and host are those that the request's {@code
     * Forwarded} (RFC 7239), {@code X-Forwarded-For}, {@code X-Real-Ip}, {@code X-Forwarded-Proto},
     * {@code X-Scheme} and {@code X-Forwarded-Host} say: the last address that isn't one of these
     * proxies itself. Headers that contradict one another are not believed. On all other
     * connections they are headers like any. Tornado: {@code xheaders} and {@code
     * trusted_downstream}.
     *
     * @throws IllegalArgumentException if one is no address and no network
     */
    public HttpServerOptions withTrustedProxies(String... proxies) {
        var list = List.of(proxies);
        TrustedProxies.of(list);
        return with(copy -> copy.trustedProxies = list);
    }

    /** Whether connections of trusted proxies begin with a PROXY header, not by default. */
    public boolean proxyProtocol() {
        return proxyProtocol;
    }

    /**
     * These options with another choice of the PROXY protocol, version 1 or 2: a connection of a
     * {@linkplain #withTrustedProxies trusted proxy} has to begin with its header, which tells the
     * client's address, and is closed if it doesn't; from elsewhere it is malformed input. As the
     * client may not be trusted, its requests' {@code X-Forwarded-For} and the like are not
     * believed then.
     */
    public HttpServerOptions withProxyProtocol(boolean proxyProtocol) {
        return with(copy -> copy.proxyProtocol = proxyProtocol);
    }

    /** Whether compressed bodies of requests are decompressed, not by default. */
    public boolean decompressRequest() {
        return decompressRequest;
    }

    /**
     * These options with another choice of decompressing requests: bodies with {@code
     * Content-Encoding} {@code gzip}, {@code deflate}, or {@code br} where brotli4j is there, come
     * to handlers as they were before; the field's new name is {@code X-Consumed-Content-Encoding}.
     * {@link #maxBodySize} and the limits of handlers count what comes out; more is answered with
     * 413. Other codings are the handler's business. Without this a compressed form is refused with
     * 415. Tornado: {@code decompress_request}.
     */
    public HttpServerOptions withDecompressRequest(boolean decompress) {
        return with(copy -> copy.decompressRequest = decompress);
    }

    /** What responses say in {@code Server}; null for none. Default: Whirlwind with its version. */
    public @Nullable String serverHeader() {
        return serverHeader;
    }

    /**
     * These options with another {@code Server}, or none, for responses that don't have their own.
     *
     * @throws IllegalArgumentException if a header can't have it
     */
    public HttpServerOptions withServerHeader(@Nullable String value) {
        if (value != null) {
            Headers.of("Server", value);
        }
        return with(copy -> copy.serverHeader = value);
    }

    private static String version() {
        var descriptor = HttpServerOptions.class.getModule().getDescriptor();
        var version =
                descriptor == null
                        ? Optional.ofNullable(
                                HttpServerOptions.class.getPackage().getImplementationVersion())
                        : descriptor.rawVersion();
        return version.map(number -> "/" + number).orElse("");
    }

    /**
     * For connections.
     *
     * @throws IllegalArgumentException if options contradict one another
     */
    ConnectionLimits limits() {
        if (http3 && tls == null) {
            throw new IllegalArgumentException("http3: there is no HTTP/3 without tls");
        }
        if (writeHighWater > maxWriteBuffer) {
            throw new IllegalArgumentException(
                    "writeHighWater: %d (at most maxWriteBuffer, %d)"
                            .formatted(writeHighWater, maxWriteBuffer));
        }
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException(
                    "proxyProtocol: whose? (name the proxies with withTrustedProxies)");
        }
        return new ConnectionLimits(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                maxConcurrentStreams,
                writeHighWater,
                maxWriteBuffer,
                memoryQuota,
                keepAlive,
                protocol,
                formLimits,
                TrustedProxies.of(trustedProxies),
                proxyProtocol,
                decompressRequest,
                serverHeader,
                http3);
    }

    private HttpServerOptions with(Consumer<HttpServerOptions> change) {
        try {
            var copy = (HttpServerOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
