package whirlwind.demos.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FetchStylesTest {
    @Test
    void everyStyleGetsItsAnswer() {
        var out = new ByteArrayOutputStream();
        FetchStyles.run(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "synchronous  Hello, synchronous",
                        "callback     Hello, callback",
                        "future       Hello, future",
                        "coroutine    Hello, coroutine",
                        "queue        Hello, queue",
                        "an error     HTTP 404: Not Found");
    }
}
