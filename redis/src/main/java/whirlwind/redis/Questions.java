package whirlwind.redis;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Gatherers;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/**
 * For the engine's coroutines: calls Lettuce where it may be called, on the loop's own thread, and
 * waits for the answer. It throws what the answer failed with.
 */
record Questions(IOLoop loop) {
    /** So much is asked for at once before Redis is waited for. */
    private static final int AT_ONCE = 500;

    /** Does something there. */
    void run(Runnable action) {
        ask(() -> {
            action.run();
            return CompletableFuture.completedStage(true);
        });
    }

    <T> T ask(Supplier<? extends CompletionStage<T>> question) {
        return askAll(() -> List.of(question.get())).getFirst();
    }

    <T> List<T> askAll(Supplier<? extends List<? extends CompletionStage<T>>> questions) {
        var asked = new CompletableFuture<List<T>>();
        loop.addCallback(() -> {
            try {
                Async.all(questions.get(), Set.of(Throwable.class)) // the first one is enough
                        .whenComplete((answers, failure) -> {
                            if (failure == null) {
                                asked.complete(answers);
                            } else {
                                asked.completeExceptionally(failure);
                            }
                        });
            } catch (RuntimeException e) {
                asked.completeExceptionally(e);
            }
        });
        return Async.await(asked);
    }

    /** In which parts to ask for something that may be much. */
    static <T> List<List<T>> parts(List<T> all) {
        return all.stream().gather(Gatherers.windowFixed(AT_ONCE)).toList();
    }
}
