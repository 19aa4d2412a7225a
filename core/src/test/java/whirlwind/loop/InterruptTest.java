package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.testing.VirtualTime;

/**
 * A coroutine may run with its interrupt flag set: code that catches InterruptedException is told
 * to set it again.
 */
class InterruptTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void aCoroutineThatIsInterruptedStillWaitsAndStaysInterrupted() {
        time.run(() -> {
            Thread.currentThread().interrupt();
            Async.sleep(Duration.ofSeconds(1));
            assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(1));
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    @Test
    void anInterruptFromElsewhereDoesNotEndAWaitForAStage() {
        time.run(() -> {
            var stage = new CompletableFuture<String>();
            var thread = new Thread[1];
            var waiter =
                    Async.spawn(() -> {
                        thread[0] = Thread.currentThread();
                        return Async.await(stage);
                    });
            Async.moment();
            thread[0].interrupt();
            Async.moment();
            stage.complete("result");
            assertThat(Async.await(waiter)).isEqualTo("result");
        });
    }
}
