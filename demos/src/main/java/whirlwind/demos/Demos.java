package whirlwind.demos;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import whirlwind.demos.bench.Bench;
import whirlwind.demos.chat.Chat;
import whirlwind.demos.chat.LongPoll;
import whirlwind.demos.echo.Echo;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.net.AddressInUseException;
import whirlwind.web.Application;

/** Starts a demo by its name, or lists them. */
public final class Demos {
    private static final int PORT = 8888;

    /** How long requests that run may take to finish when the program is told to end. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final List<Demo> DEMOS =
            List.of(
                    new Demo("hello", "the smallest program", Demos::hello),
                    new Demo("chat", "a chat over WebSocket", () -> serve(Chat::application)),
                    new Demo("longpoll", "the same by polling", () -> serve(LongPoll::application)),
                    new Demo("echo", "a WebSocket that echoes", () -> serve(Echo::application)),
                    new Demo("bench", "what benchmarks ask for", Demos::bench));

    private Demos() {}

    /** See {@link #usage}. Exits with 1 if the port is taken, with 2 if the arguments are wrong. */
    public static void main(String... arguments) throws Exception {
        // Read when the first virtual thread starts: a loop lists its coroutines itself, and polls
        // for itself.
        System.setProperty("jdk.trackAllThreads", "false");
        System.setProperty("jdk.pollerMode", "1");
        // A JVM that has just started loads classes on the loop, which is not worth a report.
        System.getProperties().putIfAbsent("whirlwind.stallThreshold", "1000");
        if (arguments.length == 0) {
            System.out.print(usage());
            return;
        }
        Demo demo;
        try {
            demo = chosen(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.print("demo: " + e.getMessage() + "\n\n" + usage());
            System.exit(2);
            return;
        }
        try {
            demo.program().run();
        } catch (AddressInUseException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * The demo that the arguments name; a port among them becomes that of {@code
     * Application.listen}.
     */
    private static Demo chosen(List<String> arguments) {
        var name = arguments.getFirst();
        var demo =
                DEMOS.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no such demo: " + name));
        var options = arguments.subList(1, arguments.size());
        if (!options.isEmpty()) {
            if (!options.getFirst().equals("--port")) {
                throw new IllegalArgumentException("unknown option: " + options.getFirst());
            }
            if (options.size() != 2) {
                throw new IllegalArgumentException("--port wants one number");
            }
            System.setProperty("whirlwind.port", String.valueOf(port(options.getLast())));
        }
        return demo;
    }

    private static int port(String text) {
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "--port " + text + " (0 to 65535; 0 means any that is free)");
        }
        return port;
    }

    private static String usage() {
        var list = new StringBuilder();
        for (var demo : DEMOS) {
            list.append("  %-10s %s%n".formatted(demo.name(), demo.summary()));
        }
        return """
        usage: ./whirlwind demo NAME [--port N]

        %s
        It listens on port %d unless told otherwise; 0 means any that is free.
        """
                .formatted(list, PORT);
    }

    /** Serves until the process is told to end, and lets what runs finish then. */
    private static void serve(Supplier<Application> application) {
        var loop = IOLoop.current();
        var server = application.get().listen(PORT);
        for (var signal : List.of("TERM", "INT")) {
            loop.onSignal(signal, () -> loop.spawnCallback(() -> end(server)));
        }
        loop.start();
        loop.close();
    }

    private static void end(HttpServer server) {
        server.drain(DRAIN);
        IOLoop.current().stop();
    }

    private static void bench() {
        System.setProperty("whirlwind.access.level", "OFF"); // see logback.xml
        serve(Bench::application);
    }

    /**
     * The compact source file has no name that other classes could use, so it is started as the JVM
     * would.
     */
    private static void hello() throws Exception {
        var program = Class.forName("Hello").getDeclaredConstructor();
        program.setAccessible(true);
        var main = program.getDeclaringClass().getDeclaredMethod("main");
        main.setAccessible(true);
        try {
            main.invoke(program.newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
