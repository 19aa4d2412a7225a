package whirlwind.demos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.bench.Bench;
import whirlwind.demos.blog.Blog;
import whirlwind.demos.blog.DatabaseException;
import whirlwind.demos.chat.Chat;
import whirlwind.demos.chat.LongPoll;
import whirlwind.demos.clock.Clock;
import whirlwind.demos.cursors.Cursors;
import whirlwind.demos.echo.Echo;
import whirlwind.demos.echo.EchoClient;
import whirlwind.demos.fetch.FetchStyles;
import whirlwind.demos.signin.SignIn;
import whirlwind.demos.spider.Spider;
import whirlwind.demos.terminal.LiveLine;
import whirlwind.demos.ticker.Ticker;
import whirlwind.demos.upload.Sending;
import whirlwind.demos.upload.Upload;
import whirlwind.demos.websocket.WebSocketEcho;
import whirlwind.http.client.HttpClientException;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.net.AddressInUseException;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.realtime.HubOptions;
import whirlwind.redis.RedisEngine;
import whirlwind.web.Application;

/** Starts a demo by its name, or lists them. */
public final class Demos {
    private static final int PORT = 8888;

    private static final Set<String> HELP = Set.of("--help", "-h");

    /** How long requests that run may take to finish when the program is told to end. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final List<Demo> DEMOS =
            List.of(
                    new Demo("hello", "the smallest program", Demos::hello),
                    new Demo("chat", "[--redis URL]", "a chat with rooms", Demos::chat),
                    new Demo("longpoll", "a room by polling", () -> serve(LongPoll::application)),
                    new Demo("ticker", "a hundred prices", () -> serve(Ticker::application)),
                    new Demo("cursors", "who points where", () -> serve(Cursors::application)),
                    new Demo("echo", "[HOST:PORT]", "echoes lines over TCP", Demos::echo),
                    new Demo(
                            "websocket",
                            "a WebSocket that echoes",
                            () -> serve(WebSocketEcho::application)),
                    new Demo("clock", "server-sent events", () -> serve(Clock::application)),
                    new Demo("spider", "[URL]", "crawls a site", Demos::spider),
                    new Demo("fetch-styles", "one function in each style", Demos::fetchStyles),
                    new Demo("upload", "[FILE...]", "receives files, or sends some", Demos::upload),
                    new Demo("blog", "[--database URL]", "posts, comments, a feed", Demos::blog),
                    new Demo(
                            "signin",
                            "[--google-key KEY --google-secret SECRET]",
                            "users whom others know",
                            Demos::signIn),
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
        if (arguments.length == 0 || HELP.contains(arguments[arguments.length - 1])) {
            System.out.print(usage());
            return;
        }
        try {
            var misused = run(arguments);
            if (misused != null) {
                System.err.print(misused);
                System.exit(2);
            }
        } catch (AddressInUseException e) {
            fail(e);
        }
    }

    /** Runs a demo to its end, or says what is wrong about the arguments, on one screen. */
    static @Nullable String run(String... arguments) throws Exception {
        try {
            var demo = named(arguments[0]);
            demo.program().run(withoutPort(demo, List.of(arguments)));
            return null;
        } catch (IllegalArgumentException e) {
            return "demo: " + e.getMessage() + "\n\n" + usage();
        }
    }

    private static Demo named(String name) {
        return DEMOS.stream()
                .filter(demo -> demo.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such demo: " + name));
    }

    /**
     * What follows the demo's name; but a port among it becomes that of {@code Application.listen}.
     */
    private static List<String> withoutPort(Demo demo, List<String> arguments) {
        var rest = new ArrayList<String>();
        Integer port = null;
        for (int i = 1; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (argument.equals("--port")) {
                if (++i == arguments.size()) {
                    throw new IllegalArgumentException("--port wants a number");
                }
                port = port(arguments.get(i));
            } else if (demo.arguments().isEmpty()
                    || argument.startsWith("--") && !demo.arguments().contains(argument + " ")) {
                throw new IllegalArgumentException("unknown option: " + argument);
            } else {
                rest.add(argument);
            }
        }
        if (port != null) {
            System.setProperty("whirlwind.port", port.toString());
        }
        return rest;
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
            var form = (demo.name() + " " + demo.arguments()).strip();
            if (form.length() > 22) {
                list.append("  ").append(form).append('\n');
                form = "";
            }
            list.append("  %-22s %s%n".formatted(form, demo.summary()));
        }
        return """
        usage: ./whirlwind demo NAME [--port N] [ARGUMENT...]

        %s
        It listens on port %d unless told otherwise; 0 means any that is free.
        """
                .formatted(list, PORT);
    }

