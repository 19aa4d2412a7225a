package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.testing.VirtualTime;

class QueueTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Queue<Integer> queue = new Queue<>();
    private final Queue<Integer> small = new Queue<>(1);

    // ---- size ----

    @Test
    void aQueueHasNoBoundUnlessToldSo() {
        time.run(() -> {
            assertThat(queue.maxsize()).isZero();
            for (int i = 0; i < 1000; i++) {
                queue.putNowait(i);
            }
            assertThat(queue.isFull()).isFalse();
            assertThat(queue.size()).isEqualTo(1000);
        });
    }

    @Test
    void aNegativeBoundIsRefused() {
        assertThatThrownBy(() -> new Queue<>(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxsize: -1 (at least 0, which is: no bound)");
    }

    @Test
    void sizeEmptyAndFullFollowTheItems() {
        time.run(() -> {
            assertThat(small.isEmpty()).isTrue();
            assertThat(small.isFull()).isFalse();
            small.putNowait(1);
            assertThat(small.isEmpty()).isFalse();
            assertThat(small.isFull()).isTrue();
            assertThat(small.size()).isEqualTo(1);
            assertThat(small.maxsize()).isEqualTo(1);
        });
    }

    @Test
    void nullIsNoItem() {
        assertThatThrownBy(() -> queue.put(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("item");
        assertThatThrownBy(() -> queue.putNowait(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.isEmpty()).isTrue();
    }

    // ---- putting ----

    @Test
    void putReturnsAtOnceWhileThereIsRoom() {
        time.run(() -> {
            small.put(1);
            queue.put(1, SECOND);
            queue.put(2, Duration.ZERO);
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void putWaitsForRoomInLine() {
        time.run(() -> {
            small.put(0);
            var first = Async.spawn(() -> small.put(1));
            var second = Async.spawn(() -> small.put(2));
            Async.moment();
            assertThat(small.get()).isZero();
            Async.await(first);
            assertThat(second).isNotDone();
            assertThat(small.get()).isEqualTo(1);
            Async.await(second);
            assertThat(small.get()).isEqualTo(2);
        });
    }

    @Test
    void anItemWhosePutTimesOutNeverEnters() {
        time.run(() -> {
            small.put(0);
            for (var limit : List.of(SECOND, Duration.ZERO)) {
                assertThatThrownBy(() -> small.put(1, limit))
                        .isInstanceOf(AsyncTimeoutException.class)
                        .hasMessage("Queue.put timed out after %d s", limit.toSeconds());
            }
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(small.get()).isZero();
            assertThat(small.isEmpty()).isTrue();
            small.taskDone();
            small.join();
        });
    }

    @Test
    void anItemWhosePutIsCancelledNeverEnters() {
        time.run(() -> {
            small.put(0);
            var cancelled = Async.spawn(() -> small.put(1));
            var next = Async.spawn(() -> small.put(2));
            Async.moment();
            cancelled.cancel();
            assertThat(small.get()).isZero();
            Async.await(next);
            assertThat(small.get()).isEqualTo(2);
        });
    }

    @Test
    void aLimitThatRoomBeatDoesNotFire() {
        time.run(() -> {
            small.put(0);
            var putter = Async.spawn(() -> small.put(1, SECOND));
            Async.moment();
            small.get();
            Async.await(putter);
            Async.sleep(SECOND);
            assertThat(small.get()).isEqualTo(1);
        });
    }

    @Test
    void putNowaitRefusesWhatHasNoRoom() {
        time.run(() -> {
            small.putNowait(0);
            assertThatThrownBy(() -> small.putNowait(1))
                    .isInstanceOf(QueueFullException.class)
                    .hasMessage("the queue is full: 1 items (at most 1)");
            assertThat(small.get()).isZero();
        });
    }

    @Test
    void putNowaitHandsTheItemToTheLongestWaitingGetterWhichRunsLater() {
        time.run(() -> {
            var history = new ArrayList<String>();
            for (var name : List.of("a", "b")) {
                Async.spawn(() -> history.add(name + queue.get()));
            }
            Async.moment();
            queue.putNowait(1);
            assertThat(queue.isEmpty()).isTrue();
            queue.putNowait(2);
            assertThat(history).isEmpty();
            Async.moment();
            assertThat(history).containsExactly("a1", "b2");
        });
    }

    @Test
    void itemsMayBePutInBeforeAnyLoopRuns() {
        queue.putNowait(1);

        assertThat(time.<Integer>run(() -> queue.get())).isEqualTo(1);
    }

    // ---- getting ----

    @Test
    void itemsComeOutAsTheyWentIn() {
        time.run(() -> {
            for (int i = 0; i < 3; i++) {
                queue.put(i);
            }
            assertThat(List.of(queue.get(), queue.getNowait(), queue.get(SECOND)))
                    .containsExactly(0, 1, 2);
        });
    }

    @Test
    void getTimesOutAndDoesNotStealALaterItem() {
        time.run(() -> {
            assertThatThrownBy(() -> queue.get(SECOND))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("Queue.get timed out after 1 s");
            queue.putNowait(1);
            assertThat(queue.get()).isEqualTo(1);
        });
    }

    @Test
    void aLimitOfZeroOrLessTimesOutAtOnceIfThereIsNothing() {
        time.run(() -> {
            for (var limit : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThatThrownBy(() -> queue.get(limit))
                        .isInstanceOf(AsyncTimeoutException.class);
            }
            assertThat(time.elapsed()).isZero();
            queue.put(1);
            assertThat(queue.get(Duration.ZERO)).isEqualTo(1);
        });
    }

    @Test
    void aLimitThatAnItemBeatDoesNotFire() {
        time.run(() -> {
            var getter = Async.spawn(() -> queue.get(SECOND));
            Async.moment();
            queue.put(1);
            assertThat(Async.await(getter)).isEqualTo(1);
            Async.sleep(SECOND);
        });
    }

    @Test
    void getNowaitRefusesIfThereIsNothing() {
        assertThatThrownBy(() -> queue.getNowait())
                .isInstanceOf(QueueEmptyException.class)
                .hasMessage("the queue is empty");
    }

    @Test
    void eachGetAdmitsOnePutter() {
        time.run(() -> {
            small.put(0);
            Async.spawn(() -> small.put(1));
            Async.spawn(() -> small.put(2));
            Async.moment();
            assertThat(small).hasToString("Queue[maxsize 1, items [0], putters 2, unfinished 1]");
            assertThat(small.getNowait()).isZero();
            assertThat(small).hasToString("Queue[maxsize 1, items [1], putters 1, unfinished 2]");
            assertThat(small.getNowait()).isEqualTo(1);
            assertThat(small.getNowait()).isEqualTo(2);
        });
    }

    @Test
    void aCancelledGetterLeavesTheItemToTheNext() {
        time.run(() -> {
            var cancelled = Async.spawn(() -> queue.get());
            var next = Async.spawn(() -> queue.get());
            Async.moment();
            cancelled.cancel();
            queue.put(1);
            assertThat(Async.await(next)).isEqualTo(1);
        });
    }

    @Test
    void aGetterThatIsCancelledAfterItWasHandedAnItemDeliversIt() {
        time.run(() -> {
            var delivered = new ArrayList<Integer>();
            var getter = Async.spawn(() -> delivered.add(queue.get()));
            Async.moment();
            queue.put(1);
            getter.cancel();
            Async.moment();
            assertThat(delivered).containsExactly(1);
        });
    }

    @Test
    void gettersAndPuttersOutOfTimeLeaveNothingBehind() {
        time.run(() -> {
            for (int i = 0; i < 5; i++) {
                Async.spawn(() -> queue.get(SECOND)).whenComplete((item, failure) -> {});
            }
            small.put(0);
            for (int i = 0; i < 5; i++) {
                Async.spawn(() -> small.put(1, SECOND)).whenComplete((nothing, failure) -> {});
            }
            Async.moment();
            assertThat(queue).hasToString("Queue[maxsize 0, getters 5]");
            assertThat(small).hasToString("Queue[maxsize 1, items [0], putters 5, unfinished 1]");
            Async.sleep(SECOND);
            assertThat(queue).hasToString("Queue[maxsize 0]");
            assertThat(small).hasToString("Queue[maxsize 1, items [0], unfinished 1]");
        });
    }

    @Test
    void iterationTakesItemAfterItem() {
        time.run(() -> {
            var producer =
                    Async.spawn(() -> {
                        for (int i = 0; i < 5; i++) {
                            small.put(i);
                            Async.sleep(SECOND);
                        }
                    });
            var items = new ArrayList<Integer>();
            for (int item : small) {
                items.add(item);
                if (item == 4) {
                    break;
                }
            }
            assertThat(items).containsExactly(0, 1, 2, 3, 4);
            Async.await(producer);
        });
    }

    // ---- work done ----

    @Test
    void joinReturnsAtOnceIfNothingWasEverPutIn() {
        time.run(() -> {
            queue.join();
            queue.join(Duration.ZERO);
        });
    }

    @Test
    void joinWaitsForTheWorkNotForTheQueueToBeEmpty() {
        time.run(() -> {
            queue.put(1);
            queue.put(2);
            var join = Async.spawn(() -> queue.join());
            queue.get();
            queue.get();
            Async.moment();
            queue.taskDone();
            Async.moment();
            assertThat(join).isNotDone();
            queue.taskDone();
            Async.await(join);
        });
    }

    @Test
    void theEndOfTheWorkWakesAllWhoWaitForIt() {
        time.run(() -> {
            queue.put(1);
            var first = Async.spawn(() -> queue.join());
            var second = Async.spawn(() -> queue.join());
            Async.moment();
            queue.get();
            queue.taskDone();
            Async.await(first);
            Async.await(second);
        });
    }

    @Test
    void joinCanBeUsedAgain() {
        time.run(() -> {
            for (int i = 0; i < 3; i++) {
                queue.put(i);
                var join = Async.spawn(() -> queue.join());
                Async.moment();
                assertThat(join).isNotDone();
                queue.get();
                queue.taskDone();
                Async.await(join);
                queue.join();
            }
        });
    }

    @Test
    void joinTimesOut() {
        time.run(() -> {
            queue.put(1);
            for (var limit : List.of(SECOND, Duration.ZERO)) {
                assertThatThrownBy(() -> queue.join(limit))
                        .isInstanceOf(AsyncTimeoutException.class)
                        .hasMessage("Queue.join timed out after %d s", limit.toSeconds());
            }
            assertThat(time.elapsed()).isEqualTo(SECOND);
            queue.get();
            queue.taskDone();
            queue.join(SECOND);
        });
    }

    @Test
    void joinWaitsForItemsPutInBeforeItCameToRunWithinTheSameLimit() {
        time.run(() -> {
            queue.put(1);
            var join = Async.spawn(() -> queue.join(SECOND));
            Async.sleep(SECOND.dividedBy(2));
            queue.taskDone();
            queue.put(2);
            assertThatThrownBy(() -> Async.await(join))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("Queue.join timed out after 1 s");
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }

    @Test
    void moreTasksDoneThanItemsPutInIsAnError() {
        time.run(() -> {
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("taskDone was called more often than items were put in");
            queue.put(1);
            queue.taskDone();
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void joinDoesNotReturnEarlyWhileAConsumerThatNeverWaitsOutrunsTheProducer() {
        var bounded = new Queue<Integer>(3);
        time.run(() -> {
            var history = new ArrayList<Integer>();
            Async.spawn(() -> {
                for (int item : bounded) {
                    history.add(item);
                    bounded.taskDone();
                }
            });
            Async.spawn(() -> {
                for (int i = 0; i < 10; i++) {
                    bounded.put(i);
                }
            });
            Async.moment();
            bounded.join();
            assertThat(history).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        });
    }

    @Test
    void aThousandProducersAndConsumersMeet() {
        time.run(() -> {
            int[] sum = {0};
            for (int i = 0; i < 1000; i++) {
                Async.spawn(() -> {
                    int item = small.get();
                    sum[0] += item;
                    Async.sleep(SECOND);
                    small.taskDone();
                });
            }
            for (int i = 0; i < 1000; i++) {
                int number = i;
                Async.spawn(() -> small.put(number));
            }
            Async.moment();
            small.join();
            assertThat(sum[0]).isEqualTo(999 * 1000 / 2);
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(IOLoop.current().tasks().size()).isLessThan(5);
        });
    }
}
