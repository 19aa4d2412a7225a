package whirlwind.benchmarks.peer;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens many connections to a server of this machine and holds them. It obeys lines on standard
 * input, each of which it answers with one line that says on how many connections it went well:
 *
 * <ul>
 *   <li>{@code open N}: connects N times
 *   <li>{@code get PATH}: each connection sends a request and reads the answer, which stays open
 *   <li>{@code upgrade PATH}: each connection becomes a WebSocket
 *   <li>{@code send PATH}: each connection sends a request and waits for nothing
 *   <li>{@code alive}: counts connections on which the server has neither said nor ended anything
 *   <li>{@code close}: resets the connections, so that no port is left waiting
 * </ul>
 *
 * The end of standard input ends it. The connections come from many source addresses (127.0.0.2 and
 * up), because one address hasn't ports enough.
 */
public final class HeldConnections {
    private static final int AT_ONCE = 128;
    private static final int SOURCES = 250;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final InetSocketAddress server;
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger connects = new AtomicInteger();

    private HeldConnections(int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    }

    /** The argument is the port. */
    public static void main(String[] args) throws IOException {
        var connections = new HeldConnections(Integer.parseInt(args[0]));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = input.readLine()) != null; ) {
            System.out.println(connections.obey(line.split(" ", 2)));
        }
    }

    private int obey(String[] words) throws IOException {
        var argument = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "open" -> open(Integer.parseInt(argument));
            case "get" -> onEach(socket -> get(socket, argument));
            case "upgrade" -> onEach(socket -> upgrade(socket, argument));
            case "send" -> onEach(socket -> send(socket, request(argument, "")));
            case "alive" -> onEach(HeldConnections::checkQuiet);
            case "close" -> close();
            default -> throw new IllegalArgumentException("command: '" + words[0] + "'");
        };
    }

    private int open(int count) {
        int first = sockets.size();
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket());
        }
        return onEach(sockets.subList(first, sockets.size()), this::connect);
    }

    private int close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        int closed = sockets.size();
        sockets.clear();
        return closed;
    }

    private void connect(Socket socket) throws IOException {
        int source = 2 + connects.getAndIncrement() % SOURCES;
        socket.setSoLinger(true, 0);
        socket.bind(new InetSocketAddress("127.0.0." + source, 0));
        socket.connect(server, TIMEOUT_MILLIS);
    }

    private static void get(Socket socket, String path) throws IOException {
        send(socket, request(path, ""));
        readAnswer(socket, " 200 ");
    }

    private static void upgrade(Socket socket, String path) throws IOException {
        send(
                socket,
                request(
                        path,
                        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
        readAnswer(socket, " 101 ");
    }

    private static String request(String path, String headers) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(path, headers);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void readAnswer(Socket socket, String status) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        var input = new BufferedInputStream(socket.getInputStream(), 512);
        var first = readLine(input);
        if (!first.contains(status)) {
            throw new IOException("answer: '" + first + "' (expected" + status + ")");
        }
        int length = 0;
        for (String line; !(line = readLine(input)).isEmpty(); ) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        input.skipNBytes(length);
    }

    private static String readLine(InputStream input) throws IOException {
        var line = new StringBuilder();
        for (int next; (next = input.read()) != '\n'; ) {
            if (next < 0) {
                throw new EOFException("connection ended after '" + line + "'");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Throws if anything has come from the server, be it the end. */
    private static void checkQuiet(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            int next = socket.getInputStream().read();
            throw new IOException("not quiet: " + (next < 0 ? "ended" : "byte " + next));
        } catch (SocketTimeoutException quiet) {
            // as it should be
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(Socket socket) throws IOException;
    }

    private int onEach(Step step) {
        return onEach(sockets, step);
    }

    /** Some at a time, so that the server's backlog never overflows; answers how many went well. */
    private static int onEach(List<Socket> sockets, Step step) {
        var slots = new Semaphore(AT_ONCE);
        var succeeded = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var socket : sockets) {
                slots.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        step.run(socket);
                        succeeded.incrementAndGet();
                    } catch (IOException e) {
                        System.err.println(e.getMessage());
                    } finally {
                        slots.release();
                    }
                });
            }
        }
        return succeeded.get();
    }
}