    /** The port that was asked for. */
    private static int port() {
        return Integer.getInteger("whirlwind.port", PORT);
    }

    /** Serves until the process is told to end; an application lets what runs finish then. */
    private static void serve(Supplier<Application> application) {
        var loop = IOLoop.current();
        application.get().listen(PORT);
        loop.start();
        loop.close();
    }

    /** Runs the loop until the process is told to end, and lets what runs finish then. */
    private static void untilToldToEnd(Runnable drain) {
        var loop = IOLoop.current();
        for (var signal : List.of("TERM", "INT")) {
            loop.onSignal(
                    signal,
                    () ->
                            loop.spawnCallback(() -> {
                                drain.run();
                                loop.stop();
                            }));
        }
        loop.start();
        loop.close();
    }

    /** With an address, the client of the demo; without, its server. */
    private static void echo(List<String> address) {
        if (address.size() > 1) {
            throw new IllegalArgumentException("echo wants one HOST:PORT");
        }
        if (!address.isEmpty()) {
            echoInput(EchoClient.of(address.getFirst()));
            return;
        }
        var server = Echo.server();
        server.listen(port());
        System.out.println("listening on tcp://localhost:" + server.port());
        untilToldToEnd(() -> server.drain(DRAIN));
    }

    private static void echoInput(EchoClient client) {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var loop = IOLoop.current()) {
            loop.runSync(() -> {
                client.run(in, System.out);
                return null;
            });
        } catch (UncheckedIOException | AsyncTimeoutException e) {
            fail(e);
        }
    }

    private static void fail(Exception e) {
        System.err.println(e.getMessage());
        System.exit(1);
    }

    private static void fetchStyles() {
        FetchStyles.run(System.out);
    }

    private static void spider(List<String> arguments) {
        if (!Spider.run(arguments, System.out)) {
            System.exit(1);
        }
    }

    /** With files, the sender of the demo; without, its receiver. */
    private static void upload(List<String> files) throws IOException {
        if (!files.isEmpty()) {
            send(files.stream().map(Path::of).toList());
            return;
        }
        var folder = Files.createDirectories(Path.of("uploads"));
        serve(() -> Upload.application(folder));
    }

    private static void send(List<Path> files) {
        for (var file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("no such file: " + file);
            }
        }
        var receiver = "http://localhost:" + port() + "/";
        try (var loop = IOLoop.current()) {
            loop.runSync(() -> {
                var sending = new Sending(receiver, files);
                try (var _ = new LiveLine(System.out, sending::progress)) {
                    sending.run();
                }
                return null;
            });
        } catch (HttpClientException | ConnectFailedException e) {
            fail(e);
        }
    }

    /** With the Redis that is named, as one of several servers. */
    private static void chat(List<String> arguments) {
        var options =
                switch (arguments) {
                    case List<String> none when none.isEmpty() -> HubOptions.DEFAULTS;
                    case List<String> two
                            when two.size() == 2 && two.getFirst().equals("--redis") ->
                            HubOptions.DEFAULTS.withEngine(RedisEngine.at(two.getLast()));
                    default -> throw new IllegalArgumentException("chat wants --redis URL");
                };
        serve(() -> Chat.application(options));
    }

    /** With the database that is named, or one in files of the current folder. */
    private static void blog(List<String> arguments) {
        var database =
                switch (arguments) {
                    case List<String> none when none.isEmpty() -> "jdbc:h2:file:./blog";
                    case List<String> two
                            when two.size() == 2 && two.getFirst().equals("--database") ->
                            two.getLast();
                    default -> throw new IllegalArgumentException("blog wants --database URL");
                };
        try {
            serve(() -> Blog.application(database));
        } catch (DatabaseException e) {
            fail(e);
        }
    }

    /** With Google, if a client of it is named here or in the environment; else as practice. */
    private static void signIn(List<String> arguments) {
        var rest = new ArrayList<>(arguments);
        var key = taken(rest, "--google-key", "GOOGLE_KEY");
        var secret = taken(rest, "--google-secret", "GOOGLE_SECRET");
        if (key.isEmpty() != secret.isEmpty() || !rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "signin wants --google-key KEY and --google-secret SECRET, or nothing");
        }
        serve(() -> key.isEmpty() ? SignIn.application() : SignIn.application(key, secret));
    }

    /** Takes an option and its value out of a list; else what a variable says, else nothing. */
    private static String taken(List<String> arguments, String option, String variable) {
        int at = arguments.indexOf(option);
        if (at < 0) {
            return Objects.requireNonNullElse(System.getenv(variable), "");
        }
        arguments.remove(at);
        return at < arguments.size() ? arguments.remove(at) : "";
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
