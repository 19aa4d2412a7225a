package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import whirlwind.testing.VirtualTime;

/** Coroutines of a loop whose time is virtual, and how they are cancelled. */
final class Coroutines {
    private Coroutines() {}

    /** Runs a body as a coroutine. */
    static void run(CheckedRunnable body) {
        new VirtualTime().run(body);
    }

    /** Lets a coroutine get to its wait, cancels it, and lets it end. */
    static void cancelWhenItWaits(Task<?> task) {
        Async.moment();
        assertThat(task.cancel()).isTrue();
        endsCancelled(task);
    }

    /** Lets a coroutine end that has been cancelled. */
    static void endsCancelled(Task<?> task) {
        assertThatThrownBy(() -> Async.await(task)).isInstanceOf(CancellationException.class);
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.cancel()).isFalse();
    }
}
