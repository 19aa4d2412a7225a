package whirlwind.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.loop.Drainable;

/**
 * What the supervised processes of {@link WorkersTest} run: {@code PROCESSES MAX_RESTARTS WHAT
 * WHERE}.
 */
final class WorkerProgram {
    private WorkerProgram() {}

    public static void main(String... arguments) throws Exception {
        var options =
                WorkerOptions.DEFAULTS
                        .withProcesses(Integer.parseInt(arguments[0]))
                        .withMaxRestarts(Integer.parseInt(arguments[1]))
                        .withDrainLimit(Duration.ofMillis(100));
        Workers.run(
                options,
                () ->
                        switch (arguments[2]) {
                            case "serve" -> serve(Integer.parseInt(arguments[3]));
                            case "exit" -> exit(Path.of(arguments[3]));
                            case "freeze" -> freeze(Path.of(arguments[3]));
                            case "linger" -> linger(Path.of(arguments[3]));
                            case "hang" -> hang(Integer.parseInt(arguments[3]));
                            default -> throw new IllegalArgumentException(arguments[2]);
                        });
    }

    private static Drainable serve(int port) {
        var id = String.valueOf(Workers.taskId().orElseThrow()).getBytes(UTF_8);
        var server = new HttpServer(exchange -> exchange.respond(200, new Headers(), id));
        server.listen("127.0.0.1", port);
        return server;
    }

    /** Ends with each of the statuses in a file of this task, one for each start. */
    private static Drainable exit(Path folder) throws IOException {
        var script = folder.resolve("task-" + Workers.taskId().orElseThrow());
        var statuses = Files.readAllLines(script);
        Files.write(script, statuses.subList(1, statuses.size()));
        Files.writeString(
                folder.resolve("started-" + Workers.taskId().orElseThrow()),
                ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        System.exit(Integer.parseInt(statuses.getFirst()));
        return limit -> {};
    }

    /** Holds its loop for ever, so that it notices no signal. */
    private static Drainable freeze(Path folder) {
        Async.spawn(() -> {
            awaitListening();
            freezing(folder);
            while (true) {
                Thread.onSpinWait();
            }
        });
        return limit -> {};
    }

    /** A worker listens to TERM by the time that it waits for its group's end. */
    private static void awaitListening() {
        while (Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .noneMatch(WorkerProgram::isJoining)) {
            Async.sleep(Duration.ofMillis(5));
        }
    }

    private static boolean isJoining(StackTraceElement frame) {
        return frame.getClassName().equals(LoopGroup.class.getName())
                && frame.getMethodName().equals("join");
    }

    private static void freezing(Path folder) {
        try {
            Files.createFile(folder.resolve("frozen"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Never drains. */
    private static Drainable hang(int port) {
        serve(port);
        return limit -> {
            while (true) {
                Async.await(Async.shield(new CompletableFuture<>()));
            }
        };
    }

    /** Takes its time to start. */
    private static Drainable linger(Path folder) throws Exception {
        Files.createFile(folder.resolve("starting"));
        var go = folder.resolve("go");
        while (!Files.exists(go)) {
            Async.sleep(Duration.ofMillis(5));
        }
        return limit -> {};
    }
}
