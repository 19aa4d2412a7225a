package whirlwind.benchmarks.process;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Attackers.Kind;
import whirlwind.benchmarks.peer.RawSocket;

/** What bad clients do to a good one, and to the memory of a server that has little of it. */
public final class Attacks {
    private static final byte[] MESSAGE =
            RawSocket.frame(RawSocket.TEXT, "hi".getBytes(StandardCharsets.US_ASCII));

    private static final Duration PAUSE = Duration.ofMillis(5);

    /** So many that each is told of each: a million frames. */
    private static final int PRESENT = 1000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Options options;
    private final ServerProcess server;
    private final Crowd crowd;
    private final Table table =
            new Table("attack", "times", "p50 ms", "p99 ms", "max ms", "MB half-way", "MB");

    private Attacks(Options options, ServerProcess server, Crowd crowd) {
        this.options = options;
        this.server = server;
        this.crowd = crowd;
    }

    /** When a part of a measurement ends. */
    @FunctionalInterface
    private interface End {
        boolean isReached() throws IOException;
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("only", null, "one attack, as in presence_storm"));
        known.add(new Option("attackers", "50", "at once"));
        known.add(new Option("seconds", "4", "of each attack"));
        known.add(new Option("storm", "50000", "clients that come again, in all"));
        known.add(new Option("crowd", "17000", "of them at once"));
        known.add(new Option("heap", "256", "megabytes of the server"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("attacks", known, arguments);
        if (options == null) {
            return;
        }
        var heap = "-Xmx" + options.number("heap") + "m";
        var servers = new Servers(options, heap, "-XX:+ExitOnOutOfMemoryError");
        try (var server = ServerProcess.start(servers.target(), options.text("server-cpu"));
                var crowd = new Crowd(options.text("load-cpu"), server.port())) {
            new Attacks(options, server, crowd).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        feel(new ArrayList<>(), after(1)); // warms up
        calm("none");
        for (var kind : kinds()) {
            System.err.println(kind);
            try {
                if (kind.isStorm()) {
                    storm(kind);
                } else {
                    attack(kind);
                }
            } catch (EOFException | SocketException e) {
                throw new IOException("the server did not live through this: " + kind, e);
            }
            crowd.stop();
            Thread.sleep(1000);
        }
        calm("none, afterwards");
        table.print();
    }

    private List<Kind> kinds() {
        var only = options.find("only");
        return only == null
                ? List.of(Kind.values())
                : List.of(Kind.valueOf(only.toUpperCase(Locale.ROOT)));
    }

    private void calm(String name) throws IOException, InterruptedException {
        var taken = new ArrayList<Long>();
        feel(taken, after(1));
        row(name, "", taken, residentMegabytes());
    }

    private void attack(Kind kind) throws IOException, InterruptedException {
        crowd.start(kind, options.number("attackers"));
        var taken = new ArrayList<Long>();
        feel(taken, after(0.5));
        var early = residentMegabytes();
        feel(taken, after(0.5));
        row(kind.toString(), "%,d".formatted(crowd.times()), taken, early);
    }

    /** All are dropped, and come again as fast as they can; some times. */
    private void storm(Kind kind) throws IOException, InterruptedException {
        int all = options.number("crowd");
        int storms = Math.ceilDiv(options.number("storm"), all);
        int size = kind == Kind.PRESENCE_STORM ? Math.min(all, PRESENT) : all;
        crowd.start(kind, size);
        crowd.awaitTimes(size, PATIENCE);
        var taken = new ArrayList<Long>();
        var seconds = new StringJoiner(", ");
        var early = "";
        for (int i = 1; i <= storms; i++) {
            int back = size * (i + 1);
            long start = System.nanoTime();
            drop();
            feel(taken, () -> crowd.times() >= back);
            seconds.add("%.1f".formatted((System.nanoTime() - start) / 1e9));
            early = i <= Math.ceilDiv(storms, 2) ? residentMegabytes() : early;
        }
        row(kind.toString(), "%,d".formatted(size * storms), taken, early);
        System.out.printf("%s: all %,d were back after %s s%n%n", kind, size, seconds);
    }

    private void drop() throws IOException {
        try (var socket = new RawSocket("127.0.0.1", server.port())) {
            socket.post("/drop", "{}", 200);
        }
    }

    /** After a part of the time that an attack takes. */
    private End after(double part) {
        long end = System.nanoTime() + (long) (part * 1e9 * options.number("seconds"));
        return () -> System.nanoTime() - end >= 0;
    }

    private void row(String name, String times, List<Long> taken, String early) throws IOException {
        var sorted = taken.stream().mapToLong(Long::longValue).sorted().toArray();
        table.row(
                name,
                times,
                millis(sorted[sorted.length / 2]),
                millis(sorted[sorted.length * 99 / 100]),
                millis(sorted[sorted.length - 1]),
                early,
                residentMegabytes());
    }

    private String residentMegabytes() throws IOException {
        return "%,d".formatted(Memory.resident(server.pid()) >> 20);
    }

    private static String millis(long nanos) {
        return "%.1f".formatted(nanos / 1e6);
    }

    /** How long the good client's messages take to come back. */
    private void feel(List<Long> taken, End end) throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        try (var socket = new RawSocket("127.0.0.1", server.port())) {
            socket.upgrade("/echo");
            do {
                long start = System.nanoTime();
                socket.send(MESSAGE);
                socket.read();
                long now = System.nanoTime();
                taken.add(now - start);
                if (now > limit) {
                    throw new IOException("the attack took more than " + PATIENCE);
                }
                Thread.sleep(PAUSE);
            } while (!end.isReached());
        }
    }
}
