package whirlwind.tools.autoreload;

import static whirlwind.web.Verbs.onGet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;

/** What {@link AutoreloadTest} restarts. Says its process id and its arguments. */
final class ReloadProgram {
    private ReloadProgram() {}

    public static void main(String... arguments) throws IOException {
        System.out.printf(
                "started %d %s %s%n",
                ProcessHandle.current().pid(), System.getProperty("kept"), List.of(arguments));
        switch (arguments[0]) {
            case "serve" -> {
                List.of(arguments).stream().skip(2).map(Path::of).forEach(Autoreload::watch);
                serve(Integer.parseInt(arguments[1]));
            }
            case "wait" -> Autoreload.awaitChange();
            case "exit" -> System.exit(Integer.parseInt(Files.readString(Path.of(arguments[1]))));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Ends at once when it is told to, as a JVM does by itself. */
    private static void serve(int port) {
        Autoreload.addReloadHook(() -> {
            throw new IllegalStateException("a hook that fails");
        });
        Autoreload.addReloadHook(() -> System.out.println("hook"));
        Autoreload.start(Duration.ofMillis(100));
        var settings =
                ApplicationSettings.DEFAULTS.withAutoreload(true).withDrainLimit(Duration.ZERO);
        new Application(settings)
                .route("/", onGet(h -> h.write("served")))
                .listen("127.0.0.1", port);
        System.out.println("listening");
        IOLoop.current().start();
    }
}
