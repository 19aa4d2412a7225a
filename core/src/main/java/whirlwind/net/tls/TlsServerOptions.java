package whirlwind.net.tls;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import whirlwind.check.Check;

/**
 * How a server speaks TLS: start from {@link #of}.
 *
 * @param identity the certificate for clients that ask for a name not in {@code names}, or for none
 * @param names certificates for other names (SNI): a host name, or {@code *.example.com} for all
 *     names one level below that one
 * @param clients whether clients must show certificates too
 * @param clientTrust whose certificates of clients are believed
 * @param alpn protocols to agree on above TLS, the best first, such as {@code h2}; empty for none
 * @param protocols of {@code TLSv1.3} and {@code TLSv1.2}
 * @param ciphers by their standard names; empty for the defaults
 * @param handshakeTimeout how long a client may take for its handshake
 */
public record TlsServerOptions(
        Identity identity,
        Map<String, Identity> names,
        ClientCertificates clients,
        Trust clientTrust,
        List<String> alpn,
        List<String> protocols,
        List<String> ciphers,
        Duration handshakeTimeout) {
    /** Whether clients show certificates. Tornado: {@code cert_reqs}. */
    public enum ClientCertificates {
        /** They are not asked. */
        NONE,
        /** They are asked, and may show none; one that isn't believed is refused. */
        WANT,
        /** Who shows none is refused. */
        NEED
    }

    /** Refuses unknown protocols and ciphers, and a timeout that isn't positive. */
    public TlsServerOptions {
        Objects.requireNonNull(identity, "a server needs a certificate and its key: identity");
        Objects.requireNonNull(clients, "clients");
        Objects.requireNonNull(clientTrust, "clientTrust");
        names = Map.copyOf(names);
        alpn = List.copyOf(alpn);
        protocols = Supported.protocols(protocols);
        ciphers = Supported.ciphers(ciphers);
        Check.positive("handshakeTimeout", handshakeTimeout);
    }

    /** A server with one certificate, that asks nobody for theirs; ten seconds for a handshake. */
    public static TlsServerOptions of(Identity identity) {
        return new TlsServerOptions(
                identity,
                Map.of(),
                ClientCertificates.NONE,
                Trust.system(),
                List.of(),
                TlsOptions.DEFAULTS.protocols(),
                List.of(),
                Duration.ofSeconds(10));
    }

    /** These options with certificates for names. */
    public TlsServerOptions withNames(Map<String, Identity> names) {
        return new TlsServerOptions(
                identity, names, clients, clientTrust, alpn, protocols, ciphers, handshakeTimeout);
    }

    /** These options, with clients asked for certificates. */
    public TlsServerOptions withClients(ClientCertificates clients, Trust clientTrust) {
        return new TlsServerOptions(
                identity, names, clients, clientTrust, alpn, protocols, ciphers, handshakeTimeout);
    }

    /** These options with protocols to agree on above TLS. */
    public TlsServerOptions withAlpn(String... alpn) {
        return new TlsServerOptions(
                identity,
                names,
                clients,
                clientTrust,
                List.of(alpn),
                protocols,
                ciphers,
                handshakeTimeout);
    }

    /** These options with other protocols. */
    public TlsServerOptions withProtocols(String... protocols) {
        return new TlsServerOptions(
                identity,
                names,
                clients,
                clientTrust,
                alpn,
                List.of(protocols),
                ciphers,
                handshakeTimeout);
    }

    /** These options with other ciphers. */
    public TlsServerOptions withCiphers(String... ciphers) {
        return new TlsServerOptions(
                identity,
                names,
                clients,
                clientTrust,
                alpn,
                protocols,
                List.of(ciphers),
                handshakeTimeout);
    }

    /** These options with another limit for the handshake. */
    public TlsServerOptions withHandshakeTimeout(Duration handshakeTimeout) {
        return new TlsServerOptions(
                identity, names, clients, clientTrust, alpn, protocols, ciphers, handshakeTimeout);
    }
}
