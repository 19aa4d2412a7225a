package whirlwind.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients that mean no good. It obeys lines on standard input, {@code KIND N} for so many of a
 * {@link Kind}, and {@code STOP 0}; each is answered with a number.
 */
public final class Attackers {
    private static final byte[] REQUEST =
            ("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    private Attackers(int port) {
        this.port = port;
    }

    /** What they do. */
    public enum Kind {
        /** The handshake, a byte a second. */
        SLOW_HANDSHAKE,
        /** Messages that are to be echoed, whose echoes nobody reads. */
        DEAF,
        /** Pings, whose pongs nobody reads. */
        PINGS,
        /** Empty fragments of a message that never ends. */
        FRAGMENTS,
        /** Announces a gigabyte. */
        OVERSIZED,
        /** Connects, and is gone: again and again. */
        RECONNECT,
        STOP
    }

    /** The argument is the port. */
    public static void main(String[] args) throws IOException {
        var attackers = new Attackers(Integer.parseInt(args[0]));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = input.readLine()) != null; ) {
            var words = line.split(" ");
            attackers.start(Kind.valueOf(words[0]), Integer.parseInt(words[1]));
            System.out.println(words[1]);
        }
        System.exit(0);
    }

    private void start(Kind kind, int count) throws IOException {
        if (kind == Kind.STOP) {
            stopped = true;
            for (var socket : sockets) {
                socket.close();
            }
            sockets.clear();
            return;
        }
        stopped = false;
        for (int i = 0; i < count; i++) {
            int source = 2 + i % 250;
            Thread.startVirtualThread(() -> goOn(kind, source));
        }
    }

    /** Whoever is thrown out comes back. */
    private void goOn(Kind kind, int source) {
        while (!stopped) {
            try (var socket = new Socket()) {
                sockets.add(socket);
                socket.setSoLinger(true, 0);
                socket.bind(new InetSocketAddress("127.0.0." + source, 0));
                socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
                attack(kind, socket);
            } catch (IOException thrownOut) {
                // as it should be
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void attack(Kind kind, Socket socket) throws IOException, InterruptedException {
        var output = socket.getOutputStream();
        if (kind == Kind.SLOW_HANDSHAKE) {
            for (byte one : REQUEST) {
                output.write(one);
                Thread.sleep(1000);
            }
            return;
        }
        output.write(REQUEST);
        int first = socket.getInputStream().read();
        switch (kind) {
            case DEAF -> flood(socket, frame(0x82, 4096));
            case PINGS -> flood(socket, frame(0x89, 125));
            case FRAGMENTS -> {
                output.write(frame(0x01, 0));
                flood(socket, frame(0x00, 0));
            }
            case OVERSIZED -> {
                output.write(
                        new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0});
                flood(socket, new byte[4096]);
            }
            default -> output.write(first);
        }
    }

    private void flood(Socket socket, byte[] frame) throws IOException {
        while (!stopped) {
            socket.getOutputStream().write(frame);
        }
    }

    /** Masked with zeros. */
    private static byte[] frame(int first, int length) {
        int head = length < 126 ? 6 : 8;
        var frame = new byte[head + length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | (length < 126 ? length : 126));
        if (length >= 126) {
            frame[2] = (byte) (length >> 8);
            frame[3] = (byte) length;
        }
        return frame;
    }
}
