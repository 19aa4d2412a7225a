package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.Task;
import whirlwind.testing.VirtualTime;

/**
 * Many coroutines come, wait, hold, give up and are cancelled, at times so few that most things
 * happen at the same moment as others. A lost permit or wake-up shows as a body that can't end,
 * which {@link VirtualTime} reports.
 */
class SemaphorePropertyTest {

    /** One coroutine's life, in milliseconds; a limit or cancellation of zero is none. */
    record User(int arrives, int holds, int limit, boolean limitIsAround, int cancelledAfter) {
        boolean mustSucceed() {
            return limit == 0 && cancelledAfter == 0;
        }
    }

    @Provide
    Arbitrary<List<User>> users() {
        Arbitrary<Integer> often0 =
                Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.just(0)),
                        Tuple.of(2, Arbitraries.integers().between(1, 6)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 4),
                        often0,
                        Arbitraries.of(true, false),
                        often0)
                .as(User::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void noPermitIsLostOrDoubledAndWaitersAreServedInOrder(
            @ForAll @IntRange(min = 1, max = 4) int permits, @ForAll("users") List<User> users) {
        var time = new VirtualTime();
        time.run(() -> new Scenario(time, new BoundedSemaphore(permits), permits).run(users));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aLockIsHeldByOneAtATimeAndEndsUnlocked(@ForAll("users") List<User> users) {
        var time = new VirtualTime();
        var lock = new Lock();
        time.run(() -> {
            new Scenario(time, lock).run(users);
            assertThat(lock).hasToString("Lock[unlocked]");
        });
    }

    /** What coroutines assert fails the test only if somebody looks at them. */
    static void throwFailureOf(List<Task<?>> tasks) {
        for (var task : tasks) {
            assertThat(task).isDone();
            if (task.state() == Future.State.FAILED) {
                throw new AssertionError("a coroutine failed", task.exceptionNow());
            }
        }
    }

    private interface Acquire {
        Permit within(Duration limit);
    }

    private record Grant(int asked, Duration when) {}

    private static final class Scenario {
        private final VirtualTime time;
        private final Runnable atEachStep;
        private final Runnable atTheEnd;
        private final Acquire acquire;
        private final int permits;
        private final List<Grant> grants = new ArrayList<>();
        private int asked;
        private int held;

        Scenario(VirtualTime time, Semaphore semaphore, int permits) {
            this.time = time;
            this.permits = permits;
            acquire = limit -> limit == null ? semaphore.acquire() : semaphore.acquire(limit);
            atEachStep =
                    () -> {
                        if (semaphore.availablePermits() > 0) {
                            assertThat(semaphore.toString()).doesNotContain("waiters");
                        }
                    };
            atTheEnd = () -> assertThat(semaphore.availablePermits()).isEqualTo(permits);
        }

        Scenario(VirtualTime time, Lock lock) {
            this.time = time;
            this.permits = 1;
            acquire = limit -> limit == null ? lock.acquire() : lock.acquire(limit);
            atEachStep = () -> assertThat(lock.isLocked() || held == 0).isTrue();
            atTheEnd = () -> assertThat(lock.isLocked()).isFalse();
        }

        void run(List<User> users) {
            var tasks = new ArrayList<Task<?>>();
            for (var user : users) {
                var task = Async.spawn(() -> live(user));
                tasks.add(task);
                if (user.cancelledAfter > 0) {
                    Async.spawn(() -> {
                        Async.sleep(millis(user.cancelledAfter));
                        task.cancel();
                    });
                }
            }
            time.advance(Duration.ofHours(1));
            throwFailureOf(tasks);
            atTheEnd.run();
            assertThat(held).isZero();
            assertThat(grants.size())
                    .isGreaterThanOrEqualTo((int) users.stream().filter(User::mustSucceed).count());
            grants.sort(Comparator.comparing(Grant::asked));
            assertThat(grants).isSortedAccordingTo(Comparator.comparing(Grant::when));
        }

        private void live(User user) {
            Async.sleep(millis(user.arrives));
            int number = asked++;
            try (var _ = acquire(user)) {
                grants.add(new Grant(number, time.elapsed()));
                held++;
                assertThat(held).isLessThanOrEqualTo(permits);
                atEachStep.run();
                hold(user);
            } catch (AsyncTimeoutException _) {
                assertThat(user.limit).isPositive();
            } catch (CancellationException _) {
                assertThat(user.cancelledAfter).isPositive();
            }
            atEachStep.run();
        }

        private void hold(User user) {
            try {
                Async.sleep(millis(user.holds));
            } finally {
                held--;
            }
        }

        private Permit acquire(User user) {
            if (user.limit == 0) {
                return acquire.within(null);
            }
            return user.limitIsAround
                    ? Async.withTimeout(millis(user.limit), () -> acquire.within(null))
                    : acquire.within(millis(user.limit));
        }

        private static Duration millis(int millis) {
            return Duration.ofMillis(millis);
        }
    }
}
