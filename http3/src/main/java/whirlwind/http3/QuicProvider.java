package whirlwind.http3;

import io.netty.handler.codec.quic.Quic;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.stream.Http3Listener;
import whirlwind.http.codec.stream.Http3Provider;
import whirlwind.net.tls.TlsServerOptions;

/** Speaks HTTP/3 over Netty's QUIC; made by {@link java.util.ServiceLoader}. */
public final class QuicProvider implements Http3Provider {
    /** For the loader of services. */
    public QuicProvider() {}

    @Override
    public Http3Listener open(ConnectionContext context, TlsServerOptions tls) {
        var missing = Quic.unavailabilityCause();
        if (missing != null) {
            throw new IllegalStateException(
                    "http3: the native library of QUIC can't be loaded; netty-codec-native-quic"
                            + " must be there for this system: "
                            + missing.getMessage(),
                    missing);
        }
        return new QuicListener(context, tls);
    }
}
