package whirlwind.net.channel;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TlsServerOptions;

/**
 * The server's side of TLS, for one server on one loop: options turned into Netty's contexts. A
 * certificate that was reloaded is used from the next connection on.
 */
public final class ServerTls {
    private static final int NO_LIMIT = 0;

    private final TlsServerOptions options;
    private final Map<String, Identity> names = new HashMap<>();
    private final Map<Identity, Made> made = new HashMap<>();

    private record Made(Identity.Credentials credentials, SslContext context) {}

    /**
     * TLS with these options.
     *
     * @throws IllegalArgumentException if the options can't be used together
     */
    public ServerTls(TlsServerOptions options) {
        this.options = options;
        options.names().forEach((name, identity) -> names.put(lowerCase(name), identity));
        contextOf(options.identity());
    }

    /**
     * A handler for a connection that was accepted, to be added as first. With several names it
     * replaces itself by an {@link SslHandler} when it knows the client's choice. Watch for {@link
     * io.netty.handler.ssl.SslHandshakeCompletionEvent}, which tells in either case.
     */
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        return names.isEmpty()
                ? limited(contextOf(options.identity()).newHandler(allocator))
                : new Choice(name -> contextOf(identityFor(name)));
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(handshakeMillis());
        return handler;
    }

    /** At least one: Netty takes zero for no limit. */
    private long handshakeMillis() {
        return Math.max(1, options.handshakeTimeout().toMillis());
    }

    private Identity identityFor(@Nullable String serverName) {
        if (serverName == null) {
            return options.identity();
        }
        var name = lowerCase(serverName);
        var exact = names.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        var wildcard = dot < 0 ? null : names.get("*" + name.substring(dot));
        return wildcard != null ? wildcard : options.identity();
    }

    private SslContext contextOf(Identity identity) {
        var credentials = identity.credentials();
        var known = made.get(identity);
        if (known == null || known.credentials != credentials) {
            known = new Made(credentials, newContext(credentials));
            made.put(identity, known);
        }
        return known.context;
    }

    private SslContext newContext(Identity.Credentials credentials) {
        var builder =
                SslContextBuilder.forServer(credentials.key(), credentials.chain())
                        .sslProvider(TlsLibrary.chosen())
                        .protocols(options.protocols())
                        .ciphers(options.ciphers().isEmpty() ? null : options.ciphers())
                        .applicationProtocolConfig(ClientTls.alpn(options.alpn()))
                        .clientAuth(clientAuth());
        if (options.clients() != TlsServerOptions.ClientCertificates.NONE) {
            builder.trustManager(options.clientTrust().manager());
        }
        return ClientTls.build(builder);
    }

    private ClientAuth clientAuth() {
        return switch (options.clients()) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Waits for the name that the client asks for (RFC 6066), then makes way for TLS. */
    private final class Choice extends SniHandler {
        Choice(Mapping<? super String, ? extends SslContext> contexts) {
            super(contexts, NO_LIMIT, handshakeMillis());
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            return limited(super.newSslHandler(context, allocator));
        }
    }
}
