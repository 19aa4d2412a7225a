package whirlwind.http.codec.exchange;

import java.nio.charset.StandardCharsets;
import whirlwind.http.Headers;
import whirlwind.http.HttpStatus;

/** The whole answer to what can't be handled: one line of text. */
public record Refusal(int status, Headers headers, byte[] body) {
    /** For a status. */
    public static Refusal of(int status) {
        var text = status + " " + HttpStatus.reason(status) + "\n";
        return new Refusal(
                status,
                Headers.of("Content-Type", "text/plain; charset=UTF-8"),
                text.getBytes(StandardCharsets.US_ASCII));
    }
}
