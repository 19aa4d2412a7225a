package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.testing.VirtualTime;

class EventTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Event event = new Event();

    @Test
    void startsCleared() {
        assertThat(event.isSet()).isFalse();
        assertThat(event).hasToString("Event[cleared]");
    }

    @Test
    void settingTwiceIsSettingOnce() {
        time.run(() -> {
            event.set();
            event.set();
            assertThat(event.isSet()).isTrue();
            assertThat(event).hasToString("Event[set]");
            event.clear();
            event.clear();
            assertThat(event.isSet()).isFalse();
        });
    }

    @Test
    void nobodyWaitsWhileItIsSet() {
        time.run(() -> {
            event.set();
            event.await();
            event.await(SECOND);
            event.await(Duration.ZERO);
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void settingWakesEverybodyInOrder() {
        var history = new ArrayList<Integer>();
        time.run(() -> {
            for (int i = 0; i < 3; i++) {
                int number = i;
                Async.spawn(() -> {
                    event.await();
                    history.add(number);
                });
            }
            time.advance(Duration.ZERO);
            assertThat(event).hasToString("Event[cleared, waiters 3]");
            event.set();
            assertThat(history).isEmpty();
            time.advance(Duration.ZERO);
            assertThat(history).containsExactly(0, 1, 2);
        });
    }

    @Test
    void whoWaitedBeforeItWasSetGoesOnEvenIfItIsClearedAtOnce() {
        time.run(() -> {
            var before = Async.spawn(() -> event.await());
            Async.moment();
            event.set();
            event.clear();
            var after = Async.spawn(() -> event.await());
            time.advance(SECOND);
            assertThat(before).isDone();
            assertThat(after).isNotDone();
            event.set();
            Async.await(after);
        });
    }

    @Test
    void waitingTimesOutAndLeavesNothingBehind() {
        time.run(() -> {
            assertThatThrownBy(() -> event.await(SECOND))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("Event.await timed out after 1 s");
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(event).hasToString("Event[cleared]");
            event.set();
            event.await(SECOND);
        });
    }

    @Test
    void waitingWithALimitEndsWhenItIsSet() {
        time.run(() -> {
            var waiter = Async.spawn(() -> event.await(SECOND.multipliedBy(2)));
            Async.sleep(SECOND);
            event.set();
            Async.await(waiter);
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }

    @Test
    void aLimitOfZeroTimesOutAtOnce() {
        time.run(() -> {
            for (var limit : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThatThrownBy(() -> event.await(limit))
                        .isInstanceOf(AsyncTimeoutException.class);
            }
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void aCancelledWaiterLeavesNothingBehind() {
        time.run(() -> {
            var waiter = Async.spawn(() -> event.await());
            Async.moment();
            waiter.cancel();
            Async.moment();
            assertThat(event).hasToString("Event[cleared]");
        });
    }

    @Test
    void aLimitMayBeAsFarInThePastAsADurationGoes() {
        new VirtualTime()
                .run(() -> {
                    var past = Duration.ofSeconds(Long.MIN_VALUE);
                    assertThatThrownBy(() -> new Event().await(past))
                            .isInstanceOf(AsyncTimeoutException.class);
                    var queue = new Queue<String>();
                    queue.putNowait("item");
                    assertThatThrownBy(() -> queue.join(past))
                            .isInstanceOf(AsyncTimeoutException.class);
                });
    }
}
