package whirlwind.redis;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import whirlwind.testing.FreePort;

/** A Redis of the test's own, in a process and a folder of its own, to be mistreated. */
final class RedisServer implements AutoCloseable {
    /** What it writes down of its data, which is what it has again after a restart. */
    enum Persistence {
        /** Everything, before it answers. */
        LOG,
        /** Snapshots, when asked for. */
        SNAPSHOTS,
        NONE
    }

    private final Path folder;
    private final int port;
    private final Persistence persistence;
    private Process process;

    private RedisServer(Persistence persistence) throws IOException {
        this.folder = Files.createTempDirectory("whirlwind-redis");
        this.port = FreePort.choose();
        this.persistence = persistence;
    }

    static RedisServer start(Persistence persistence) throws Exception {
        var server = new RedisServer(persistence);
        server.start();
        return server;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, or starts it again, and waits until it answers. */
    void start() throws Exception {
        var command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
        command.addAll(List.of("--logfile", folder.resolve("log").toString()));
        if (persistence == Persistence.LOG) {
            command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
        }
        process = new ProcessBuilder(command).inheritIO().start();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new IOException(
                        "redis-server has ended: " + Files.readString(folder.resolve("log")));
            }
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isReady() {
        try {
            return ask("PING").equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /** The first line of the answer to a command. */
    String ask(String command) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var line = new StringBuilder();
            for (int b; (b = socket.getInputStream().read()) > '\r'; ) {
                line.append((char) b);
            }
            return line.toString();
        }
    }

    /** Ends it without a word. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it stand still, with its connections open. */
    void stall() throws Exception {
        signal("STOP");
    }

    void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        if (process.isAlive()) {
            var kill = new ProcessBuilder("kill", "-" + name, "" + process.pid());
            kill.inheritIO().start().waitFor();
        }
    }

    @Override
    public void close() throws Exception {
        kill();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
