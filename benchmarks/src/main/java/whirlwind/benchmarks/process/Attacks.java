package whirlwind.benchmarks.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;

/**
 * What clients notice while others attack the server: how long the echoes of their WebSockets take,
 * and how much memory the server needs.
 */
public final class Attacks {
    private static final byte[] NOTHING = new byte[0];
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int FIRST_FRAGMENT = 0x02;
    private static final int FRAGMENT = 0x00;
    private static final int PING = 0x89;

    private static final String HANDSHAKE =
            "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration TRICKLE = Duration.ofMillis(100);

    /** What one attacker does with a fresh connection, again and again. */
    @FunctionalInterface
    private interface Deed {
        void on(Socket socket) throws IOException, InterruptedException;
    }

    private record Attack(String name, int attackers, Deed deed) {}

    private static final List<Attack> ALL =
            List.of(
                    new Attack("nobody", 0, _ -> {}),
                    new Attack("handshakes a byte at a time", 1000, Attacks::trickleHandshake),
                    new Attack("handshakes and gone", 8, Attacks::open),
                    new Attack("messages a byte at a time", 1000, Attacks::trickleMessage),
                    new Attack("fragments of a byte", 4, socket -> fragments(socket, new byte[1])),
                    new Attack("empty fragments", 4, socket -> fragments(socket, NOTHING)),
                    new Attack("messages of 20 MiB", 4, Attacks::tooLong),
                    new Attack("echoes that nobody reads", 50, socket -> flood(socket, 60_000)),
                    new Attack("pongs that nobody reads", 4, Attacks::pings));

    private final Options options;
    private final Servers servers;

    private Attacks(Options options) {
        this.options = options;
        this.servers = new Servers(options);
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("clients", "50", "that say something each 20 ms"));
        known.add(new Option("warmup", "3", "seconds before"));
        known.add(new Option("seconds", "4", "of each attack"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("attacks", known, arguments);
        if (options != null) {
            new Attacks(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        var table =
                new Table(
                        "attack", "attackers", "echoes/s", "p50 ms", "p99 ms", "longest ms", "MiB");
        for (var attack : ALL) {
            System.err.println(attack.name());
            table.row(measure(attack));
        }
        System.out.printf(
                "Echoes of %d clients, while others attack; the server's largest resident size%n%n",
                options.number("clients"));
        table.print();
    }

    private String[] measure(Attack attack) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(servers.demo(), servers.processors());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var address = new InetSocketAddress("127.0.0.1", server.port());
            var latencies = new ConcurrentLinkedQueue<Long>();
            for (int i = 0; i < options.number("clients"); i++) {
                threads.submit(() -> talk(address, latencies));
            }
            TimeUnit.SECONDS.sleep(options.number("warmup"));
            server.pin(options.text("server-cpu"));
            for (int i = 0; i < attack.attackers(); i++) {
                threads.submit(() -> repeat(address, attack.deed()));
            }
            TimeUnit.SECONDS.sleep(1); // until all are there
            latencies.clear();
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            var seen = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
            var memory = largestSize(server.pid());
            threads.shutdownNow();
            return new String[] {
                attack.name(),
                String.valueOf(attack.attackers()),
                "%,.0f".formatted((double) seen.length / options.number("seconds")),
                millis(seen, 0.5),
                millis(seen, 0.99),
                millis(seen, 1),
                "%d".formatted(memory)
            };
        }
    }

    private static String millis(long[] sorted, double share) {
        if (sorted.length == 0) {
            return "-";
        }
        int at = (int) Math.min(sorted.length - 1L, Math.round(share * sorted.length));
        return "%.2f".formatted(sorted[at] / 1e6);
    }

    /** In MiB, as Linux counts it. */
    private static long largestSize(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    // ---- a client like any other ----

    private static Void talk(InetSocketAddress address, ConcurrentLinkedQueue<Long> latencies)
            throws IOException, InterruptedException {
        try (var socket = connect(address)) {
            open(socket);
            var message = frame(TEXT, "what one says every day".getBytes(StandardCharsets.UTF_8));
            int echo = message.length - 4; // without the mask
            while (!Thread.interrupted()) {
                long start = System.nanoTime();
                socket.getOutputStream().write(message);
                if (socket.getInputStream().readNBytes(echo).length < echo) {
                    throw new IOException("a client that does no harm was closed");
                }
                latencies.add(System.nanoTime() - start);
                Thread.sleep(PAUSE);
            }
        }
        return null;
    }

    /**
     * From an address of its own: thousands of ports are used up where the servers look for one.
     */
    private static Socket connect(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.setTcpNoDelay(true);
        socket.connect(address);
        return socket;
    }

    private static void open(Socket socket) throws IOException {
        socket.getOutputStream().write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
        skipHead(socket.getInputStream());
    }

    private static void skipHead(InputStream in) throws IOException {
        for (int last4 = 0; last4 != 0x0D0A0D0A; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no answer to the handshake");
            }
            last4 = last4 << 8 | next;
        }
    }

    /** A client's frame with a mask of zeros. */
    private static byte[] frame(int first, byte[] payload) {
        int length = payload.length;
        int header = length < 126 ? 2 : 4;
        var frame = new byte[header + 4 + length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | (length < 126 ? length : 126));
        if (header == 4) {
            frame[2] = (byte) (length >> 8);
            frame[3] = (byte) length;
        }
        System.arraycopy(payload, 0, frame, header + 4, length);
        return frame;
    }

    private static byte[] times(byte[] bytes, int count) {
        var all = new byte[bytes.length * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    // ---- those that attack ----

    private static Void repeat(InetSocketAddress address, Deed deed) throws InterruptedException {
        while (!Thread.interrupted()) {
            try (var socket = connect(address)) {
                deed.on(socket);
            } catch (IOException closed) {
                // by the server, which is what it should do; once more
            }
        }
        return null;
    }

    private static void trickleHandshake(Socket socket) throws IOException, InterruptedException {
        for (byte one : HANDSHAKE.getBytes(StandardCharsets.US_ASCII)) {
            socket.getOutputStream().write(one);
            Thread.sleep(TRICKLE);
        }
    }

    private static void trickleMessage(Socket socket) throws IOException, InterruptedException {
        open(socket);
        socket.getOutputStream()
                .write(new byte[] {(byte) BINARY, (byte) 0xFE, 0x7F, -1, 0, 0, 0, 0});
        while (!Thread.interrupted()) {
            socket.getOutputStream().write(0);
            Thread.sleep(TRICKLE);
        }
    }

    private static void fragments(Socket socket, byte[] payload) throws IOException {
        open(socket);
        socket.getOutputStream().write(frame(FIRST_FRAGMENT, payload));
        var some = times(frame(FRAGMENT, payload), 100);
        while (!Thread.interrupted()) {
            socket.getOutputStream().write(some);
        }
    }

    private static void tooLong(Socket socket) throws IOException {
        open(socket);
        var some = frame(FRAGMENT, new byte[60_000]);
        socket.getOutputStream().write(frame(FIRST_FRAGMENT, NOTHING));
        for (int sent = 0; sent < 20 << 20; sent += 60_000) {
            socket.getOutputStream().write(some);
        }
    }

    private static void flood(Socket socket, int size) throws IOException {
        open(socket);
        var message = frame(BINARY, new byte[size]);
        while (!Thread.interrupted()) {
            socket.getOutputStream().write(message);
        }
    }

    private static void pings(Socket socket) throws IOException {
        open(socket);
        var some = times(frame(PING, new byte[100]), 100);
        while (!Thread.interrupted()) {
            socket.getOutputStream().write(some);
        }
    }
}
