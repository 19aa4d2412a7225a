package whirlwind.http3;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.TlsServerOptions.ClientCertificates;

/**
 * TLS within QUIC, RFC 9001, for one server: options turned into Netty's contexts. A certificate
 * that was reloaded is used from the next connection on. Ciphers and protocols of the options don't
 * count: QUIC has TLS 1.3 with its own.
 */
final class QuicTls {
    private final TlsServerOptions options;
    private final Map<String, Identity> names = new HashMap<>();
    private final Map<Identity, Made> made = new HashMap<>();

    /** Leads to the context for the name that a client asks for; null if there is one for all. */
    private final @Nullable QuicSslContext choice;

    private record Made(Identity.Credentials credentials, QuicSslContext context) {}

    QuicTls(TlsServerOptions options) {
        this.options = options;
        options.names()
                .forEach((name, identity) -> names.put(name.toLowerCase(Locale.ROOT), identity));
        contextOf(options.identity());
        choice =
                names.isEmpty()
                        ? null
                        : QuicSslContextBuilder.buildForServerWithSni(
                                name -> contextOf(identityFor(name)));
    }

    /** For one connection. */
    QuicSslEngine newEngine(ByteBufAllocator allocator) {
        var context = choice != null ? choice : contextOf(options.identity());
        return context.newEngine(allocator);
    }

    private Identity identityFor(@Nullable String serverName) {
        if (serverName == null) {
            return options.identity();
        }
        var name = serverName.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        var wildcard = dot < 0 ? "" : "*" + name.substring(dot);
        return names.getOrDefault(name, names.getOrDefault(wildcard, options.identity()));
    }

    private QuicSslContext contextOf(Identity identity) {
        var credentials = identity.credentials();
        var known = made.get(identity);
        if (known == null || known.credentials != credentials) {
            known = new Made(credentials, newContext(credentials));
            made.put(identity, known);
        }
        return known.context;
    }

    private QuicSslContext newContext(Identity.Credentials credentials) {
        var chain = credentials.chain().toArray(X509Certificate[]::new);
        var builder =
                QuicSslContextBuilder.forServer(credentials.key(), null, chain)
                        .applicationProtocols(Http3.supportedApplicationProtocols())
                        .clientAuth(clientAuth());
        if (options.clients() != ClientCertificates.NONE) {
            builder.trustManager(options.clientTrust().manager());
        }
        return builder.build();
    }

    private ClientAuth clientAuth() {
        return switch (options.clients()) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }
}
