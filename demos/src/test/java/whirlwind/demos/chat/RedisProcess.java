package whirlwind.demos.chat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import whirlwind.demos.Eventually;
import whirlwind.demos.FreePort;

/** A Redis of the test's own, which keeps nothing. */
final class RedisProcess implements AutoCloseable {
    private final int port;
    private final Process process;

    RedisProcess() throws IOException {
        port = FreePort.choose();
        var command = new ProcessBuilder("redis-server", "--port", "" + port, "--save", "");
        try {
            process = command.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new AssertionError(
                    "This test needs redis-server: install it (Debian's package has that name).",
                    e);
        }
        Eventually.becomes(true, this::answers);
    }

    private boolean answers() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
    }
}
