package whirlwind.net.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who one is: a certificate with its chain, and the private key to it, read from files.
 *
 * <p>{@link #reload} reads the files again, so that a renewed certificate needs no restart: whoever
 * uses this identity takes the new one for the handshakes to come. Any thread; reading holds the
 * calling thread for a moment.
 *
 * {@snippet :
 * var identity = Identity.pem(Path.of("server.crt"), Path.of("server.key"));
 * IOLoop.current().onSignal("HUP", identity::reload);
 * }
 */
public final class Identity {
    private final String name;
    private final Source source;
    private volatile Credentials credentials;

    /**
     * A private key, and the certificates that vouch for it.
     *
     * @param chain the key's own certificate first, then those of the authorities above it, without
     *     the root perhaps
     */
    public record Credentials(PrivateKey key, List<X509Certificate> chain) {
        /** Refuses a key that isn't the certificate's. */
        public Credentials {
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("there is no certificate");
            }
            if (!Keys.belongTogether(key, chain.getFirst().getPublicKey())) {
                throw new IllegalArgumentException(
                        "the private key is not the one of the certificate for "
                                + chain.getFirst().getSubjectX500Principal());
            }
        }
    }

    private interface Source {
        Credentials read() throws IOException, GeneralSecurityException;
    }

    private Identity(String name, Source source) {
        this.name = name;
        this.source = source;
        this.credentials = read();
    }

    /**
     * From PEM files, as certificate authorities give them.
     *
     * @param chain the certificate, followed by those of the authorities in between
     * @param key the private key: {@code PRIVATE KEY}, {@code RSA PRIVATE KEY} or {@code EC PRIVATE
     *     KEY}, not encrypted. May be the same file
     * @throws IllegalArgumentException if a file is missing or makes no sense, or the two don't
     *     belong together
     */
    public static Identity pem(Path chain, Path key) {
        return pem(chain, key, null);
    }

    /**
     * As {@link #pem(Path, Path)}, for a key that may be encrypted.
     *
     * @param password of an {@code ENCRYPTED PRIVATE KEY}; null if it isn't encrypted
     */
    public static Identity pem(Path chain, Path key, @Nullable String password) {
        return new Identity(
                chain + ", " + key,
                () ->
                        new Credentials(
                                Pem.privateKey(readFile("private key", key), password),
                                Pem.certificates(readFile("certificate", chain))));
    }

    /**
     * From a key store, PKCS #12 or JKS: its only key, or its first.
     *
     * @throws IllegalArgumentException if the file is missing, the password wrong, or there is no
     *     private key with a certificate in it
     */
    public static Identity keyStore(Path file, String password) {
        return new Identity(
                file.toString(),
                () -> {
                    readFile("key store", file);
                    return fromKeyStore(
                            KeyStore.getInstance(file.toFile(), password.toCharArray()), password);
                });
    }

    private static Credentials fromKeyStore(KeyStore store, String password)
            throws GeneralSecurityException {
        for (var alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
                var chain =
                        Arrays.stream(store.getCertificateChain(alias))
                                .map(X509Certificate.class::cast)
                                .toList();
                return new Credentials(key, chain);
            }
        }
        throw new IllegalArgumentException("there is no private key in it");
    }

    /** Key and certificates as they were read last. */
    public Credentials credentials() {
        return credentials;
    }

    /**
     * Reads the files again. If they are as they were, nothing changes; if they can't be used, the
     * old certificate stays.
     *
     * @throws IllegalArgumentException if the files can't be used; says why
     */
    public void reload() {
        var fresh = read();
        if (!fresh.equals(credentials)) {
            credentials = fresh;
        }
    }

    private Credentials read() {
        try {
            return source.read();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate and key from " + name + " can't be used: " + e.getMessage(), e);
        }
    }

    static byte[] readFile(String what, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(
                    "the " + what + " file " + file + " doesn't exist or can't be read");
        }
        return Files.readAllBytes(file);
    }

    /** Names the files. */
    @Override
    public String toString() {
        return "Identity[" + name + "]";
    }
}
