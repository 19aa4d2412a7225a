package whirlwind.benchmarks.process;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Attackers;
import whirlwind.benchmarks.peer.Attackers.Kind;
import whirlwind.benchmarks.peer.RawSocket;

/** What bad clients do to a good one, and to the memory of a server that has little of it. */
public final class Attacks {
    private static final byte[] MESSAGE =
            RawSocket.frame(RawSocket.TEXT, "hi".getBytes(StandardCharsets.US_ASCII));

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Options options;
    private final ServerProcess server;
    private final ObedientProcess attackers;

    private Attacks(Options options, ServerProcess server, ObedientProcess attackers) {
        this.options = options;
        this.server = server;
        this.attackers = attackers;
    }

    /** When a part of a measurement ends. */
    @FunctionalInterface
    private interface End {
        boolean isReached() throws IOException;
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("attackers", "20", "at once"));
        known.add(new Option("seconds", "4", "of each attack"));
        known.add(new Option("storm", "50000", "clients that come again, in all"));
        known.add(new Option("heap", "256", "megabytes of the server"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("attacks", known, arguments);
        if (options == null) {
            return;
        }
        var heap = "-Xmx" + options.number("heap") + "m";
        var servers = new Servers(options, heap, "-XX:+ExitOnOutOfMemoryError");
        try (var server = ServerProcess.start(servers.target(), options.text("server-cpu"));
                var attackers =
                        new ObedientProcess(
                                options.text("load-cpu"),
                                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                                Attackers.class,
                                ServerProcess.log("attackers"),
                                String.valueOf(server.port()))) {
            new Attacks(options, server, attackers).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        var table = new Table("attack", "times", "p50 ms", "p99 ms", "max ms", "MB half-way", "MB");
        feel(new ArrayList<>(), after(1)); // warms up
        table.row(row("none", after(0.5), after(1)));
        int count = options.number("attackers");
        for (var kind : Kind.values()) {
            System.err.println(kind);
            attackers.tell(kind.name() + " " + count, count);
            table.row(
                    kind == Kind.RECONNECT_STORM
                            ? row(kind.toString(), afterTimes(0.5), afterTimes(1))
                            : row(kind.toString(), after(0.5), after(1)));
            attackers.tell("stop 0", 0);
            Thread.sleep(1000);
        }
        table.row(row("none, afterwards", after(0.5), after(1)));
        table.print();
    }

    /** After a part of the time that an attack takes. */
    private End after(double part) {
        long end = System.nanoTime() + (long) (part * 1e9 * options.number("seconds"));
        return () -> System.nanoTime() - end >= 0;
    }

    /** After a part of the clients that a storm has. */
    private End afterTimes(double part) {
        int end = (int) (part * options.number("storm"));
        return () -> times() >= end;
    }

    private int times() throws IOException {
        return attackers.tell("times 0");
    }

    private String[] row(String name, End halfWay, End end)
            throws IOException, InterruptedException {
        var taken = new ArrayList<Long>();
        String early;
        try {
            feel(taken, halfWay);
            early = residentMegabytes();
            feel(taken, end);
        } catch (EOFException | SocketException e) {
            throw new IOException("the server did not live through this: " + name, e);
        }
        var sorted = taken.stream().mapToLong(Long::longValue).sorted().toArray();
        return new String[] {
            name,
            name.startsWith("none") ? "" : "%,d".formatted(times()),
            millis(sorted[sorted.length / 2]),
            millis(sorted[sorted.length * 99 / 100]),
            millis(sorted[sorted.length - 1]),
            early,
            residentMegabytes()
        };
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
