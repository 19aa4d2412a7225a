package whirlwind.fetch;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import whirlwind.loop.IOLoop;

/** A line on a terminal that grows while a file comes. */
final class Progress implements AutoCloseable {
    private static final Duration PAINT_EVERY = Duration.ofMillis(100);
    private static final int WIDTH = 30;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    private final PrintStream err;
    private final IOLoop loop;
    private final long total;
    private final Instant start;
    private Instant painted;
    private long received;

    /**
     * @param total the bytes that are announced, or -1
     */
    Progress(PrintStream err, IOLoop loop, long total) {
        this.err = err;
        this.loop = loop;
        this.total = total;
        this.start = loop.time();
        this.painted = start;
        paint();
    }

    void add(int bytes) {
        received += bytes;
        var now = loop.time();
        if (Duration.between(painted, now).compareTo(PAINT_EVERY) >= 0) {
            painted = now;
            paint();
        }
    }

    private void paint() {
        double seconds = Duration.between(start, loop.time()).toNanos() / 1e9;
        var rate = seconds > 0 ? size((long) (received / seconds)) + "/s" : "";
        err.print("\r" + (total > 0 ? bar() : size(received)) + "  " + rate + "\u001b[K");
        err.flush();
    }

    private String bar() {
        int done = (int) Math.min(WIDTH, WIDTH * received / total);
        return "[%s%s] %3d %%  %s of %s"
                .formatted(
                        "#".repeat(done),
                        ".".repeat(WIDTH - done),
                        Math.min(100, 100 * received / total),
                        size(received),
                        size(total));
    }

    private static String size(long bytes) {
        if (bytes >= GIB) {
            return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) GIB);
        }
        if (bytes >= MIB) {
            return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) MIB);
        }
        return bytes >= KIB
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / (double) KIB)
                : bytes + " B";
    }

    /** Leaves the line as it was last, and ends it. */
    @Override
    public void close() {
        paint();
        err.println();
    }
}
