package whirlwind.demos.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import whirlwind.loop.PeriodicCallback;

/**
 * One line of a terminal that is written again and again, while something goes on. Where the output
 * is no terminal only the last state is printed.
 */
public final class LiveLine implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final String CLEAR_REST_OF_LINE = "\033[K";

    private final PrintStream out;
    private final Supplier<String> text;
    private final PeriodicCallback redraw = new PeriodicCallback(this::draw, PERIOD);
    private final boolean terminal;

    /** Starts, on the current loop. */
    public LiveLine(PrintStream out, Supplier<String> text) {
        this.out = out;
        this.text = text;
        this.terminal = System.console() != null && System.console().isTerminal();
        if (terminal) {
            redraw.start();
        }
    }

    private void draw() {
        out.print("\r" + text.get() + CLEAR_REST_OF_LINE);
        out.flush();
    }

    /** Ends the line with what is true now. */
    @Override
    public void close() {
        redraw.stop();
        if (terminal) {
            draw();
            out.println();
        } else {
            out.println(text.get());
        }
    }
}
