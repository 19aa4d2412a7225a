package whirlwind.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the program as a process, unless nothing is to be started. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DemosTest {
    private static String get(URI address) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var response =
                    client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "blog --help"})
    void withoutANameOrAskedForHelpItListsTheDemos(String arguments) throws Exception {
        try (var program =
                new DemoProgram(arguments.isEmpty() ? new String[0] : arguments.split(" "))) {
            assertThat(program.output())
                    .contains("hello", "chat", "longpoll", "echo", "blog", "bench");
            assertThat(program.errors()).isEmpty();
            assertThat(program.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "hello --prot 1",
                "hello --port",
                "hello --port x",
                "hello --port 65536",
                "hello --port 1 2",
                "hello --port 1 --port",
                "chat nonsense",
                "chat --redis",
                "chat --redis nonsense",
                "blog nonsense",
                "blog --database",
                "blog --database nonsense",
                "blog --databse x",
                "signin --google-key x",
                "signin nonsense",
                "echo nowhere",
                "echo localhost:1 localhost:2"
            })
    void wrongUseIsExplainedOnOneScreen(String arguments) throws Exception {
        assertThat(Demos.run(arguments.split(" ")))
                .startsWith("demo: ")
                .contains("usage: ./whirlwind demo")
                .hasLineCount(21);
    }

    @Test
    void wrongUseIsAFailure() throws Exception {
        try (var program = new DemoProgram("nonsense")) {
            assertThat(program.errors()).startsWith("demo: no such demo: nonsense\n");
            assertThat(program.output()).isEmpty();
            assertThat(program.status()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "chat", "echo"})
    void aPortInUseIsOneSentence(String name) throws Exception {
        try (var taken = new ServerSocket(0);
                var program = new DemoProgram(name, "--port", "" + taken.getLocalPort())) {
            assertThat(program.errors()).contains("" + taken.getLocalPort()).hasLineCount(1);
            assertThat(program.output()).isEmpty();
            assertThat(program.status()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hello, /, 'Hello, world'",
        "chat, /, Whirlwind chat",
        "longpoll, /, Whirlwind chat",
        "ticker, /, Whirlwind ticker",
        "cursors, /, Whirlwind cursors",
        "websocket, /, WebSocket echo",
        "clock, /, Whirlwind clock",
        "signin, /, Sign in with the practice provider",
        "bench, /plaintext, 'Hello, World!'"
    })
    void eachServesOnceItSaysSo(String name, String path, String expected) throws Exception {
        try (var program = new DemoProgram(name, "--port", "0")) {
            assertThat(get(program.address().resolve(path))).contains(expected);
        }
    }

    @Test
    void echoServesAndAsksTheServer() throws Exception {
        try (var server = new DemoProgram("echo", "--port", "0");
                var client = new DemoProgram("echo", server.address().toString())) {
            try (var keyboard = client.process.outputWriter(StandardCharsets.UTF_8)) {
                keyboard.write("Grüße\n");
            }
            assertThat(client.output()).isEqualTo("Grüße\n");
            assertThat(client.errors()).isEmpty();
            assertThat(client.status()).isZero();
        }
    }

    @Test
    void anEchoServerThatIsNotThereIsOneSentence() throws Exception {
        int port;
        try (var gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        try (var client = new DemoProgram("echo", "localhost:" + port)) {
            assertThat(client.errors()).contains("localhost:" + port).hasLineCount(1);
            assertThat(client.status()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItGently(String signal) throws Exception {
        try (var program = new DemoProgram("websocket", "--port", "0");
                var visitor = new TestSocket(webSocket(program.address()))) {
            new ProcessBuilder("kill", "-" + signal, "" + program.process.pid()).start().waitFor();
            assertThat(visitor.next()).isEqualTo("closed 1001");
            assertThat(program.status()).isZero();
            assertThat(program.errors()).isEmpty();
        }
    }

    private static URI webSocket(URI address) {
        return URI.create("ws://localhost:" + address.getPort() + "/echo");
    }
}
