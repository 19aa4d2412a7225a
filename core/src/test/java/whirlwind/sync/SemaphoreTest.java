package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.testing.VirtualTime;

class SemaphoreTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final List<Integer> history = new ArrayList<>();

    @Test
    void hasOnePermitByDefault() {
        assertThat(new Semaphore().availablePermits()).isEqualTo(1);
        assertThat(new BoundedSemaphore().availablePermits()).isEqualTo(1);
    }

    @Test
    void aNegativeNumberOfPermitsIsRefused() {
        assertThatThrownBy(() -> new Semaphore(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("permits: -1 (at least 0)");
        assertThatThrownBy(() -> new BoundedSemaphore(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itsStringFormShowsValueOrWaiters() {
        time.run(() -> {
            var semaphore = new Semaphore(2);
            assertThat(semaphore).hasToString("Semaphore[unlocked, value 2]");
            semaphore.acquire();
            semaphore.acquire();
            assertThat(semaphore).hasToString("Semaphore[locked]");
            Async.spawn(() -> semaphore.acquire());
            Async.moment();
            assertThat(semaphore).hasToString("Semaphore[locked, waiters 1]");
            semaphore.release();
            assertThat(new BoundedSemaphore()).hasToString("BoundedSemaphore[unlocked, value 1]");
        });
    }

    @Test
    void acquiringWhatIsFreeNeedsNoCoroutine() {
        var semaphore = new Semaphore();
        time.run(() -> {
            Async.await(ConditionTest.callback(semaphore::acquire));
            assertThat(semaphore.availablePermits()).isZero();
            assertThatThrownBy(() -> Async.await(ConditionTest.callback(semaphore::acquire)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(semaphore).hasToString("Semaphore[locked]");
        });
    }

    @Test
    void releasedPermitsGoToWaitersInTheOrderInWhichTheyCame() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            for (int i = 0; i < 4; i++) {
                int number = i;
                Async.spawn(() -> {
                    semaphore.acquire();
                    history.add(number);
                });
            }
            time.advance(Duration.ZERO);
            semaphore.release();
            semaphore.release();
            time.advance(Duration.ZERO);
            assertThat(history).containsExactly(0, 1);
            semaphore.release();
            semaphore.release();
            time.advance(Duration.ZERO);
            assertThat(history).containsExactly(0, 1, 2, 3);
        });
    }

    @Test
    void aReleasedPermitIsTheWaitersBeforeItRuns() {
        var semaphore = new Semaphore(1);
        time.run(() -> {
            semaphore.acquire();
            var waiter = Async.spawn(() -> semaphore.acquire());
            Async.moment();
            semaphore.release();
            assertThat(semaphore.availablePermits()).isZero();
            assertThatThrownBy(() -> semaphore.acquire(Duration.ZERO))
                    .isInstanceOf(AsyncTimeoutException.class);
            Async.await(waiter);
        });
    }

    @Test
    void releasesBeyondTheFirstNumberAddPermits() {
        var semaphore = new Semaphore();
        time.run(() -> {
            semaphore.release();
            semaphore.release();
            for (int i = 0; i < 3; i++) {
                semaphore.acquire(Duration.ZERO);
            }
            assertThat(semaphore.availablePermits()).isZero();
        });
    }

    @Test
    void acquiringTimesOutAndThePermitReleasedLaterIsFree() {
        var semaphore = new Semaphore();
        time.run(() -> {
            semaphore.acquire();
            assertThatThrownBy(() -> semaphore.acquire(SECOND))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("Semaphore.acquire timed out after 1 s");
            assertThat(time.elapsed()).isEqualTo(SECOND);
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            semaphore.acquire(Duration.ZERO);
        });
    }

    @Test
    void aLimitThatAReleaseBeatDoesNotFire() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            var waiter =
                    Async.spawn(() -> {
                        try (var _ = semaphore.acquire(SECOND)) {
                            Async.sleep(SECOND.multipliedBy(5));
                        }
                    });
            Async.sleep(SECOND.dividedBy(2));
            semaphore.release();
            Async.await(waiter);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    @Test
    void aHundredWaitersOutOfTimeLeaveNothingBehind() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            for (int i = 0; i < 101; i++) {
                Async.spawn(() -> semaphore.acquire(SECOND)).whenComplete((permit, failure) -> {});
            }
            var live = Async.spawn(() -> semaphore.acquire());
            Async.sleep(SECOND);
            Async.moment();
            assertThat(semaphore).hasToString("Semaphore[locked, waiters 1]");
            semaphore.release();
            Async.await(live);
        });
    }

    @Test
    void aPermitIsReleasedAtTheEndOfItsScopeAlsoAfterAnException() {
        var semaphore = new Semaphore();
        time.run(() -> {
            try (var _ = semaphore.acquire()) {
                assertThat(semaphore.availablePermits()).isZero();
            }
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThatThrownBy(
                            () -> {
                                try (var _ = semaphore.acquire(SECOND)) {
                                    throw new IllegalArgumentException("mine");
                                }
                            })
                    .hasMessage("mine");
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        });
    }

    @Test
    void aScopeThatIsNotEnteredInTimeReleasesNothing() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            assertThatThrownBy(
                            () -> {
                                try (var _ = semaphore.acquire(SECOND)) {
                                    throw new AssertionError("entered");
                                }
                            })
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(semaphore.availablePermits()).isZero();
        });
    }

    @Test
    void aCancelledWaiterLeavesItsPlaceToTheNext() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            var cancelled = Async.spawn(() -> semaphore.acquire());
            var next = Async.spawn(() -> semaphore.acquire());
            Async.moment();
            cancelled.cancel();
            semaphore.release();
            Async.await(next);
            assertThat(semaphore).hasToString("Semaphore[locked]");
        });
    }

    @Test
    void aWaiterThatIsCancelledAfterItWasHandedThePermitReleasesIt() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            var waiter =
                    Async.spawn(() -> {
                        try (var _ = semaphore.acquire()) {
                            history.add(1);
                            Async.moment(); // here the cancellation comes
                            history.add(2);
                        }
                    });
            Async.moment();
            semaphore.release();
            waiter.cancel();
            assertThatThrownBy(() -> Async.await(waiter)).isInstanceOf(CancellationException.class);
            assertThat(history).containsExactly(1);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        });
    }

    @Test
    void aLimitAroundAnAcquireLosesNoPermit() {
        var semaphore = new Semaphore(0);
        time.run(() -> {
            Async.spawn(() -> {
                Async.sleep(SECOND);
                semaphore.release();
            });
            var got =
                    Async.spawn(() -> {
                        try (var _ = Async.withTimeout(SECOND, () -> semaphore.acquire())) {
                            return true;
                        } catch (AsyncTimeoutException _) {
                            return false;
                        }
                    });
            Async.await(got);
            Async.sleep(SECOND);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        });
    }

    @Test
    void aBoundedSemaphoreRefusesReleasesBeyondItsBound() {
        var semaphore = new BoundedSemaphore(2);
        time.run(() -> {
            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("released more often than acquired: all 2 permits are there");
            for (int i = 0; i < 3; i++) {
                semaphore.acquire();
                semaphore.acquire();
                var waiter = Async.spawn(() -> semaphore.acquire());
                Async.moment();
                semaphore.release();
                Async.await(waiter);
                semaphore.release();
                semaphore.release();
                assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            }
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        });
    }
}
