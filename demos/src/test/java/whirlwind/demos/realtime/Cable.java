package whirlwind.demos.realtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A network between a browser and a server, that can be cut, go dead, and meddle. */
final class Cable implements AutoCloseable {
    private static final long UNCUT = Long.MAX_VALUE;

    private final ServerSocket entrance;
    private final int serverPort;
    private final Set<Strand> strands = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesUntilCut = new AtomicLong(UNCUT);
    private final AtomicReference<@Nullable Loss> loss = new AtomicReference<>();
    private volatile @Nullable String hoarded;

    /** The answer to a request is to be lost, and something happens before the server hears it. */
    private record Loss(String request, Runnable before) {}

    Cable(int serverPort) throws IOException {
        this.serverPort = serverPort;
        entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Cuts what is connected once so many more bytes have come from the server. */
    void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    /** Cuts what is connected. */
    void cut() {
        bytesUntilCut.set(UNCUT);
        strands.forEach(Strand::close);
    }

    /** What is connected stays, but nothing gets through any more. */
    void goDead() {
        strands.forEach(strand -> strand.dead = true);
    }

    /** Answers to requests that contain a text don't get through, as if somebody kept them. */
    void hoard(String text) {
        hoarded = text;
    }

    /**
     * Cuts the connection of the next request that contains a text, when its answer comes.
     *
     * @param before done before the request gets through
     */
    void loseAnswer(String request, Runnable before) {
        loss.set(new Loss(request, before));
    }

    private void accept() {
        try {
            while (true) {
                var client = entrance.accept();
                var strand = new Strand(client, serverPort);
                strands.add(strand);
                strand.start();
            }
        } catch (SocketException e) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }

    /** One connection. */
    private final class Strand {
        private final Socket client;
        private final int port;
        private final Socket server = new Socket();
        private volatile boolean dead;
        private volatile boolean hoards;
        private volatile boolean loses;

        Strand(Socket client, int port) {
            this.client = client;
            this.port = port;
        }

        void start() {
            Thread.startVirtualThread(() -> {
                try {
                    server.connect(new InetSocketAddress("localhost", port));
                    Thread.startVirtualThread(() -> run(true));
                    run(false);
                } catch (IOException e) {
                    close(); // the server is away
                }
            });
        }

        private void run(boolean up) {
            try {
                var from = up ? client : server;
                var to = up ? server : client;
                pump(from.getInputStream(), to.getOutputStream(), up);
            } catch (IOException e) {
                // an end is closed, and so is the other
            }
            close();
        }

        private void pump(InputStream in, OutputStream out, boolean up) throws IOException {
            var buffer = new byte[4096];
            for (int read; (read = in.read(buffer)) >= 0; ) {
                if (up) {
                    look(new String(buffer, 0, read, StandardCharsets.UTF_8));
                } else if (loses) {
                    return;
                } else if (bytesUntilCut.get() != UNCUT && bytesUntilCut.addAndGet(-read) < 0) {
                    out.write(buffer, 0, read / 2); // in the middle of something
                    out.flush();
                    cut();
                    return;
                }
                if (!dead && (up || !hoards)) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
        }

        /** At what the browser sends. */
        private void look(String sent) {
            var key = hoarded;
            hoards |= key != null && sent.contains(key);
            var lost = loss.get();
            if (lost != null && sent.contains(lost.request) && loss.compareAndSet(lost, null)) {
                loses = true;
                lost.before.run();
            }
        }

        void close() {
            strands.remove(this);
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
