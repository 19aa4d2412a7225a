package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a process holds after a full collection.
 *
 * @param live live objects by class; empty if the process is no JVM
 * @param residentBytes its resident memory
 */
record Memory(Map<String, Live> live, long residentBytes) {
    private static final Pattern HISTOGRAM_LINE =
            Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Gaps that the serial collector leaves between objects and lists as if they were some. */
    private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

    /** Objects of one class. */
    record Live(long objects, long bytes) {
        static final Live NONE = new Live(0, 0);

        Live minus(Live other) {
            return new Live(objects - other.objects, bytes - other.bytes);
        }
    }

    /** A class and what changed of it. */
    record Entry(String type, Live live) {}

    /** Collects the garbage of a process and looks. */
    static Memory of(long pid) throws IOException, InterruptedException {
        var live = new HashMap<String, Live>();
        if (isJvm(pid)) {
            jcmd(pid, "GC.run"); // and once more for what cleaners have let go of
            for (var line : jcmd(pid, "GC.class_histogram").lines().toList()) {
                var match = HISTOGRAM_LINE.matcher(line);
                if (match.matches() && !match.group(3).equals(FILLER)) {
                    var objects = Long.parseLong(match.group(1));
                    var bytes = Long.parseLong(match.group(2));
                    live.put(match.group(3), new Live(objects, bytes));
                }
            }
        }
        return new Memory(live, resident(pid));
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        return Children.run(List.of(Children.jdkTool("jcmd"), String.valueOf(pid), command));
    }

    private static boolean isJvm(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/java"))
                .isPresent();
    }

    /** The resident memory of a process, in bytes. */
    static long resident(long pid) throws IOException {
        var status = Files.readString(Path.of("/proc", String.valueOf(pid), "status"));
        var match = RESIDENT.matcher(status);
        if (!match.find()) {
            throw new IOException("no VmRSS of process " + pid);
        }
        return Long.parseLong(match.group(1)) * 1024;
    }

    /** Live bytes of the classes that are asked for. */
    long liveBytes(Predicate<String> types) {
        return live.entrySet().stream()
                .filter(entry -> types.test(entry.getKey()))
                .mapToLong(entry -> entry.getValue().bytes())
                .sum();
    }

    /** Live bytes of all classes; null where that can't be known. */
    @Nullable Long liveBytes() {
        return live.isEmpty() ? null : liveBytes(_ -> true);
    }

    Memory minus(Memory before) {
        var difference = new HashMap<>(live);
        before.live.forEach(
                (type, was) -> difference.put(type, live.getOrDefault(type, Live.NONE).minus(was)));
        return new Memory(difference, residentBytes - before.residentBytes);
    }

    /** The classes with the most bytes, or the most bytes less, down to some number of bytes. */
    List<Entry> top(int count, long leastBytes) {
        return live.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .filter(entry -> Math.abs(entry.live().bytes()) >= leastBytes)
                .sorted(Comparator.comparingLong((Entry entry) -> -Math.abs(entry.live().bytes())))
                .limit(count)
                .toList();
    }
}
