package whirlwind.benchmarks.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import whirlwind.benchmarks.MisuseException;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.peer.HelidonOrders;
import whirlwind.benchmarks.peer.NettyPeer;
import whirlwind.benchmarks.peer.TargetServer;
import whirlwind.benchmarks.peer.VertxOrders;
import whirlwind.benchmarks.peer.VertxSockets;
import whirlwind.benchmarks.peer.WaitingServer;
import whirlwind.benchmarks.peer.WhirlwindHub;
import whirlwind.benchmarks.peer.WhirlwindOrders;

/** How the servers to be measured are started. */
final class Servers {
    /** Options that every benchmark of servers has. */
    static final List<Option> OPTIONS =
            List.of(
                    new Option("server-cpu", "0", "the processor for the server"),
                    new Option("load-cpu", "1", "the processor for the load"),
                    new Option("jvm", "", "more flags for the JVMs of the servers"),
                    new Option("command", null, "a server to measure in the place of ours"),
                    new Option("peer-command", null, "one more server, 'COMMAND {port}'"));

    private static final String PORT = "{port}";

    /**
     * The same for all servers: a heap large enough for Netty's buffer caches, the simplest
     * collector, short object headers, one processor counted as in the measurement (warm-ups may
     * use another), compiler threads that live on, so that their time is not lost.
     */
    private static final List<String> JVM =
            List.of(
                    "-Xmx2g",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:ActiveProcessorCount=1",
                    "-XX:-UseDynamicNumberOfCompilerThreads",
                    "--enable-native-access=ALL-UNNAMED");

    /** What ours are started with by whoever runs them. */
    private static final List<String> OURS =
            List.of(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-Djdk.trackAllThreads=false",
                    "-Djdk.pollerMode=1");

    private final Options options;
    private final List<String> jvm;

    /** Of servers that have nothing to do with ours. */
    private final List<String> foreignJvm;

    /** With flags for the JVMs of the servers, beside those that all get. */
    Servers(Options options, String... flags) {
        this.options = options;
        this.foreignJvm = new ArrayList<>(JVM);
        foreignJvm.addAll(List.of(flags));
        var more = options.text("jvm").strip();
        if (!more.isEmpty()) {
            foreignJvm.addAll(List.of(more.split("\\s+")));
        }
        this.jvm = new ArrayList<>(OURS);
        jvm.addAll(foreignJvm);
    }

    /** A server under the name that tables show. */
    record Server(String name, List<String> command) {
        List<String> command(int port) {
            return command.stream().map(word -> word.replace(PORT, "" + port)).toList();
        }
    }

    /** The bench demo (or what stands in for it), raw Netty, and the peer that was asked for. */
    List<Server> benching() {
        return besidePeers(this::benchDemo);
    }

    /** The same with a server of ours that lets requests wait. */
    List<Server> waiting() {
        return besidePeers(() -> java(jvm, WaitingServer.class, PORT));
    }

    /** The bench demo, which is no more than its name says. */
    Server demo() {
        return new Server("demo", benchDemo());
    }

    /** The one to be attacked. */
    Server target() {
        return new Server("target", java(jvm, TargetServer.class, PORT));
    }

    /** The service that {@code Orders} describes, on several frameworks. */
    List<Server> ordering() {
        return List.of(
                new Server("whirlwind", java(jvm, WhirlwindOrders.class, PORT)),
                new Server("netty", java(jvm, NettyPeer.class, PORT, "orders")),
                new Server("vertx", java(foreignJvm, VertxOrders.class, PORT)),
                new Server("helidon", java(foreignJvm, HelidonOrders.class, PORT)));
    }

    /** One that brings what is said to all: in a room, or by a hub. */
    Server broadcasting(String name) {
        return switch (name) {
            case "room" -> new Server(name, benchDemo());
            case "hub" -> new Server(name, java(jvm, WhirlwindHub.class, PORT));
            case "netty" -> netty();
            case "vertx" -> vertxSockets();
            default ->
                    throw new MisuseException(
                            "--servers: '" + name + "' (room, hub, netty or vertx)");
        };
    }

    /** One that holds WebSockets. */
    Server holding(String name) {
        return switch (name) {
            case "whirlwind" -> {
                var command = options.find("command");
                yield new Server(name, command == null ? benchDemo() : shell(command));
            }
            case "netty" -> netty();
            case "vertx" -> vertxSockets();
            case "tornado" -> {
                var script = Children.extracted(VertxSockets.class, "tornado_sockets.py");
                yield new Server(name, List.of("/usr/bin/python3", script.toString(), PORT));
            }
            default ->
                    throw new MisuseException(
                            "--servers: '" + name + "' (whirlwind, netty, vertx or tornado)");
        };
    }

    private Server vertxSockets() {
        return new Server("vertx", java(foreignJvm, VertxSockets.class, PORT));
    }

    private List<Server> besidePeers(Supplier<List<String>> ours) {
        var command = options.find("command");
        var servers = new ArrayList<Server>();
        servers.add(
                command == null
                        ? new Server("whirlwind", ours.get())
                        : new Server("command", shell(command)));
        servers.add(netty());
        var peer = options.find("peer-command");
        if (peer != null) {
            servers.add(new Server("peer", shell(peer)));
        }
        return servers;
    }

    private Server netty() {
        return new Server("netty", java(jvm, NettyPeer.class, PORT));
    }

    private static List<String> shell(String command) {
        return List.of("sh", "-c", "exec " + command);
    }

    private List<String> benchDemo() {
        var command = new ArrayList<String>();
        command.add(Children.jdkTool("java"));
        command.addAll(jvm);
        command.addAll(List.of("-jar", demos().toString(), "bench", "--port", PORT));
        return command;
    }

    /** The demos, which are built beside the benchmarks. */
    static Path demos() {
        var jar = Path.of(System.getProperty("java.class.path").split(":")[0]);
        var demos =
                jar.toAbsolutePath()
                        .resolve("../../../demos/target/whirlwind-demos.jar")
                        .normalize();
        if (!Files.exists(demos)) {
            throw new MisuseException(
                    "the demos are not built: ./whirlwind demo builds them, --command replaces"
                            + " them");
        }
        return demos;
    }

    /** The processors of a server whose time isn't measured yet: compilers need one. */
    String processors() {
        return options.text("server-cpu") + "," + options.text("load-cpu");
    }

    /** The flags of the servers' JVMs. */
    List<String> jvm() {
        return jvm;
    }

    /** The command for a class of this project. */
    static List<String> java(List<String> jvm, Class<?> main, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Children.jdkTool("java"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
