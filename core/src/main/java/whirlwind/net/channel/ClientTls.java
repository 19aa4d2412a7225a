package whirlwind.net.channel;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TlsOptions;

/**
 * The client's side of TLS: options turned into Netty's contexts, which all loops share and which
 * remember the sessions that can be resumed.
 */
public final class ClientTls {
    /** More than a program has options that it keeps; after that many, all are made anew. */
    private static final int MOST_CONTEXTS = 256;

    private static final Map<Key, ClientTls> MADE = new ConcurrentHashMap<>();

    private final SslContext context;
    private final TlsOptions options;

    private record Key(
            SslProvider library,
            TlsOptions options,
            List<String> alpn,
            Identity.@Nullable Credentials credentials) {
        static Key of(TlsOptions options, List<String> alpn) {
            var identity = options.identity();
            return new Key(
                    TlsLibrary.chosen(),
                    options,
                    alpn,
                    identity == null ? null : identity.credentials());
        }
    }

    private ClientTls(Key key) {
        this.options = key.options;
        this.context = newContext(key);
    }

    /** What was made for these options before; null if nothing was. Any thread. */
    static @Nullable ClientTls made(TlsOptions options, List<String> alpn) {
        return MADE.get(Key.of(options, alpn));
    }

    /**
     * TLS with these options. Any thread; the first time it reads files and computes for a while.
     *
     * @throws IllegalArgumentException if the options can't be used together
     */
    public static ClientTls of(TlsOptions options, List<String> alpn) {
        if (MADE.size() >= MOST_CONTEXTS) {
            MADE.clear();
        }
        return MADE.computeIfAbsent(Key.of(options, alpn), ClientTls::new);
    }

    /**
     * A handler for a connection to a host, to be added as first of a connected channel. Its
     * handshake has no limit of its own.
     */
    public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
        var serverName = options.serverName();
        var name = withoutLastDot(serverName != null ? serverName : host);
        var handler = context.newHandler(allocator, name, port);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** A dot at the end makes a name absolute; certificates leave it out (RFC 6066 section 3). */
    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static SslContext newContext(Key key) {
        var options = key.options;
        var builder =
                SslContextBuilder.forClient()
                        .sslProvider(key.library)
                        .trustManager(options.trust().manager())
                        .protocols(options.protocols())
                        .ciphers(options.ciphers().isEmpty() ? null : options.ciphers())
                        .applicationProtocolConfig(alpn(key.alpn))
                        .endpointIdentificationAlgorithm(options.verifyHostname() ? "HTTPS" : null);
        if (key.credentials != null) {
            builder.keyManager(key.credentials.key(), key.credentials.chain());
        }
        return build(builder);
    }

    static @Nullable ApplicationProtocolConfig alpn(List<String> protocols) {
        return protocols.isEmpty()
                ? null
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }

    static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "these TLS options can't be used: " + e.getMessage(), e);
        }
    }
}
