package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.MisuseException;
import whirlwind.benchmarks.peer.Gets;

/** How the clients to be measured are started. */
final class Clients {
    /** In the order in which tables show them, the one that the others are compared to first. */
    static final List<String> ALL =
            List.of(
                    "netty",
                    "whirlwind",
                    "whirlwind-futures",
                    "vertx",
                    "whirlwind-curl",
                    "tornado-curl");

    private static final String TORNADO = "tornado-curl";
    private static final String TORNADO_PROGRAM = "tornado_gets.py";

    private final List<String> jvm;
    private final @Nullable List<String> tornado;

    /** With flags for the clients' JVMs. */
    Clients(List<String> jvm) {
        this.jvm = jvm;
        var python = pythonWithTornado();
        this.tornado =
                python == null
                        ? null
                        : List.of(
                                python, Children.extracted(Gets.class, TORNADO_PROGRAM).toString());
    }

    /** Those of the names whose programs are here; says which are not. */
    List<String> available(List<String> names) {
        for (var name : names) {
            if (!ALL.contains(name)) {
                throw new MisuseException(
                        "no client " + name + " (" + String.join(", ", ALL) + ")");
            }
        }
        if (tornado != null || !names.contains(TORNADO)) {
            return names;
        }
        System.out.printf(
                "%s is left out: no Python with its parts (on Debian: apt-get install"
                        + " python3-tornado python3-pycurl)%n%n",
                TORNADO);
        return names.stream().filter(name -> !name.equals(TORNADO)).toList();
    }

    List<String> command(String name, String url, int inFlight) {
        if (name.equals(TORNADO) && tornado != null) {
            var command = new ArrayList<>(tornado);
            command.addAll(List.of(url, String.valueOf(inFlight)));
            return command;
        }
        return Servers.java(jvm, Gets.class, name, url, String.valueOf(inFlight));
    }

    /** The system's comes first: what the system's packages bring is there. */
    private static @Nullable String pythonWithTornado() {
        for (var python : new String[] {"/usr/bin/python3", Children.find("python3")}) {
            if (python != null && Files.isExecutable(Path.of(python)) && hasTornado(python)) {
                return python;
            }
        }
        return null;
    }

    private static boolean hasTornado(String python) {
        try {
            var said = Children.run(List.of(python, "-c", "import pycurl, tornado; print('both')"));
            return said.strip().equals("both");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
