package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Subscribers;

/** Idle WebSockets over more servers and clients, for a process may open only so many files. */
final class WorkerIdle {
    private static final int PER_WORKER = 18_000;
    private static final int AT_ONCE = 3;

    /** Many processes share two processors: compilers are to take little. */
    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-Xms32m");

    private final Options options;
    private final int connections;
    private final Duration hold;

    WorkerIdle(Options options) {
        this.options = options;
        this.connections = options.number("connections");
        this.hold = Duration.ofSeconds(options.number("hold"));
    }

    /** A server and who is connected to it. */
    private record Worker(ServerProcess server, ObedientProcess clients, int connections)
            implements AutoCloseable {
        @Override
        public void close() {
            clients.close();
            server.close();
        }
    }

    void run() throws IOException, InterruptedException {
        var workers = Collections.synchronizedList(new ArrayList<Worker>());
        try {
            long available = memory("MemAvailable");
            long slab = memory("Slab");
            long start = System.nanoTime();
            var counts = new ArrayList<Integer>();
            for (int left = connections; left > 0; left -= PER_WORKER) {
                counts.add(Math.min(left, PER_WORKER));
            }
            inParallel(counts, count -> workers.add(start(count)));
            System.err.printf(
                    "%d servers in %.0f s, %,d MB used%n",
                    workers.size(),
                    (System.nanoTime() - start) / 1e9,
                    available - memory("MemAvailable") >> 20);
            measure(workers, memory("MemAvailable"), slab);
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private Worker start(int connections) throws IOException, InterruptedException {
        var processors = options.text("server-cpu") + "," + options.text("load-cpu");
        var flags = new ArrayList<>(SMALL);
        flags.add("-Xmx160m");
        var server =
                ServerProcess.start(
                        new Servers(options, flags.toArray(String[]::new)).demo(), processors);
        flags.addAll(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
        var clients =
                new ObedientProcess(
                        processors,
                        flags,
                        Subscribers.class,
                        ServerProcess.log("clients"),
                        String.valueOf(server.port()));
        return new Worker(server, clients, connections);
    }

    private void measure(List<Worker> workers, long available, long slab)
            throws IOException, InterruptedException {
        long before = resident(workers);
        long start = System.nanoTime();
        inParallel(
                workers,
                worker ->
                        worker.clients()
                                .tell("echo " + worker.connections(), worker.connections()));
        double opening = (System.nanoTime() - start) / 1e9;
        long resident = resident(workers) - before;
        System.err.printf("%,d connections in %.0f s%n", connections, opening);

        double cpu = cpu(workers);
        Thread.sleep(hold);
        cpu = cpu(workers) - cpu;
        int alive = 0;
        for (var worker : workers) {
            alive += worker.clients().tell("alive 0");
        }
        System.out.printf(
                "Idle WebSockets on /echo over %d servers, %,d connections%n%n",
                workers.size(), connections);
        var table = new Table("", "all", "per connection");
        table.row("alive after %d s".formatted(hold.toSeconds()), "%,d".formatted(alive), "");
        row(table, "servers' RSS bytes", resident);
        row(table, "kernel's slab bytes, both ends", memory("Slab") - slab);
        row(table, "memory less, with clients", available - memory("MemAvailable"));
        table.row("handshakes a second", "%,.0f".formatted(connections / opening), "");
        table.row(
                "servers' CPU meanwhile",
                "%.1f %% of a core".formatted(100 * cpu / hold.toSeconds()),
                "");
        table.print();
    }

    @FunctionalInterface
    private interface Step<T> {
        void take(T one) throws IOException, InterruptedException;
    }

    /** Some at a time, for one alone mostly waits. */
    private static <T> void inParallel(List<T> all, Step<T> step)
            throws IOException, InterruptedException {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var steps = new ArrayList<Callable<T>>();
            for (var one : all) {
                steps.add(() -> {
                    step.take(one);
                    return one;
                });
            }
            for (var done : threads.invokeAll(steps)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void row(Table table, String name, long bytes) {
        table.row(name, "%,d".formatted(bytes), MemoryReport.each(bytes, connections));
    }

    private static long resident(List<Worker> workers) throws IOException {
        long sum = 0;
        for (var worker : workers) {
            sum += Memory.resident(worker.server().pid());
        }
        return sum;
    }

    private static double cpu(List<Worker> workers) throws IOException {
        double sum = 0;
        for (var worker : workers) {
            sum += CpuTimes.of(worker.server().pid()).total();
        }
        return sum;
    }

    /** A line of what the kernel says of the machine's memory, in bytes. */
    private static long memory(String name) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            var words = line.split("\\s+");
            if (words[0].equals(name + ":")) {
                return Long.parseLong(words[1]) * 1024;
            }
        }
        throw new IOException("no " + name + " in /proc/meminfo");
    }
}
