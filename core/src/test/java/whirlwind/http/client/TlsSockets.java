package whirlwind.http.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.Trust;

/** The JDK's own sockets for TLS. */
final class TlsSockets {
    private TlsSockets() {}

    /** Speaks TLS over a connection that was accepted. */
    static SSLSocket over(Socket plain, Identity identity) throws Exception {
        var factory = context(identity, null).getSocketFactory();
        var tls = (SSLSocket) factory.createSocket(plain, null, plain.getPort(), true);
        tls.setUseClientMode(false);
        return tls;
    }

    /** Hangs up without saying so within TLS. */
    static final class Rude extends Socket {
        private final Socket plain;
        private final SSLSocket tls;

        Rude(Socket plain, SSLSocket tls) {
            this.plain = plain;
            this.tls = tls;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return tls.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return tls.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }

    /** What becomes of a connection that is accepted. */
    @FunctionalInterface
    interface Accepting {
        Socket accepted(Socket plain, int number) throws Exception;
    }

    /** One that listens on localhost. */
    static ServerSocket listen(Accepting accepting) throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")) {
            private int number;

            @Override
            public Socket accept() throws IOException {
                var plain = super.accept();
                try {
                    return accepting.accepted(plain, ++number);
                } catch (IOException e) {
                    plain.close();
                    return plain;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    /** One that listens on localhost; with an authority, clients need a certificate of it. */
    static ServerSocket listen(Identity identity, Path authority) throws Exception {
        var socket =
                (SSLServerSocket)
                        context(identity, authority)
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(authority != null);
        return socket;
    }

    private static SSLContext context(Identity identity, Path authority) throws Exception {
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
        return context;
    }
}
