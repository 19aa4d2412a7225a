package whirlwind.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed. Immutable, for any thread. */
public final class Trust {
    private static final Trust SYSTEM = new Trust("the system", null, List.of(), null);

    private static final Trust ANYONE = new Trust("anyone", null, List.of(), new Credulous());

    private final String name;

    /** Null: those that came with the JDK. */
    private final @Nullable KeyStore authorities;

    private final Collection<? extends CRL> revocations;
    private volatile @Nullable X509ExtendedTrustManager manager;

    private Trust(
            String name,
            @Nullable KeyStore authorities,
            Collection<? extends CRL> revocations,
            @Nullable X509ExtendedTrustManager manager) {
        this.name = name;
        this.authorities = authorities;
        this.revocations = revocations;
        this.manager = manager;
    }

    /** The authorities that the JDK comes with, or those that {@code javax.net.ssl} is told. */
    public static Trust system() {
        return SYSTEM;
    }

    /**
     * Anyone, and under any name: the connection is encrypted, and nobody knows with whom. For
     * tests.
     */
    public static Trust anyone() {
        return ANYONE;
    }

    /**
     * The authorities in a PEM file, and no others. A self-signed certificate is its own authority.
     *
     * @throws IllegalArgumentException if the file is missing or holds no certificate
     */
    public static Trust pem(Path file) {
        return read(
                file,
                () -> {
                    var store = KeyStore.getInstance(KeyStore.getDefaultType());
                    store.load(null, null);
                    var certificates =
                            Pem.certificates(Identity.readFile("certificate authority", file));
                    for (var certificate : certificates) {
                        store.setCertificateEntry("ca-" + store.size(), certificate);
                    }
                    return new Trust(file.toString(), store, List.of(), null);
                });
    }

    /**
     * The authorities in a key store, PKCS #12 or JKS, and no others.
     *
     * @throws IllegalArgumentException if the file is missing, the password wrong, or there is no
     *     certificate in it
     */
    public static Trust keyStore(Path file, String password) {
        return read(
                file,
                () -> {
                    Identity.readFile("key store", file);
                    var store = KeyStore.getInstance(file.toFile(), password.toCharArray());
                    if (store.size() == 0) {
                        throw new IllegalArgumentException("there is no certificate in it");
                    }
                    return new Trust(file.toString(), store, List.of(), null);
                });
    }

    /**
     * The same, but for the certificates that a revocation list names. Every certificate of a chain
     * is looked up, the authority's own excepted; one that no list here covers, or only a list that
     * has expired, is refused. Nothing is fetched from the network.
     *
     * @param file one or several lists in PEM
     * @throws IllegalArgumentException if the file is missing or holds no revocation list
     * @throws IllegalStateException if this trusts anyone
     */
    public Trust withRevocations(Path file) {
        if (this == ANYONE) {
            throw new IllegalStateException("who trusts anyone looks at no revocation list");
        }
        return read(
                file,
                () ->
                        new Trust(
                                name + " but for " + file,
                                authorities,
                                Pem.revocations(Identity.readFile("revocation list", file)),
                                null));
    }

    /**
     * The revocation lists that are looked at; empty: none are, and no certificate is refused so.
     */
    public List<CRL> revocations() {
        return List.copyOf(revocations);
    }

    private interface Reading {
        Trust read() throws IOException, GeneralSecurityException;
    }

    private static Trust read(Path file, Reading reading) {
        try {
            return reading.read();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "trust from " + file + " can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * What checks certificates, for the JDK's TLS and all that is like it. The first call may read
     * the JDK's own authorities, which takes a while.
     *
     * @throws IllegalStateException if the JDK has no authorities
     */
    public X509ExtendedTrustManager manager() {
        var made = manager;
        if (made == null) {
            try {
                made = newManager();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("trust in " + name + " can't be set up", e);
            }
            manager = made;
        }
        return made;
    }

    private X509ExtendedTrustManager newManager() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        if (revocations.isEmpty()) {
            factory.init(authorities);
        } else {
            var parameters = new PKIXBuilderParameters(anchors(), new X509CertSelector());
            parameters.setRevocationEnabled(true);
            parameters.addCertStore(
                    CertStore.getInstance(
                            "Collection", new CollectionCertStoreParameters(revocations)));
            factory.init(new CertPathTrustManagerParameters(parameters));
        }
        return new Examiner((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
    }

    private KeyStore anchors() throws GeneralSecurityException {
        if (authorities != null) {
            return authorities;
        }
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : system().manager().getAcceptedIssuers()) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Says whom. */
    @Override
    public String toString() {
        return "Trust[" + name + "]";
    }

    /** Believes everything. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
