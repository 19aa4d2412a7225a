package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * Producers, consumers and joiners that come, wait, give up and are cancelled at colliding moments.
 */
class QueuePropertyTest {

    enum Kind {
        PUT,
        GET,
        JOIN
    }

    /** One coroutine's life, in milliseconds; a limit or cancellation of zero is none. */
    record Visit(
            Kind kind,
            int arrives,
            int works,
            int limit,
            boolean limitIsAround,
            int cancelledAfter) {}

    @Provide
    Arbitrary<List<Visit>> visits() {
        Arbitrary<Integer> often0 =
                Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.just(0)),
                        Tuple.of(2, Arbitraries.integers().between(1, 6)));
        Arbitrary<Kind> kinds =
                Arbitraries.frequency(
                        Tuple.of(5, Kind.PUT), Tuple.of(5, Kind.GET), Tuple.of(1, Kind.JOIN));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 4),
                        often0,
                        Arbitraries.of(true, false),
                        often0)
                .as(Visit::new)
                .list()
                .ofMaxSize(50);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void noItemIsLostDoubledOrOutOfOrder(
            @ForAll @IntRange(min = 0, max = 3) int maxsize, @ForAll("visits") List<Visit> visits) {
        var time = new VirtualTime();
        time.run(() -> new Scenario(time, new Queue<>(maxsize), true).run(visits));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void noItemIsLostOrDoubledInAnotherOrder(
            @ForAll @IntRange(min = 0, max = 3) int maxsize,
            @ForAll boolean lifo,
            @ForAll("visits") List<Visit> visits) {
        var time = new VirtualTime();
        Queue<Integer> queue = lifo ? new LifoQueue<>(maxsize) : new PriorityQueue<>(maxsize);
        time.run(() -> new Scenario(time, queue, false).run(visits));
    }

    private record Got(int item, Duration when) {}

    private static final class Scenario {
        private final VirtualTime time;
        private final Queue<Integer> queue;
        private final boolean inOrder;

        /** Items whose put returned normally; the others must never be seen. */
        private final Set<Integer> entered = new HashSet<>();

        private final List<Got> got = new ArrayList<>();
        private int nextItem;
        private int unfinishedWork;

        Scenario(VirtualTime time, Queue<Integer> queue, boolean inOrder) {
            this.time = time;
            this.queue = queue;
            this.inOrder = inOrder;
        }

        void run(List<Visit> visits) {
            var tasks = new ArrayList<Task<?>>();
            for (var visit : visits) {
                var task = Async.spawn(() -> live(visit));
                tasks.add(task);
                if (visit.cancelledAfter > 0) {
                    Async.spawn(() -> {
                        Async.sleep(millis(visit.cancelledAfter));
                        task.cancel();
                    });
                }
            }
            time.advance(Duration.ofHours(1));
            checkNobodyWaitsInVain();
            tasks.forEach(task -> task.cancel());
            time.advance(Duration.ofHours(1));
            SemaphorePropertyTest.throwFailureOf(tasks);
            checkItems();
            checkJoinFollowsTheWork();
        }

        private void live(Visit visit) {
            Async.sleep(millis(visit.arrives));
            try {
                switch (visit.kind) {
                    case PUT -> put(visit);
                    case GET -> get(visit);
                    case JOIN -> join(visit);
                }
            } catch (AsyncTimeoutException _) {
                assertThat(visit.limit).isPositive();
            }
            assertThat(queue.maxsize() == 0 || queue.size() <= queue.maxsize()).isTrue();
        }

        private void put(Visit visit) {
            int item = nextItem++;
            limited(
                    visit,
                    limit -> {
                        if (limit == null) {
                            queue.put(item);
                        } else {
                            queue.put(item, limit);
                        }
                        return null;
                    });
            entered.add(item);
            unfinishedWork++;
        }

        private void get(Visit visit) {
            int item = limited(visit, limit -> limit == null ? queue.get() : queue.get(limit));
            got.add(new Got(item, time.elapsed()));
            try {
                Async.sleep(millis(visit.works));
            } finally {
                queue.taskDone();
                unfinishedWork--;
            }
        }

        private void join(Visit visit) {
            limited(
                    visit,
                    limit -> {
                        if (limit == null) {
                            queue.join();
                        } else {
                            queue.join(limit);
                        }
                        return null;
                    });
            assertThat(queue.isEmpty()).isTrue();
        }

        private interface Limited<T> {
            T within(Duration limit);
        }

        private static <T> T limited(Visit visit, Limited<T> call) {
            if (visit.limit == 0) {
                return call.within(null);
            }
            return visit.limitIsAround
                    ? Async.withTimeout(millis(visit.limit), () -> call.within(null))
                    : call.within(millis(visit.limit));
        }

        private void checkNobodyWaitsInVain() {
            if (queue.toString().contains("getters")) {
                assertThat(queue.isEmpty()).isTrue();
                assertThat(queue.toString()).doesNotContain("putters");
            }
            if (queue.toString().contains("putters")) {
                assertThat(queue.isFull()).isTrue();
            }
        }

        private void checkItems() {
            var items = new ArrayList<>(got.stream().map(Got::item).toList());
            if (inOrder) {
                // Coroutines of one moment may come to note their items in another order than they
                // were handed them.
                got.sort(Comparator.comparing(Got::item));
                assertThat(got).isSortedAccordingTo(Comparator.comparing(Got::when));
            }
            while (!queue.isEmpty()) {
                items.add(queue.getNowait());
                unfinishedWork--;
                queue.taskDone();
            }
            assertThat(items).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(entered);
        }

        private void checkJoinFollowsTheWork() {
            assertThat(unfinishedWork).isZero();
            queue.join(Duration.ZERO);
        }

        private static Duration millis(int millis) {
            return Duration.ofMillis(millis);
        }
    }
}
