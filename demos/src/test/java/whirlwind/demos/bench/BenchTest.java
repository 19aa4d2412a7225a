package whirlwind.demos.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.TestSocket;

class BenchTest {
    private final RunningDemo demo = RunningDemo.start(Bench::application);

    @AfterEach
    void stop() throws InterruptedException {
        demo.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/plaintext, text/plain, 'Hello, World!'",
        "/json, application/json, '{\"message\":\"Hello, World!\"}'"
    })
    void greetingsAreWhatBenchmarksExpect(String path, String type, String body) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(demo.uri(path)).build();
            var response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo(body);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
            assertThat(response.headers().firstValue("Etag")).isEmpty();
        }
    }

    @Test
    void echoSendsBackWhatItGets() throws Exception {
        try (var socket = new TestSocket(demo.socket("/echo"))) {
            assertThat(socket.send("once").next()).isEqualTo("once");
            assertThat(socket.send("twice").next()).isEqualTo("twice");
        }
    }

    @Test
    void aRoomTellsAllItsMembers() throws Exception {
        try (var ada = new TestSocket(demo.socket("/room"));
                var bob = new TestSocket(demo.socket("/room"))) {
            ada.send("hello");
            assertThat(ada.next()).isEqualTo("hello");
            assertThat(bob.next()).isEqualTo("hello");
            ada.close();
            bob.send("alone?");
            assertThat(bob.next()).isEqualTo("alone?");
        }
    }
}
