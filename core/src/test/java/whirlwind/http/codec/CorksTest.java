package whirlwind.http.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;

@Timeout(20)
class CorksTest {
    private final List<String> dropped = new ArrayList<>();

    private Corks.Corked connection(String name, Runnable writing) {
        return new Corks.Corked() {
            @Override
            public void uncork() {
                writing.run();
            }

            @Override
            public void drop() {
                dropped.add(name);
            }
        };
    }

    @Test
    void whoFailsToWriteIsDroppedAndTheOthersHaveTheirTurn() {
        try (var logs = LogCapture.of(Corks.class);
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                var corks = new Corks(loop, () -> {});
                var written = new CompletableFuture<Boolean>();
                corks.add(
                        connection(
                                "full",
                                () -> {
                                    throw new OutOfMemoryError("no direct memory");
                                }));
                corks.add(
                        connection(
                                "wrong",
                                () -> {
                                    throw new IllegalStateException("a mistake");
                                }));
                corks.add(connection("sound", () -> written.complete(true)));
                return Async.await(written);
            });
            assertThat(dropped).containsExactly("full", "wrong");
            assertThat(logs.lines()).hasSize(2);
        }
    }
}
