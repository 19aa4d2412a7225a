package whirlwind.benchmarks.process;

import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.Table;

/** Prints memory per piece of something. */
final class MemoryReport {
    /** Less than this per piece is noise: a class that happened to be loaded meanwhile. */
    private static final int LEAST_BYTES = 2;

    private MemoryReport() {}

    static String each(@Nullable Long bytes, int pieces) {
        return bytes == null ? "-" : "%,d".formatted(Math.round((double) bytes / pieces));
    }

    /** The classes that the memory went to. */
    static void classes(String title, Memory memory, int pieces, int count) {
        if (memory.live().isEmpty()) {
            return;
        }
        System.out.printf("%s, where the heap bytes go%n%n", title);
        var table = new Table("class", "objects each", "bytes/object", "bytes each");
        for (var entry : memory.top(count, (long) LEAST_BYTES * pieces)) {
            var live = entry.live();
            table.row(
                    "`" + entry.type() + "`",
                    "%.2f".formatted((double) live.objects() / pieces),
                    live.objects() == 0 ? "-" : String.valueOf(live.bytes() / live.objects()),
                    each(live.bytes(), pieces));
        }
        table.print();
    }
}
