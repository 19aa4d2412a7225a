package whirlwind.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.testing.JavaProcess;

/** An engine in a server of its own, to be mistreated. */
final class EngineProcess {
    private static final HistoryLimits PLENTY = new HistoryLimits(1000, Duration.ofHours(1));

    private static final String DONE = "done: ";

    private EngineProcess() {}

    /**
     * Lets one connection join a topic, and then publishes what it reads, topic and JSON.
     *
     * @param args URL of Redis, milliseconds of presence, topic, connection and user
     */
    public static void main(String... args) throws Exception {
        var engine =
                new RedisEngine(
                        RedisOptions.at(args[0])
                                .withPatience(Duration.ofMinutes(1))
                                .withPresenceExpiry(Duration.ofMillis(Long.parseLong(args[1]))));
        engine.start(new Recorder());
        engine.join(args[2], args[3], args[4], null).get();
        System.out.println(DONE + "joined");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = lines.readLine()) != null; ) {
            var parts = line.split(" ", 2);
            System.out.println(DONE + engine.publish(parts[0], parts[1], null, PLENTY).get());
        }
    }

    /** Started, and joined. */
    static Process start(String... args) throws IOException {
        var process =
                JavaProcess.of(EngineProcess.class, args)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        awaitDone(process);
        return process;
    }

    /** Other lines are of the log. */
    private static void awaitDone(Process engine) throws IOException {
        for (String line; !(line = engine.inputReader().readLine()).startsWith(DONE); ) {
            System.out.println(line);
        }
    }

    /** When it has published. */
    static void publish(Process engine, String topic, String json) throws IOException {
        engine.outputWriter().write(topic + " " + json + "\n");
        engine.outputWriter().flush();
        awaitDone(engine);
    }

    static void stall(Process process) throws Exception {
        new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
    }

    static void resume(Process process) throws Exception {
        new ProcessBuilder("kill", "-CONT", "" + process.pid()).start().waitFor();
    }
}
