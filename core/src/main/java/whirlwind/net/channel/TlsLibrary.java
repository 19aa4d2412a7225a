package whirlwind.net.channel;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/**
 * Who speaks TLS in this process. The system property {@code whirlwind.tls} chooses: {@code auto},
 * which is OpenSSL (BoringSSL) where its jar is there, or {@code jdk} or {@code openssl}.
 */
final class TlsLibrary {
    private TlsLibrary() {}

    /**
     * The one to make new contexts with.
     *
     * @throws IllegalArgumentException if the property has another value, or the library is missing
     */
    static SslProvider chosen() {
        var name = System.getProperty("whirlwind.tls", "auto");
        return switch (name) {
            case "auto" -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
            case "jdk" -> SslProvider.JDK;
            case "openssl" -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IllegalArgumentException(
                            "whirlwind.tls: openssl, but it can't be loaded: add"
                                    + " io.netty:netty-tcnative-boringssl-static",
                            OpenSsl.unavailabilityCause());
                }
                yield SslProvider.OPENSSL;
            }
            default ->
                    throw new IllegalArgumentException(
                            "whirlwind.tls: '" + name + "' (auto, jdk, openssl)");
        };
    }
}
