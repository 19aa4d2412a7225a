package whirlwind.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/** A running server. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a server on some processors and returns when it accepts connections. */
    static ServerProcess start(Servers.Server server, String processors)
            throws IOException, InterruptedException {
        int port = freePort();
        var log = log(server.name());
        var process = Children.startQuiet(processors, server.command(port), log);
        var started = new ServerProcess(process, port);
        try {
            started.awaitAccepting(log);
            return started;
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    /** Where the output of a process goes; deleted when the benchmark ends. */
    static File log(String name) throws IOException {
        var log = File.createTempFile("whirlwind-bench-" + name + "-", ".log");
        log.deleteOnExit();
        return log;
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        }
    }

    private void awaitAccepting(File log) throws IOException, InterruptedException {
        var limit = Instant.now().plus(START_LIMIT);
        while (!accepts()) {
            if (!process.isAlive() || Instant.now().isAfter(limit)) {
                var said = Files.readString(log.toPath());
                throw new IOException("the server did not start; it said: " + said);
            }
            Thread.sleep(POLL);
        }
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    void pin(String processors) throws IOException, InterruptedException {
        Children.pin(pid(), processors);
    }

    @Override
    public void close() {
        Children.stop(process);
    }
}
