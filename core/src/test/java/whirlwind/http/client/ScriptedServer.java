package whirlwind.http.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that knows no HTTP: it reads and writes what its script says, on threads of its own. */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Script script;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closedByClients = new AtomicInteger();

    /** What happens on a connection; at its end the server hangs up. */
    @FunctionalInterface
    public interface Script {
        void serve(Peer peer) throws IOException;
    }

    /** The client, as the script sees it. */
    public final class Peer {
        private final Socket socket;
        private final InputStream in;

        /** The number of the connection, from 1. */
        private final int number;

        private Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.number = number;
        }

        public int number() {
            return number;
        }

        /** The next request's head, empty lines and all. */
        public String readHead() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("client hung up after: " + head);
                }
                head.append((char) b);
            }
            heads.add(head.toString());
            return head.toString();
        }

        public String read(int bytes) throws IOException {
            return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
        }

        public void write(String latin1) throws IOException {
            write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Waits until the client hangs up. */
        public void awaitClose() {
            try {
                while (in.read() >= 0) {
                    // whatever it says
                }
            } catch (IOException reset) {
                // that is one way to hang up
            }
            closedByClients.incrementAndGet();
        }
    }

    public ScriptedServer(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script);
    }

    ScriptedServer(ServerSocket listening, Script script) {
        this.script = script;
        this.listening = listening;
        Thread.ofPlatform().daemon().name("scripted-server").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofPlatform()
                        .daemon()
                        .name("scripted-peer-" + number)
                        .start(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // by close()
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.serve(new Peer(socket, number));
        } catch (IOException gone) {
            closedByClients.incrementAndGet(); // while it was written to, or read from
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** A GET of the root. */
    public HttpRequest get() {
        return HttpRequest.of(url("/"));
    }

    /** The heads of all requests that came. */
    public List<String> heads() {
        return heads;
    }

    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int open() {
        return open.size();
    }

    /** How many connections clients have closed before their scripts were at the end. */
    public int closedByClients() {
        return closedByClients.get();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
