package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU seconds that a process and its descendants have used, as the kernel counts them, in ticks of
 * 10 ms.
 *
 * @param user in the program's own code, without the next two
 * @param kernel in system calls, without the next two
 * @param jit of the JVM's compiler threads
 * @param collector of the JVM's garbage collector
 */
record CpuTimes(double user, double kernel, double jit, double collector) {
    static final CpuTimes NONE = new CpuTimes(0, 0, 0, 0);

    private static final double TICKS_PER_SECOND = 100;
    private static final List<String> COLLECTORS =
            List.of("VM Thread", "GC Thread", "G1 ", "ZWorker", "ZDriver");

    /** As of now. */
    static CpuTimes of(long pid) throws IOException {
        var sum = NONE;
        var root = ProcessHandle.of(pid).orElseThrow(() -> new IOException("no process " + pid));
        for (var process : Stream.concat(Stream.of(root), root.descendants()).toList()) {
            sum = sum.plus(ofOne(Path.of("/proc", String.valueOf(process.pid()))));
        }
        return sum;
    }

    private static CpuTimes ofOne(Path process) throws IOException {
        var all = Stat.read(process.resolve("stat"));
        double user = all.user();
        double kernel = all.kernel();
        double jit = 0;
        double collector = 0;
        try (var threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (var thread : threads) {
                var stat = Stat.read(thread.resolve("stat"));
                boolean compiler = stat.name().contains("CompilerThre");
                if (compiler) {
                    jit += stat.user() + stat.kernel();
                } else if (COLLECTORS.stream().anyMatch(stat.name()::startsWith)) {
                    collector += stat.user() + stat.kernel();
                } else {
                    continue;
                }
                user -= stat.user();
                kernel -= stat.kernel();
            }
        }
        return new CpuTimes(user, kernel, jit, collector);
    }

    double total() {
        return user + kernel + jit + collector;
    }

    CpuTimes plus(CpuTimes other) {
        return new CpuTimes(
                user + other.user,
                kernel + other.kernel,
                jit + other.jit,
                collector + other.collector);
    }

    CpuTimes minus(CpuTimes other) {
        return new CpuTimes(
                user - other.user,
                kernel - other.kernel,
                jit - other.jit,
                collector - other.collector);
    }

    /** Seconds in which a processor was busy, with anything, since the machine started. */
    static double busySeconds(String processor) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/stat"))) {
            var words = line.split("\\s+");
            if (words[0].equals("cpu" + processor)) {
                long ticks = 0;
                for (int i = 1; i <= 8; i++) {
                    boolean idle = i == 4 || i == 5; // idle, waiting for a disk
                    ticks += idle ? 0 : Long.parseLong(words[i]);
                }
                return ticks / TICKS_PER_SECOND;
            }
        }
        throw new IOException("no processor " + processor);
    }

    /** A line of /proc/PID/stat: name in parentheses, which may hold anything, then fields. */
    private record Stat(String name, double user, double kernel) {
        private static final int USER = 11;
        private static final int KERNEL = 12;

        static Stat read(Path file) throws IOException {
            var line = Files.readString(file);
            int end = line.lastIndexOf(')');
            var fields = line.substring(end + 2).split(" ");
            return new Stat(
                    line.substring(line.indexOf('(') + 1, end),
                    Long.parseLong(fields[USER]) / TICKS_PER_SECOND,
                    Long.parseLong(fields[KERNEL]) / TICKS_PER_SECOND);
        }
    }
}
