package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.testing.JavaProcess;

/**
 * Loops that come and go, in a JVM of their own: what a transport leaves behind for the kernel to
 * write to ends the process, or takes the wake-up of a loop that comes later.
 */
class ShortLoopsTest {
    private static final int LOOPS = 400;

    @TempDir private Path directory;

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#transports")
    void loopsThatCloseLeaveNothingToTheKernel(String transport) throws Exception {
        var output = directory.resolve("output");
        var process = start(transport, output);
        try {
            process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> process).join();
            assertThat(process.isAlive()).as("a loop waits for ever").isFalse();
            assertThat(output).content().endsWith("closed " + LOOPS + System.lineSeparator());
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String transport, Path output) throws Exception {
        return JavaProcess.of(ShortLoops.class, transport, Integer.toString(LOOPS))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
