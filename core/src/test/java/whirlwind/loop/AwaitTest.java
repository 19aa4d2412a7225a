package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Loops.never;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private final AtomicReference<IOLoop> made = new AtomicReference<>();

    private IOLoop loop() {
        if (made.get() == null) {
            made.set(new IOLoop());
        }
        return made.get();
    }

    private void run(CheckedRunnable body) {
        loop().runSync(IOLoop.asCallable(body));
    }

    @AfterEach
    void closeLoop() {
        if (made.get() != null) {
            made.get().close();
        }
    }

    @Test
    void stageThatIsDoneIsReturnedAtOnce() {
        run(() -> {
            var other = Async.spawn(() -> "other");
            assertThat(Async.await(CompletableFuture.completedFuture("value"))).isEqualTo("value");
            assertThat(other.isDone()).isFalse();
            CompletionStage<String> minimal = CompletableFuture.completedStage("stage");
            assertThat(Async.await(minimal)).isEqualTo("stage");
        });
    }

    @Test
    void stageThatAnotherCoroutineCompletesIsWaitedFor() {
        run(() -> {
            var stage = new CompletableFuture<String>();
            Async.spawn(() -> stage.complete("value"));
            assertThat(Async.await(stage)).isEqualTo("value");
        });
    }

    @Test
    void stageThatAnotherThreadCompletesIsWaitedFor() {
        run(() -> {
            for (int i = 0; i < 500; i++) {
                var stage = new CompletableFuture<Integer>();
                int n = i;
                Thread.ofVirtual().start(() -> stage.complete(n));
                assertThat(Async.await(stage)).isEqualTo(n);
            }
        });
    }

    @Test
    void futureThatCanOnlyBeBlockedForLetsTheLoopGoOn() {
        run(() -> {
            var future = new FutureTask<>(() -> "value");
            var waiting = Async.spawn(() -> Async.await((Future<String>) future));
            Async.spawn(() -> Thread.ofPlatform().start(future));
            assertThat(Async.await(waiting)).isEqualTo("value");
            assertThat(Async.await((Future<String>) future)).isEqualTo("value");
        });
    }

    @Test
    void failureOfAPlainFutureIsTranslated() {
        run(() -> {
            var future =
                    new FutureTask<String>(() -> {
                        throw new IOException("disk");
                    });
            Thread.ofPlatform().start(future);
            assertThatThrownBy(() -> Async.await((Future<String>) future))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("disk");
        });
    }

    @Test
    void plainFutureThatIsCancelledElsewhereSaysSo() {
        run(() -> {
            var future = new FutureTask<>(() -> "value");
            Thread.ofPlatform().start(() -> future.cancel(true));
            assertThatThrownBy(() -> Async.await((Future<String>) future))
                    .isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void taskIsAwaitedAsAPlainFutureToo() {
        run(() -> {
            Future<String> task = Async.spawn(() -> "value");
            assertThat(Async.await(task)).isEqualTo("value");
        });
    }

    @Test
    void collectionsAndMapsAreAwaitedWhole() {
        run(() -> {
            var tasks = List.of(Async.spawn(() -> 1), Async.spawn(() -> 2));
            assertThat(Async.<Integer>await(tasks)).containsExactly(1, 2);
            var named = new LinkedHashMap<String, Task<Integer>>();
            named.put("b", Async.spawn(() -> 2));
            named.put("a", Async.spawn(() -> 1));
            assertThat(Async.<String, Integer>await(named))
                    .containsExactly(Map.entry("b", 2), Map.entry("a", 1));
        });
    }

    @Test
    void failuresAreTranslated() {
        run(() -> {
            var unchecked = new IllegalStateException("unchecked");
            assertThatThrownBy(() -> Async.await(failed(unchecked))).isSameAs(unchecked);
            var error = new StackOverflowError("error");
            assertThatThrownBy(() -> Async.await(failed(error))).isSameAs(error);
            var io = new IOException("io");
            assertThatThrownBy(() -> Async.await(failed(io)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCause(io);
            assertThatThrownBy(() -> Async.await(failed(new TimeoutException("late"))))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("late");
            var checked = new Exception("checked");
            assertThatThrownBy(() -> Async.await(failed(checked)))
                    .isInstanceOf(CompletionException.class)
                    .hasCause(checked);
            assertThatThrownBy(() -> Async.await(failed(new CompletionException(unchecked))))
                    .isSameAs(unchecked);
            var dependent = failed(unchecked).thenApply(value -> value);
            assertThatThrownBy(() -> Async.await(dependent)).isSameAs(unchecked);
        });
    }

    @Test
    void cancelledStageThrowsCancellation() {
        run(() -> {
            var cancelled = new CompletableFuture<String>();
            cancelled.cancel(true);
            assertThatThrownBy(() -> Async.await(cancelled))
                    .isInstanceOf(CancellationException.class);
            var dependent = cancelled.thenApply(value -> value);
            assertThatThrownBy(() -> Async.await(dependent))
                    .isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void waitingOutsideOfACoroutineSaysHowToGetOne() {
        assertThatThrownBy(() -> Async.await(never()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a coroutine")
                .hasMessageContaining("Async.spawn");
        var inCallback = new AtomicReference<Throwable>();
        loop().addCallback(() -> {
            try {
                Async.await(never());
            } catch (IllegalStateException e) {
                inCallback.set(e);
            }
            loop().stop();
        });
        loop().start();
        assertThat(inCallback.get()).hasMessageContaining("needs a coroutine");
        assertThatCode(() -> Async.await(CompletableFuture.completedFuture(1)))
                .doesNotThrowAnyException();
    }

    @Test
    void threadThatACoroutineMadeIsNoCoroutine() {
        run(() -> {
            var outcome = new CompletableFuture<Void>();
            Thread.startVirtualThread(() -> {
                try {
                    Async.await(never());
                    outcome.complete(null);
                } catch (Throwable e) {
                    outcome.completeExceptionally(e);
                }
            });
            assertThatThrownBy(() -> Async.await(outcome))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("needs a coroutine");
        });
    }

    @Test
    void coroutinesThatYieldAMomentAlternate() {
        run(() -> {
            var trace = new StringBuilder();
            var a = Async.spawn(() -> fiveTimes(trace, 'a', Async::moment));
            var b = Async.spawn(() -> fiveTimes(trace, 'b', Async::moment));
            Async.await(List.of(a, b));
            assertThat(trace).hasToString("ababababab");
        });
    }

    @Test
    void coroutineThatAwaitsWhatIsDoneKeepsItsTurn() {
        run(() -> {
            var done = CompletableFuture.completedFuture(1);
            var trace = new StringBuilder();
            var a = Async.spawn(() -> fiveTimes(trace, 'a', () -> Async.await(done)));
            var b = Async.spawn(() -> fiveTimes(trace, 'b', () -> Async.await(done)));
            Async.await(List.of(a, b));
            assertThat(trace).hasToString("aaaaabbbbb");
        });
    }

    @Test
    void coroutineThatYieldsLetsOneThatDoesNotGoFirst() {
        run(() -> {
            var done = CompletableFuture.completedFuture(1);
            var trace = new StringBuilder();
            var a = Async.spawn(() -> fiveTimes(trace, 'a', Async::moment));
            var b = Async.spawn(() -> fiveTimes(trace, 'b', () -> Async.await(done)));
            Async.await(List.of(a, b));
            assertThat(trace).hasToString("abbbbbaaaa");
        });
    }

    @Test
    void momentLetsQueuedCallbacksAndCoroutinesRun() {
        run(() -> {
            var trace = new ArrayList<String>();
            loop().addCallback(() -> trace.add("callback"));
            Async.spawn(() -> trace.add("coroutine"));
            Async.moment();
            assertThat(trace).containsExactlyInAnyOrder("callback", "coroutine");
        });
    }

    @Test
    void coroutineThatKeepsItsInterruptStillLetsTheLoopGoOn() {
        run(() -> {
            Thread.currentThread().interrupt(); // what code does that caught InterruptedException
            var stage = new CompletableFuture<String>();
            Async.spawn(() -> {
                Async.moment();
                stage.complete("value");
            });
            assertThat(Async.await(stage)).isEqualTo("value");
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    private static void fiveTimes(StringBuilder trace, char letter, Runnable wait) {
        for (int i = 0; i < 5; i++) {
            trace.append(letter);
            wait.run();
        }
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
