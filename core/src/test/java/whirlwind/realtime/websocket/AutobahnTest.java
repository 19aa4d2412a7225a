package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.realtime.websocket.Conversations.serve;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.escape.Json;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.client.HttpRequest;
import whirlwind.loop.Async;
import whirlwind.testing.OneEngine;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/**
 * The Autobahn suite, its cases 1 to 7 and 10, against the server and against the client; those of
 * section 9, which measure: {@code ./whirlwind bench autobahn}. Its Python runs under Jython, both
 * from Maven's repositories. A case has to be passed; that it may be passed otherwise than the RFC
 * likes best ("NON-STRICT") is the suite's word for where the RFC leaves a choice.
 */
@OneEngine
@Timeout(
        value = 1,
        unit = TimeUnit.HOURS) // what section 9 may take on a machine that has more to do
class AutobahnTest {
    private static final String CASES =
            System.getProperty("autobahn.cases", "1.*,2.*,3.*,4.*,5.*,6.*,7.*,10.*");
    private static final Set<String> PASSED = Set.of("OK", "NON-STRICT", "INFORMATIONAL");
    private static final String AGENT = "Whirlwind";
    private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");

    /** Section 9 has messages of 16 MiB. */
    private static final int MAX_MESSAGE_SIZE = 32 << 20;

    private static final class Echo extends Conversations.Echo {
        @Override
        protected int maxMessageSize() {
            return MAX_MESSAGE_SIZE;
        }
    }

    @TempDir private Path folder;

    /** One end of ours, and what the suite says of it, by the numbers of these cases. */
    private interface Suite {
        Map<String, String> run(List<String> cases) throws Exception;
    }

    @Test
    void everyCasePassesAgainstTheServer() throws Exception {
        assertThat(failures(this::againstTheServer)).isEmpty();
    }

    @Test
    void everyCasePassesAgainstTheClient() throws Exception {
        assertThat(failures(this::againstTheClient)).isEmpty();
    }

    /** Cases have a second or so: on a busy machine one may be late, and has another go. */
    private static Map<String, String> failures(Suite suite) throws Exception {
        var results = suite.run(List.of(CASES.split(",")));
        assertThat(results.size()).isGreaterThan(CASES.startsWith("1.*") ? 240 : 0);
        var failures = failures(results);
        return failures.isEmpty() ? failures : failures(suite.run(List.copyOf(failures.keySet())));
    }

    private static Map<String, String> failures(Map<String, String> results) {
        var failures = new TreeMap<>(results);
        failures.values().removeIf(verdicts -> PASSED.containsAll(List.of(verdicts.split("/"))));
        return failures;
    }

    private Map<String, String> againstTheServer(List<String> cases) throws Exception {
        try (var app = serve(Echo::new)) {
            var server = Map.of("agent", AGENT, "url", "ws://127.0.0.1:" + app.port() + "/ws");
            var suite = start("client", Map.of("servers", List.of(server)), cases);
            assertThat(suite.waitFor()).isZero();
        }
        return results();
    }

    private Map<String, String> againstTheClient(List<String> cases) throws Exception {
        var suite = start("server", Map.of("url", "ws://127.0.0.1:1"), cases);
        try (var app = ServedApplication.of(new Application())) {
            var server = "ws://127.0.0.1:" + port(suite);
            app.onLoop(() -> {
                var count = Async.await(WebSocketClient.connect(server + "/getCaseCount"));
                int all = Integer.parseInt(Conversations.readText(count));
                for (int n = 1; n <= all; n++) {
                    echo(server + "/runCase?case=" + n + "&agent=" + AGENT);
                }
                echo(server + "/updateReports?agent=" + AGENT);
                return null;
            });
        } finally {
            suite.destroy();
            suite.waitFor();
        }
        return results();
    }

    private static void echo(String url) {
        var request = HttpRequest.of(url);
        var options = WebSocketClientOptions.DEFAULTS.withMaxMessageSize(MAX_MESSAGE_SIZE);
        var socket = Async.await(WebSocketClient.connect(request, options));
        for (WebSocketMessage message; (message = Async.await(socket.readMessage())) != null; ) {
            socket.send(message);
        }
    }

    /** With what its output says, if it doesn't say where it listens. */
    private int port(Process suite) throws Exception {
        while (true) {
            var output = Files.readString(output(), StandardCharsets.UTF_8);
            var listening = LISTENING.matcher(output);
            if (listening.find()) {
                return Integer.parseInt(listening.group(1));
            }
            assertThat(suite.waitFor(100, TimeUnit.MILLISECONDS)).as(output).isFalse();
        }
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    private Process start(String mode, Map<String, Object> more, List<String> cases)
            throws IOException {
        var spec = new HashMap<String, Object>(more);
        spec.put("outdir", folder.resolve("reports").toString());
        spec.put("cases", cases);
        spec.put("exclude-cases", List.of());
        spec.put("exclude-agent-cases", Map.of());
        spec.put("options", Map.of("failByDrop", false));
        var script = folder.resolve("suite.py");
        try (var resource = AutobahnTest.class.getResourceAsStream("suite.py")) {
            Files.write(script, resource.readAllBytes());
        }
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1", // half of the time that it takes to load all
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        "org.python.util.jython",
                        script.toString(),
                        mode,
                        Json.encode(spec))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    /** The suite and Jython, and nothing that they might take for theirs. */
    private static String classPath() {
        var all = System.getProperty("java.class.path").split(File.pathSeparator);
        var jars =
                Arrays.stream(all)
                        .filter(path ->
                                path.contains("autobahntestsuite") || path.contains("jython"))
                        .toList();
        assertThat(jars).hasSize(2);
        return String.join(File.pathSeparator, jars);
    }

    /** By its number what each case came to, and how it closed: {@code OK/OK}. */
    private Map<String, String> results() throws IOException {
        var index = folder.resolve("reports/index.json");
        assertThat(index).as("the suite's report; it says: " + Files.readString(output())).exists();
        var results = new TreeMap<String, String>();
        for (var one : Json.decode(Files.readString(index)).get(AGENT).properties()) {
            var result = one.getValue();
            results.put(
                    one.getKey(),
                    result.get("behavior").asString()
                            + "/"
                            + result.get("behaviorClose").asString());
        }
        Files.delete(index);
        return results;
    }
}
