package whirlwind.http.codec.server;

import java.nio.charset.StandardCharsets;
import whirlwind.http.Headers;
import whirlwind.http.HttpStatus;

/** The whole answer to what can't be handled: one line of text. */
record Refusal(int status, Headers headers, byte[] body) {
    static Refusal of(int status) {
        var text = status + " " + HttpStatus.reason(status) + "\n";
        return new Refusal(
                status,
                Headers.of("Content-Type", "text/plain; charset=UTF-8"),
                text.getBytes(StandardCharsets.US_ASCII));
    }
}
