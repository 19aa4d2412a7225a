package whirlwind.http.client;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.Trust;

/** The JDK's own sockets for TLS. */
final class TlsSockets {
    private TlsSockets() {}

    /** One that listens on localhost; with an authority, clients need a certificate of it. */
    static ServerSocket listen(Identity identity, Path authority) throws Exception {
        var credentials = identity.credentials();
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        var chain = credentials.chain().toArray(Certificate[]::new);
        keys.setKeyEntry("key", credentials.key(), new char[0], chain);
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        var trusted =
                authority == null ? null : new TrustManager[] {Trust.pem(authority).manager()};
        context.init(managers.getKeyManagers(), trusted, null);
        var socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(authority != null);
        return socket;
    }
}
