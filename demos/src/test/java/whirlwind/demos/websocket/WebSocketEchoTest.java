package whirlwind.demos.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.TestSocket;

class WebSocketEchoTest {
    @Test
    void whatIsSentComesBack() throws Exception {
        try (var demo = RunningDemo.start(WebSocketEcho::application);
                var socket = new TestSocket(demo.socket("/echo"))) {
            assertThat(socket.send("Grüße").next()).isEqualTo("Grüße");
            assertThat(socket.send("").next()).isEmpty();
        }
    }
}
