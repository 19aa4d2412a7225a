package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs programs for which the system's resolver asks a name server on loopback: with a {@code
 * resolv.conf} of their own, in a mount namespace of their own. Takes root, on Linux.
 */
final class SystemNames {
    /** Where the name server is: an address of loopback whose port 53 nobody else has. */
    static final String SERVER = "127.53.53.53";

    private static final String IN_PLACE = "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";

    private final Path settings;

    SystemNames() throws IOException {
        settings = Files.createTempFile("whirlwind-bench-", "-resolv.conf");
        settings.toFile().deleteOnExit();
        Files.writeString(settings, "nameserver " + SERVER + "\n");
    }

    /** The command for a program with that resolver. */
    List<String> command(List<String> program) {
        var command = new ArrayList<>(List.of(Children.program("unshare"), "--mount"));
        command.addAll(List.of("sh", "-c", IN_PLACE, settings.toString()));
        command.addAll(program);
        return command;
    }

    /** Whether it works here; the name server must be running. */
    boolean work() throws IOException, InterruptedException {
        return Children.find("unshare") != null
                && Children.find("getent") != null
                && Children.run(command(List.of("getent", "ahostsv4", "probe.test")))
                        .startsWith("10.");
    }
}
