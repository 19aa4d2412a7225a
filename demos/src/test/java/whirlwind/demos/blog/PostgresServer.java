package whirlwind.demos.blog;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import whirlwind.demos.FreePort;

/**
 * The system's PostgreSQL, run in a temporary folder on a free port until the JVM ends; started
 * when it is first needed. It refuses to be run by root, who has it run by the user that the
 * package makes.
 */
final class PostgresServer {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final String READY = "database system is ready to accept connections";

    private final Path programs = programs();
    private final Path folder;
    private final int port;
    private final Process process;
    private int databases;

    private static final class Running {
        static final PostgresServer SERVER = new PostgresServer();
    }

    private PostgresServer() {
        try {
            folder = Files.createTempDirectory("blog-postgresql");
            if (isRoot()) {
                var users = folder.getFileSystem().getUserPrincipalLookupService();
                Files.setOwner(folder, users.lookupPrincipalByName("postgres"));
            }
            run("initdb", "-D", data(), "-U", "blog", "-A", "trust", "-E", "UTF8", "--no-sync");
            port = FreePort.choose();
            process = start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
    }

    /** The URL of what to its users is a new and empty database. */
    static synchronized String newDatabase() {
        var server = Running.SERVER;
        var name = "blog" + ++server.databases;
        var url = "jdbc:postgresql://127.0.0.1:%d/postgres?user=blog".formatted(server.port);
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("create schema " + name); // much cheaper than a database
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return url + "&currentSchema=" + name;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Process start() throws IOException {
        var server =
                builder(
                                "postgres",
                                "-D",
                                data(),
                                "-p",
                                "" + port,
                                "-c",
                                "listen_addresses=127.0.0.1",
                                "-c",
                                "unix_socket_directories=",
                                "-c",
                                "fsync=off",
                                "-c",
                                "lc_messages=C")
                        .start();
        var log = server.inputReader();
        var said = new ArrayList<String>();
        for (var line = log.readLine(); ; line = log.readLine()) {
            if (line == null) {
                throw new AssertionError("PostgreSQL ended: " + said);
            }
            said.add(line);
            if (line.contains(READY)) {
                Thread.ofVirtual().start(() -> drain(log));
                return server;
            }
        }
    }

    private static void drain(BufferedReader log) {
        try {
            while (log.readLine() != null) {
                // what it says of wrong statements, which tests send on purpose
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    private void run(String program, String... arguments) {
        try {
            var process = builder(program, arguments).start();
            var output = String.join("\n", process.inputReader().readAllLines());
            Assertions.assertEquals(0, process.waitFor(), output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ProcessBuilder builder(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    }

    private void stop() {
        try {
            run("pg_ctl", "-D", data(), "-m", "immediate", "stop");
            process.waitFor();
            try (var files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Debian keeps those of each version in a folder of its own, and not on the PATH. */
    private static Path programs() {
        var path = Arrays.stream(System.getenv("PATH").split(":")).map(Path::of);
        return Stream.concat(debian(), path)
                .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                .findFirst()
                .orElseGet(() ->
                        Assertions.fail(
                                "This test needs PostgreSQL's server, with initdb: install it"
                                        + " (Debian's package is postgresql)."));
    }

    private static Stream<Path> debian() {
        try (var versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
