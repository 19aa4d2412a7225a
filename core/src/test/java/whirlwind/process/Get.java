package whirlwind.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletionException;

/** One request on a connection of its own. */
final class Get {
    private Get() {}

    static String body(int port) {
        try {
            return tried(port);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    static String tried(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
