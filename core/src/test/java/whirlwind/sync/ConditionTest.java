package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.Task;
import whirlwind.testing.VirtualTime;

class ConditionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Condition condition = new Condition();
    private final List<Object> history = new ArrayList<>();

    @Test
    void signalWakesTheLongestWaiter() {
        time.run(() -> {
            waiters(3);
            condition.signal();
            settle();
            assertThat(history).containsExactly(0);
            condition.signal();
            settle();
            assertThat(history).containsExactly(0, 1);
            condition.signalAll();
        });
    }

    @Test
    void signalWakesAsManyAsAskedInTheOrderInWhichTheyCame() {
        time.run(() -> {
            waiters(4);
            condition.signal(2);
            settle();
            assertThat(history).containsExactly(0, 1);
            condition.signal(9);
            settle();
            assertThat(history).containsExactly(0, 1, 2, 3);
        });
    }

    @Test
    void aSignalIsSeenWhenTheSignallerSuspends() {
        time.run(() -> {
            waiters(1);
            condition.signal();
            assertThat(history).isEmpty();
            Async.moment();
            assertThat(history).containsExactly(0);
        });
    }

    @Test
    void signalAllWakesEverybodyInOrder() {
        time.run(() -> {
            waiters(4);
            condition.signalAll();
            settle();
            assertThat(history).containsExactly(0, 1, 2, 3);
        });
    }

    @Test
    void aSignalIsNotRemembered() {
        time.run(() -> {
            condition.signal();
            condition.signalAll();
            assertThat(condition.await(SECOND)).isFalse();
        });
    }

    @Test
    void awaitSaysWhetherItWasSignalledBeforeTheLimit() {
        time.run(() -> {
            var early = Async.spawn(() -> condition.await(SECOND.multipliedBy(2)));
            var late = Async.spawn(() -> condition.await(SECOND));
            Async.sleep(SECOND.multipliedBy(3).dividedBy(2));
            condition.signal();
            condition.signal();
            assertThat(Async.await(early)).isTrue();
            assertThat(Async.await(late)).isFalse();
            assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(1500));
            assertThat(condition).hasToString("Condition");
        });
    }

    @Test
    void aLimitOfZeroOrLessAnswersAtOnce() {
        time.run(() -> {
            assertThat(condition.await(Duration.ZERO)).isFalse();
            assertThat(condition.await(Duration.ofSeconds(-1))).isFalse();
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void aSignalAndTheLimitAtTheSameMomentGiveOneOutcome() {
        time.run(() -> {
            var waiter = Async.spawn(() -> condition.await(SECOND));
            var second = Async.spawn(() -> condition.await());
            Async.sleep(SECOND); // its timer is made first, so it fires before the limit
            condition.signal();
            boolean signalled = Async.await(waiter);
            assertThat(second.isDone()).isEqualTo(!signalled);
            condition.signal();
            Async.await(second);
        });
    }

    @Test
    void waitersOutOfTimeDoNotCountAgainstASignal() {
        time.run(() -> {
            waiters(1);
            var gone = Async.spawn(() -> condition.await(SECOND));
            settle();
            waiters(1);
            Async.await(gone);
            condition.signal(2);
            settle();
            assertThat(history).containsExactly(0, 0);
        });
    }

    @Test
    void signalAllWakesTheOthersInOrderAroundOneThatIsOutOfTime() {
        time.run(() -> {
            Async.spawn(() -> record("first", condition.await(SECOND.multipliedBy(9))));
            Async.spawn(() -> record("gone", condition.await(SECOND)));
            Async.spawn(() -> record("last", condition.await(SECOND.multipliedBy(9))));
            Async.sleep(SECOND.multipliedBy(2));
            condition.signalAll();
            settle();
            assertThat(history).containsExactly("gone false", "first true", "last true");
        });
    }

    @Test
    void aWaiterThatSignalsLosesNobody() {
        time.run(() -> {
            Async.spawn(() -> {
                condition.await();
                history.add("first");
                condition.signal();
                condition.await();
                history.add("first again");
            });
            Async.spawn(() -> {
                condition.await();
                history.add("second");
                condition.signal();
            });
            settle();
            condition.signal();
            settle();
            assertThat(history).containsExactly("first", "second", "first again");
        });
    }

    @Test
    void waitersOutOfTimeLeaveNothingBehind() {
        time.run(() -> {
            for (int i = 0; i < 101; i++) {
                Async.spawn(() -> condition.await(SECOND));
            }
            settle();
            waiters(1);
            assertThat(condition).hasToString("Condition[waiters 102]");
            Async.sleep(SECOND);
            settle();
            assertThat(condition).hasToString("Condition[waiters 1]");
            condition.signal();
            settle();
            assertThat(history).containsExactly(0);
        });
    }

    @Test
    void aCancelledWaiterLeavesTheLineAndTheNextOneGetsTheSignal() {
        time.run(() -> {
            var waiters = waiters(2);
            waiters.getFirst().cancel();
            condition.signal();
            settle();
            assertThat(history).containsExactly(1);
            assertThatThrownBy(() -> Async.await(waiters.getFirst()))
                    .isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void aWaiterThatIsCancelledAfterTheSignalHasHadIt() {
        time.run(() -> {
            var waiters = waiters(2);
            condition.signal();
            waiters.getFirst().cancel();
            settle();
            assertThat(history).containsExactly(0);
            assertThat(condition).hasToString("Condition[waiters 1]");
            condition.signal();
        });
    }

    @Test
    void aNegativeCountIsRefused() {
        assertThatThrownBy(() -> condition.signal(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count: -1 (at least 0)");
    }

    @Test
    void waitingNeedsACoroutineAndLeavesNothingBehindWithoutOne() {
        time.run(() -> {
            assertThatThrownBy(() -> Async.await(callback(condition::await)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(condition).hasToString("Condition");
        });
    }

    static java.util.concurrent.CompletableFuture<Void> callback(Runnable body) {
        return java.util.concurrent.CompletableFuture.runAsync(
                body, whirlwind.loop.IOLoop.current());
    }

    private List<Task<?>> waiters(int count) {
        var tasks = new ArrayList<Task<?>>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(
                    Async.spawn(() -> {
                        condition.await();
                        history.add(number);
                    }));
        }
        settle();
        return tasks;
    }

    private void record(String name, boolean signalled) {
        history.add(name + " " + signalled);
    }

    private void settle() {
        time.advance(Duration.ZERO);
    }
}
