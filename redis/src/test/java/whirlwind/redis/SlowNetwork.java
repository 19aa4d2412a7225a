package whirlwind.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A way to a Redis on which bytes may stay for a while, even if their sender has gone. */
final class SlowNetwork implements AutoCloseable {
    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Way> ways = new CopyOnWriteArrayList<>();
    private final int port;

    SlowNetwork(int port) throws IOException {
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + entry.getLocalPort();
    }

    /** What was sent over the connections that were there then. */
    record Held(List<Way> ways) {
        /** Lets it arrive, and waits until Redis has read it and closed the connection. */
        void release() throws InterruptedException {
            for (var way : ways) {
                way.open.countDown();
            }
            for (var way : ways) {
                way.back.join();
            }
        }
    }

    /** Holds what is sent over each connection that there is now. */
    Held hold() {
        ways.forEach(way -> way.held = true);
        return new Held(List.copyOf(ways));
    }

    private void accept() {
        try {
            while (true) {
                ways.add(new Way(entry.accept()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class Way {
        final CountDownLatch open = new CountDownLatch(1);
        final Thread back;
        volatile boolean held;

        Way(Socket client) throws IOException {
            var redis = new Socket("127.0.0.1", port);
            Thread.ofVirtual().start(() -> carry(client, redis, true));
            back = Thread.ofVirtual().start(() -> carry(redis, client, false));
        }

        private void carry(Socket from, Socket to, boolean toRedis) {
            var bytes = new byte[1 << 16];
            try {
                for (int n; (n = from.getInputStream().read(bytes)) >= 0; ) {
                    if (toRedis && held) {
                        open.await();
                    }
                    if (toRedis || !held) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                }
                to.shutdownOutput();
            } catch (IOException e) {
                // that way is gone
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
    }
}
