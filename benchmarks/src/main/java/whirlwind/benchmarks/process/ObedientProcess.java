package whirlwind.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.util.List;

/** A program of ours that answers each line it is told with a line that has a number. */
final class ObedientProcess implements AutoCloseable {
    private final Process process;

    /** Runs a class of this project in a JVM of its own. */
    ObedientProcess(String processors, List<String> jvm, Class<?> main, File log, String... args)
            throws IOException {
        this(processors, Servers.java(jvm, main, args), log);
    }

    /** Runs such a program by a command of its own. */
    ObedientProcess(String processors, List<String> command, File log) throws IOException {
        process = Children.start(processors, command, log);
    }

    long pid() {
        return process.pid();
    }

    /** Tells a line and waits for the answer. */
    int tell(String line) throws IOException {
        var writer = process.outputWriter();
        writer.write(line + "\n");
        writer.flush();
        var answer = process.inputReader().readLine();
        if (answer == null) {
            throw new IOException("'" + line + "' was not answered: the process ended");
        }
        return Integer.parseInt(answer);
    }

    /** Tells a line and insists on an answer. */
    void tell(String line, int expected) throws IOException {
        int answer = tell(line);
        if (answer != expected) {
            throw new IOException(
                    "'%s' went well %d times (expected %d)".formatted(line, answer, expected));
        }
    }

    @Override
    public void close() {
        Children.stop(process);
    }
}
