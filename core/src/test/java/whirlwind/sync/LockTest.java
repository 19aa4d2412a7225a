package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.Task;
import whirlwind.testing.VirtualTime;

class LockTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Lock lock = new Lock();

    @Test
    void oneCoroutineHoldsItAcrossItsSuspensions() {
        var history = new ArrayList<String>();
        time.run(() -> {
            var tasks = new ArrayList<Task<?>>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                tasks.add(
                        Async.spawn(() -> {
                            try (var _ = lock.acquire()) {
                                history.add("in " + number);
                                Async.sleep(SECOND);
                                history.add("out " + number);
                            }
                        }));
            }
            Async.await(tasks);
        });

        assertThat(history)
                .containsExactly(
                        "in 0", "out 0", "in 1", "out 1", "in 2", "out 2", "in 3", "out 3", "in 4",
                        "out 4");
        assertThat(time.elapsed()).isEqualTo(SECOND.multipliedBy(5));
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void itMayBeAcquiredAndReleasedWithoutAScope() {
        time.run(() -> {
            lock.acquire();
            var waiter = Async.spawn(() -> lock.acquire());
            Async.moment();
            assertThat(lock).hasToString("Lock[locked, waiters 1]");
            lock.release();
            Async.await(waiter);
            assertThat(lock).hasToString("Lock[locked]");
            lock.release();
            assertThat(lock).hasToString("Lock[unlocked]");
        });
    }

    @Test
    void itPassesToTheNextWaiterBeforeAnybodyElseCanTakeIt() {
        time.run(() -> {
            lock.acquire();
            var waiter = Async.spawn(() -> lock.acquire());
            Async.moment();
            lock.release();
            assertThat(lock.isLocked()).isTrue();
            assertThatThrownBy(() -> lock.acquire(Duration.ZERO))
                    .isInstanceOf(AsyncTimeoutException.class);
            Async.await(waiter);
        });
    }

    @Test
    void releasingWhatNobodyHoldsIsAnError() {
        time.run(() -> {
            assertThatThrownBy(lock::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("release of a lock that nobody holds");
            var permit = lock.acquire();
            permit.close();
            assertThatThrownBy(permit::close).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void acquiringTimesOut() {
        time.run(() -> {
            lock.acquire();
            for (var limit : List.of(SECOND, Duration.ZERO)) {
                assertThatThrownBy(() -> lock.acquire(limit))
                        .isInstanceOf(AsyncTimeoutException.class)
                        .hasMessage("Lock.acquire timed out after %d s", limit.toSeconds());
            }
            lock.release();
            assertThat(lock.isLocked()).isFalse();
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }

    @Test
    void aCancelledHolderLeavesItToTheNext() {
        time.run(() -> {
            var holder =
                    Async.spawn(() -> {
                        try (var _ = lock.acquire()) {
                            Async.sleep(Duration.ofDays(1));
                        }
                    });
            var waiter = Async.spawn(() -> lock.acquire());
            Async.sleep(SECOND);
            holder.cancel();
            Async.await(waiter);
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }
}
