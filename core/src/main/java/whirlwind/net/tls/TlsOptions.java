package whirlwind.net.tls;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS. {@link #DEFAULTS} is right for the public network: the server must have
 * a certificate of an authority that the system knows, for the name that was asked for.
 *
 * <p>Keep an instance for as long as it is needed: what is worked out for it is kept with it.
 *
 * @param trust whose certificates are believed
 * @param identity what the client shows to a server that asks who it is; null for nothing
 * @param verifyHostname whether the server's certificate must be for the name that was asked for.
 *     Who trusts anyone doesn't look
 * @param protocols of {@code TLSv1.3} and {@code TLSv1.2}
 * @param ciphers by their standard names; empty for the defaults
 * @param serverName to ask for, and to look for in the certificate, instead of the destination's
 *     host; null for that host
 */
public record TlsOptions(
        Trust trust,
        @Nullable Identity identity,
        boolean verifyHostname,
        List<String> protocols,
        List<String> ciphers,
        @Nullable String serverName) {
    /** The system's authorities, names verified, TLS 1.3 and 1.2. */
    public static final TlsOptions DEFAULTS =
            new TlsOptions(
                    Trust.system(), null, true, List.of("TLSv1.3", "TLSv1.2"), List.of(), null);

    /** Encryption without knowing with whom; for tests. Tornado: {@code validate_cert=False}. */
    public static final TlsOptions INSECURE =
            DEFAULTS.withTrust(Trust.anyone()).withVerifyHostname(false);

    /** Refuses unknown protocols and ciphers. */
    public TlsOptions {
        Objects.requireNonNull(trust, "trust");
        protocols = Supported.protocols(protocols);
        ciphers = Supported.ciphers(ciphers);
    }

    /** These options with others to believe. */
    public TlsOptions withTrust(Trust trust) {
        return new TlsOptions(trust, identity, verifyHostname, protocols, ciphers, serverName);
    }

    /** These options with a certificate of the client's own. */
    public TlsOptions withIdentity(@Nullable Identity identity) {
        return new TlsOptions(trust, identity, verifyHostname, protocols, ciphers, serverName);
    }

    /** These options, with the name in the server's certificate verified or not. */
    public TlsOptions withVerifyHostname(boolean verifyHostname) {
        return new TlsOptions(trust, identity, verifyHostname, protocols, ciphers, serverName);
    }

    /** These options with other protocols. */
    public TlsOptions withProtocols(String... protocols) {
        return new TlsOptions(
                trust, identity, verifyHostname, List.of(protocols), ciphers, serverName);
    }

    /** These options with other ciphers. */
    public TlsOptions withCiphers(String... ciphers) {
        return new TlsOptions(
                trust, identity, verifyHostname, protocols, List.of(ciphers), serverName);
    }

    /** These options with another name to ask for. */
    public TlsOptions withServerName(@Nullable String serverName) {
        return new TlsOptions(trust, identity, verifyHostname, protocols, ciphers, serverName);
    }
}
