package whirlwind.http.codec.stream;

import java.util.ServiceLoader;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.net.tls.TlsServerOptions;

/**
 * Speaks HTTP/3 for servers: a service that the module {@code whirlwind.http3} provides, so that
 * this one knows nothing of QUIC. Connections of it are {@link StreamConnection}s, and what they
 * carry are {@link ServerStream}s, as HTTP/2's.
 */
public interface Http3Provider {
    /**
     * UDP sockets for one server, none yet.
     *
     * @throws IllegalArgumentException if the options can't be used
     * @throws IllegalStateException if QUIC can't be spoken on this machine
     */
    Http3Listener open(ConnectionContext context, TlsServerOptions tls);

    /**
     * The one that is there.
     *
     * @throws IllegalStateException if there is none
     */
    static Http3Provider find() {
        return ServiceLoader.load(Http3Provider.class)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "http3: HTTP/3 needs whirlwind-http3 among the dependencies"));
    }
}
