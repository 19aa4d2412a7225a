package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.testing.VirtualTime;

class QueueOrderTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void aPriorityQueueGivesTheSmallestFirst() {
        time.run(
                () -> assertThat(through(new PriorityQueue<>(), 3, 1, 2)).containsExactly(1, 2, 3));
    }

    @Test
    void aPriorityQueueTakesAnOrderOfYourOwn() {
        time.run(() ->
                assertThat(
                                through(
                                        new PriorityQueue<>(0, Comparator.<Integer>reverseOrder()),
                                        1,
                                        3,
                                        2))
                        .containsExactly(3, 2, 1));
    }

    @Test
    void aPriorityQueueKeepsItsOrderThroughWaitingPutters() {
        time.run(() -> {
            var queue = new PriorityQueue<Integer>(1);
            assertThat(throughWaitingPutters(queue, 2, 0, 1)).containsExactly(2, 0, 1);
            var wider = new PriorityQueue<Integer>(2);
            assertThat(throughWaitingPutters(wider, 3, 2, 4, 1)).containsExactly(2, 3, 1, 4);
        });
    }

    @Test
    void aPriorityQueueRefusesWhatItCannotCompareAndStaysWhole() {
        time.run(() -> {
            var queue = new PriorityQueue<Object>();
            assertThatThrownBy(() -> queue.put(new Object()))
                    .isInstanceOf(ClassCastException.class);
            queue.join();
            assertThat(queue.isEmpty()).isTrue();
        });
    }

    @Test
    void aLifoQueueGivesTheNewestFirst() {
        time.run(() -> assertThat(through(new LifoQueue<>(), 3, 1, 2)).containsExactly(2, 1, 3));
    }

    @Test
    void aLifoQueueKeepsItsOrderThroughWaitingPutters() {
        time.run(() -> {
            assertThat(throughWaitingPutters(new LifoQueue<>(1), 2, 0, 1)).containsExactly(2, 0, 1);
            assertThat(throughWaitingPutters(new LifoQueue<>(2), 3, 2, 4, 1))
                    .containsExactly(2, 4, 1, 3);
        });
    }

    @Test
    void negativeBoundsAreRefused() {
        assertThatThrownBy(() -> new PriorityQueue<>(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LifoQueue<>(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theStringFormNamesTheKind() {
        time.run(() -> {
            var queue = new LifoQueue<Integer>(3);
            queue.put(1);
            queue.put(2);
            assertThat(queue).hasToString("LifoQueue[maxsize 3, items [2, 1], unfinished 2]");
            assertThat(new PriorityQueue<>()).hasToString("PriorityQueue[maxsize 0]");
        });
    }

    @Test
    void aSubclassBringsItsOwnOrder() {
        time.run(() -> assertThat(through(new Latest<>(), 1, 2, 3)).containsExactly(3));
    }

    /** Holds only the item put in last. */
    private static final class Latest<E> extends Queue<E> {
        Latest() {
            super(
                    0,
                    new java.util.AbstractQueue<E>() {
                        private final List<E> last = new ArrayList<>();

                        @Override
                        public boolean offer(E item) {
                            last.clear();
                            return last.add(item);
                        }

                        @Override
                        public E poll() {
                            return last.isEmpty() ? null : last.removeFirst();
                        }

                        @Override
                        public E peek() {
                            return last.isEmpty() ? null : last.getFirst();
                        }

                        @Override
                        public java.util.Iterator<E> iterator() {
                            return last.iterator();
                        }

                        @Override
                        public int size() {
                            return last.size();
                        }
                    });
        }
    }

    private static List<Integer> through(Queue<Integer> queue, int... items) {
        for (int item : items) {
            queue.put(item);
        }
        return drain(queue);
    }

    private List<Integer> throughWaitingPutters(Queue<Integer> queue, int... items) {
        for (int item : items) {
            Async.spawn(() -> queue.put(item));
        }
        time.advance(Duration.ZERO);
        return drain(queue);
    }

    private static List<Integer> drain(Queue<Integer> queue) {
        var items = new ArrayList<Integer>();
        while (!queue.isEmpty()) {
            items.add(queue.getNowait());
        }
        return items;
    }

    @Test
    void anItemThatIsRefusedFailsItsOwnPutAndTakesNoOtherAlong() {
        time.run(() -> {
            var queue = new PriorityQueue<Object>(1);
            queue.putNowait(1);
            var refused = Async.spawn(() -> queue.put(new Object()));
            var next = Async.spawn(() -> queue.put(2));
            Async.moment();
            assertThat(queue.get()).isEqualTo(1);
            assertThatThrownBy(() -> Async.await(refused)).isInstanceOf(ClassCastException.class);
            Async.await(next);
            assertThat(queue.get()).isEqualTo(2);
            queue.taskDone();
            queue.taskDone();
            queue.join(); // the refused one doesn't count
        });
    }
}
