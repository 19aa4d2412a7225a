package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.IOLoop;
import whirlwind.testing.JavaProcess;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartReminderTest {
    private static final String REMINDER = "IOLoop.current().start() is what runs the loop";

    /** {@code [start]}: listens, and perhaps starts the loop, for a moment. */
    static final class Program {
        private Program() {}

        public static void main(String... arguments) {
            new Application("/", onGet(h -> h.write("hello"))).listen("127.0.0.1", 0);
            new Application("/", onGet(h -> h.write("again"))).listen("127.0.0.1", 0);
            if (arguments.length > 0) {
                var loop = IOLoop.current();
                loop.callLater(Duration.ofMillis(1), loop::stop);
                loop.start();
            }
            System.out.println("ending");
        }
    }

    private static String output(String... arguments) throws IOException {
        var process = JavaProcess.of(Program.class, arguments).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aProgramThatForgetsToStartItsLoopIsReminded() throws Exception {
        assertThat(output()).containsOnlyOnce(REMINDER);
    }

    @Test
    void aProgramThatHasRunItsLoopIsNot() throws Exception {
        assertThat(output("start")).contains("ending").doesNotContain(REMINDER);
    }
}
