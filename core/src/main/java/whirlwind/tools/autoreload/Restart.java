package whirlwind.tools.autoreload;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import whirlwind.process.CommandLine;

/** Ends this process and begins the program anew. */
final class Restart {
    /** The exit status by which a program asks the launcher to be started again. */
    static final int STATUS = 99;

    /** The environment variable that tells a program of its launcher, by the process id. */
    static final String LAUNCHER = "WHIRLWIND_LAUNCHER";

    private static final int TERMINATED = 128 + 15;

    private Restart() {}

    /** The launcher whose child this process is. One inherited through others doesn't count. */
    static Optional<ProcessHandle> launcher() {
        var pid = System.getenv(LAUNCHER);
        return ProcessHandle.current()
                .parent()
                .filter(parent -> String.valueOf(parent.pid()).equals(pid));
    }

    /** Whether this process can be restarted. */
    static boolean isPossible() {
        return Exec.isPossible() || launcher().isPresent();
    }

    /** Ends this process when its launcher is gone, however that came about. */
    static void endWithLauncher() {
        launcher().ifPresent(launcher -> launcher.onExit().thenRun(() -> System.exit(TERMINATED)));
    }

    /**
     * Returns soon, and the process ends.
     *
     * @param watched what a change of counts if the program fails when it starts
     * @throws IOException if the process can't be replaced; it goes on then
     */
    static void begin(Set<WatchedPath> watched) throws IOException {
        if (launcher().isPresent()) {
            // Shutdown hooks may need the loop that runs this.
            Thread.ofPlatform().name("whirlwind-restart").start(() -> System.exit(STATUS));
        } else {
            var command = launch(watched, CommandLine.current());
            System.out.flush();
            System.err.flush();
            Exec.replaceBy(command);
        }
    }

    /** The launcher, in a JVM that takes little memory, and what it is to run. */
    private static List<String> launch(Set<WatchedPath> watched, List<String> program) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", location().toString(), Main.class.getName()));
        command.add(Main.UNTIL_SUCCESS);
        for (var path : watched) {
            command.add(path.codeOnly() ? Main.CODE : Main.WATCH);
            command.add(path.path().toString());
        }
        command.add(Main.COMMAND);
        command.addAll(program);
        return command;
    }

    /** The jar or folder of this library. */
    private static Path location() {
        var source = Main.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getProtocol().equals("file")) {
            throw new IllegalStateException("the launcher is in no jar that a JVM could start");
        }
        return Path.of(URI.create(source.getLocation().toString()));
    }
}
