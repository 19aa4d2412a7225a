package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.testing.JavaProcess;

/** What happens to who connects when the process has no descriptor left. */
class ExhaustedDescriptorsTest {
    /** Tries, without a descriptor, what has failed for another reason before. */
    static final class Program {
        public static void main(String... arguments) {
            try (var loop = new IOLoop();
                    var client = new TcpClient()) {
                loop.runSync(() -> {
                    tryBoth(client);
                    var all = new ArrayList<FileInputStream>();
                    try {
                        while (true) {
                            all.add(new FileInputStream("/dev/null"));
                        }
                    } catch (IOException exhausted) {
                        System.out.println("exhausted");
                    }
                    tryBoth(client);
                    for (var file : all) {
                        file.close();
                    }
                    return null;
                });
            }
        }

        private static void tryBoth(TcpClient client) {
            told(() -> Async.await(IOStream.connect(new InetSocketAddress("127.0.0.1", 1))));
            told(() -> Async.await(client.connect("127.0.0.1", 1)));
        }

        private static void told(Runnable attempt) {
            try {
                attempt.run();
            } catch (ConnectFailedException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void connectingFailsAndSaysWhy() throws Exception {
        var java = JavaProcess.of(Program.class).command();
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 128; exec \"$@\"", "sh"));
        command.addAll(java);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines().dropWhile(line -> !line.equals("exhausted")).skip(1))
                .as(output)
                .hasSize(2)
                .allMatch(line -> line.startsWith("can't connect to 127.0.0.1:1"))
                .allMatch(line -> line.contains("oo many"));
    }
}
