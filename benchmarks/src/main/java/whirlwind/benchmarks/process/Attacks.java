package whirlwind.benchmarks.process;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Attackers;

/** What bad clients do to a good one, and to the server's memory. */
public final class Attacks {
    private static final byte[] REQUEST =
            ("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    /** A masked text frame of two bytes, and its echo's length. */
    private static final byte[] MESSAGE = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

    private static final int ECHO_BYTES = 4;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Options options;

    private Attacks(Options options) {
        this.options = options;
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("attackers", "50", "at once"));
        known.add(new Option("seconds", "4", "of each attack"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("attacks", known, arguments);
        if (options != null) {
            new Attacks(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        var servers = new Servers(options);
        var table = new Table("attack", "p50 ms", "p99 ms", "max ms", "RSS MB");
        try (var server = ServerProcess.start(servers.demo(), options.text("server-cpu"));
                var attackers =
                        new ObedientProcess(
                                options.text("load-cpu"),
                                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                                Attackers.class,
                                ServerProcess.log("attackers"),
                                String.valueOf(server.port()))) {
            feel(server); // warms up
            table.row(row("none", feel(server), server));
            int count = options.number("attackers");
            for (var kind : Attackers.Kind.values()) {
                if (kind == Attackers.Kind.STOP) {
                    continue;
                }
                System.err.println(kind);
                attackers.tell(kind + " " + count, count);
                table.row(row(kind.toString(), feel(server), server));
                attackers.tell(Attackers.Kind.STOP + " 0", 0);
                Thread.sleep(1000);
            }
            table.row(row("none, afterwards", feel(server), server));
        }
        table.print();
    }

    private static String[] row(String name, long[] nanos, ServerProcess server)
            throws IOException {
        return new String[] {
            name,
            millis(nanos[nanos.length / 2]),
            millis(nanos[nanos.length * 99 / 100]),
            millis(nanos[nanos.length - 1]),
            "%,d".formatted(Memory.resident(server.pid()) >> 20)
        };
    }

    private static String millis(long nanos) {
        return "%.1f".formatted(nanos / 1e6);
    }

    /** How long the good client's messages took to come back, sorted. */
    private long[] feel(ServerProcess server) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(options.number("seconds")).toNanos();
        var taken = new ArrayList<Long>();
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.setTcpNoDelay(true);
            var output = socket.getOutputStream();
            var input = socket.getInputStream();
            output.write(REQUEST);
            for (int newlines = 0; newlines < 2; ) { // an empty line ends it
                int next = input.read();
                newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
            }
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                output.write(MESSAGE);
                input.readNBytes(ECHO_BYTES);
                taken.add(System.nanoTime() - start);
                Thread.sleep(PAUSE);
            }
        }
        var sorted = taken.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
