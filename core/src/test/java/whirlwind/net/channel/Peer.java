package whirlwind.net.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import whirlwind.net.tls.Identity;

/** A server on loopback that treats each client as it is told, on threads of its own. */
final class Peer implements AutoCloseable {
    private final ServerSocket listening;
    private final Treatment treatment;

    /** What happens to a client; the socket is closed afterwards. */
    interface Treatment {
        void treat(Socket client) throws IOException;
    }

    private Peer(ServerSocket listening, Treatment treatment) {
        this.listening = listening;
        this.treatment = treatment;
        Thread.ofPlatform().daemon().start(this::serve);
    }

    static Peer of(Treatment treatment) throws IOException {
        return new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), treatment);
    }

    /** Says hello and waits for the client to go. */
    static Peer greeting() throws IOException {
        return of(Peer::greet);
    }

    /** The same over TLS. */
    static Peer greeting(Identity identity) throws Exception {
        var credentials = identity.credentials();
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "key",
                credentials.key(),
                new char[0],
                credentials.chain().toArray(Certificate[]::new));
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return new Peer(
                socket,
                client -> {
                    ((SSLSocket) client).startHandshake();
                    greet(client);
                });
    }

    static void greet(Socket client) throws IOException {
        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        client.getInputStream().readAllBytes();
    }

    int port() {
        return listening.getLocalPort();
    }

    Destination to(String host) {
        return Destination.of(host, port());
    }

    private void serve() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                Thread.ofPlatform().daemon().start(() -> treat(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void treat(Socket client) {
        try (client) {
            treatment.treat(client);
        } catch (IOException gone) {
            return; // the client went away, or the test is over
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
