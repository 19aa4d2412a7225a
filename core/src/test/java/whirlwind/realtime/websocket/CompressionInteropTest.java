package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.realtime.websocket.Conversations.readText;
import static whirlwind.realtime.websocket.Conversations.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/**
 * Every parameter of permessage-deflate with implementations of others at the other end, whose
 * decompressors have the window that was agreed on, and notice what refers further back.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CompressionInteropTest {
    private static final String SERVER_ALONE = "server_no_context_takeover";
    private static final String CLIENT_ALONE = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";

    private static final int MESSAGES = 6;

    /** What the other end asks for, or has. */
    private static final List<Map<String, Object>> PARAMETERS =
            List.of(
                    Map.of(),
                    Map.of(SERVER_ALONE, true),
                    Map.of(CLIENT_ALONE, true),
                    Map.of(SERVER_ALONE, true, CLIENT_ALONE, true),
                    Map.of(SERVER_WINDOW, 9),
                    Map.of(SERVER_WINDOW, 12),
                    Map.of(SERVER_WINDOW, 15),
                    Map.of(CLIENT_WINDOW, 9),
                    Map.of(CLIENT_WINDOW, 12),
                    Map.of(CLIENT_WINDOW, 15),
                    Map.of(
                            SERVER_ALONE,
                            true,
                            CLIENT_ALONE,
                            true,
                            SERVER_WINDOW,
                            10,
                            CLIENT_WINDOW,
                            11));

    private enum Peer {
        NODE("node", "peer.mjs"),
        PYTHON("/usr/bin/python3", "peer.py");

        final String program;
        final String script;

        Peer(String program, String script) {
            this.program = program;
            this.script = script;
        }
    }

    @TempDir private Path folder;

    /** The package of npm is kept from one run to the next. */
    @BeforeEach
    void install() throws Exception {
        var modules = Files.createDirectories(Path.of("target", "npm", "websocket"));
        for (var name : List.of("package.json", "peer.mjs")) {
            copy(name, modules.resolve(name));
        }
        copy("peer.py", folder.resolve("peer.py"));
        if (!Files.exists(modules.resolve("node_modules/ws/package.json"))) {
            var npm =
                    new ProcessBuilder(
                                    "npm",
                                    "install",
                                    "--no-package-lock",
                                    "--no-audit",
                                    "--no-fund")
                            .directory(modules.toFile())
                            .inheritIO()
                            .start();
            assertThat(npm.waitFor()).as("npm install: the package ws").isZero();
        }
    }

    private static void copy(String resource, Path target) throws IOException {
        try (var in = CompressionInteropTest.class.getResourceAsStream(resource)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Process start(Peer peer, String... arguments) throws IOException {
        var script =
                peer == Peer.NODE
                        ? Path.of("target", "npm", "websocket", peer.script)
                        : folder.resolve(peer.script);
        var command = new ArrayList<>(List.of(peer.program, script.toString()));
        command.addAll(List.of(arguments));
        PARAMETERS.forEach(one -> command.add(Json.encode(new TreeMap<>(one))));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    // ---- our server ----

    private static final class DeflatingEcho extends Conversations.Echo {
        private final DeflateOptions options;

        DeflatingEcho(DeflateOptions options) {
            this.options = options;
        }

        @Override
        protected DeflateOptions getCompressionOptions() {
            return options;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServerDoesWhatClientsAskFor(Peer peer) throws Exception {
        try (var app = serve(() -> new DeflatingEcho(DeflateOptions.DEFAULTS))) {
            var results = talk(peer, app);
            for (int i = 0; i < PARAMETERS.size(); i++) {
                var asked = PARAMETERS.get(i);
                var answer = results.get(i).get("answer").asString();
                assertThat(answer.contains(SERVER_ALONE))
                        .isEqualTo(asked.containsKey(SERVER_ALONE));
                assertThat(answer.contains(CLIENT_ALONE))
                        .isEqualTo(asked.containsKey(CLIENT_ALONE));
                if (asked.containsKey(SERVER_WINDOW)) {
                    assertThat(answer).contains(SERVER_WINDOW + "=" + asked.get(SERVER_WINDOW));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServerTellsClientsToKeepNothing(Peer peer) throws Exception {
        try (var app = serve(() -> new DeflatingEcho(new DeflateOptions(1, true, true)))) {
            assertThat(talk(peer, app))
                    .allSatisfy(result ->
                            assertThat(result.get("answer").asString())
                                    .contains(SERVER_ALONE, CLIENT_ALONE));
        }
    }

    /** What a client of the peer's saw with each of the parameters. */
    private List<JsonNode> talk(Peer peer, ServedApplication app) throws Exception {
        var client = start(peer, "client", "ws://127.0.0.1:" + app.port() + "/ws");
        var results = new ArrayList<JsonNode>();
        try (var output = client.inputReader()) {
            output.lines().forEach(line -> results.add(Json.decode(line)));
        }
        assertThat(client.waitFor()).isZero();
        assertThat(results).hasSize(PARAMETERS.size());
        assertThat(results)
                .allSatisfy(result -> {
                    assertThat(result.get("echoes").asInt()).isEqualTo(MESSAGES);
                    assertThat(result.get("code").asInt()).isEqualTo(1000);
                });
        return results;
    }

    // ---- our client ----

    @ParameterizedTest
    @EnumSource
    void theClientDoesWhatServersAnswer(Peer peer) throws Exception {
        withServers(
                peer,
                ports -> {
                    for (int i = 0; i < PARAMETERS.size(); i++) {
                        var answer = echo(ports.get(i).asInt(), DeflateOptions.DEFAULTS);
                        for (var expected : PARAMETERS.get(i).entrySet()) {
                            assertThat(answer)
                                    .contains(
                                            expected.getValue() instanceof Integer bits
                                                    ? expected.getKey() + "=" + bits
                                                    : expected.getKey());
                        }
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void theClientAsksServersToKeepNothing(Peer peer) throws Exception {
        withServers(
                peer,
                ports -> {
                    for (var port : ports) {
                        assertThat(echo(port.asInt(), new DeflateOptions(9, true, true)))
                                .contains(SERVER_ALONE);
                    }
                });
    }

    private interface Ports {
        void use(JsonNode ports) throws Exception;
    }

    private void withServers(Peer peer, Ports action) throws Exception {
        var servers = start(peer, "server");
        try (BufferedReader output = servers.inputReader();
                var app = ServedApplication.of(new Application())) {
            var ports = Json.decode(output.readLine());
            app.onLoop(() -> {
                action.use(ports);
                return null;
            });
        } finally {
            servers.destroy();
            servers.waitFor();
        }
    }

    /** Sends and reads back; what the server answered about compression. */
    private static String echo(int port, DeflateOptions deflate) {
        var request = HttpRequest.of("ws://127.0.0.1:" + port + "/");
        var options = WebSocketClientOptions.DEFAULTS.withDeflate(deflate);
        try (var socket = Async.await(WebSocketClient.connect(request, options))) {
            assertThat(socket.isCompressed()).isTrue();
            var random = new Random(1);
            var letters = new StringBuilder();
            for (int i = 0; i < 50_000; i++) {
                letters.append((char) ('a' + random.nextInt(26)));
            }
            var messages =
                    List.of(
                            "",
                            "x",
                            "again ".repeat(1000),
                            letters.toString(),
                            letters.toString(),
                            "gr\u00fc\u00df \u20ac");
            for (var message : messages) {
                socket.writeMessage(message);
                assertThat(readText(socket)).isEqualTo(message);
            }
            socket.close();
            assertThat(Async.await(socket.readMessage())).isNull();
            assertThat(socket.closeCode()).isEqualTo(1000);
            return socket.headers().get("Sec-WebSocket-Extensions");
        }
    }
}
