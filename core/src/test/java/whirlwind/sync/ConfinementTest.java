package whirlwind.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.loop.Async;
import whirlwind.testing.VirtualTime;

class ConfinementTest {

    static Stream<Named<Supplier<Runnable>>> uses() {
        return Stream.of(
                Named.of("Condition.signal", () -> new Condition()::signal),
                Named.of("Condition.signalAll", () -> new Condition()::signalAll),
                Named.of("Event.set", () -> new Event()::set),
                Named.of("Event.clear", () -> new Event()::clear),
                Named.of("Semaphore.acquire", () -> new Semaphore(9)::acquire),
                Named.of("Semaphore.release", () -> new Semaphore()::release),
                Named.of("Lock.acquire", () -> new Lock()::acquire),
                Named.of("Lock.release", () -> new Lock()::release),
                Named.of("Queue.putNowait", () -> queueUse(queue -> queue.putNowait(1))),
                Named.of("Queue.put", () -> queueUse(queue -> queue.put(1))),
                Named.of("Queue.getNowait", () -> filled()::getNowait),
                Named.of("Queue.get", () -> filled()::get),
                Named.of("Queue.taskDone", () -> filled()::taskDone));
    }

    private static Runnable queueUse(java.util.function.Consumer<Queue<Integer>> use) {
        var queue = filled();
        return () -> use.accept(queue);
    }

    private static Queue<Integer> filled() {
        var queue = new Queue<Integer>();
        for (int i = 0; i < 9; i++) {
            queue.putNowait(i);
        }
        return queue;
    }

    @ParameterizedTest
    @MethodSource("uses")
    void whatALoopHasUsedIsRefusedToOtherThreadsAndLoops(Supplier<Runnable> fresh) {
        var use = fresh.get();
        new VirtualTime()
                .run(() -> {
                    runOrFailFor("release of a lock", use);
                    assertThatThrownBy(() ->
                                    Async.await(
                                            Async.offload(() -> {
                                                use.run();
                                                return null;
                                            })))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining(" belongs to whirlwind-loop-")
                            .hasMessageContaining("-executor-")
                            .hasMessageEndingWith(": use addCallback of that loop");
                });

        assertThatThrownBy(() -> new VirtualTime().run(use::run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "this \\w+ belongs to (whirlwind-loop-\\d+), but is used by (?!\\1:)whirlwind-loop-.*");
    }

    /** Binding counts even where the use itself is an error. */
    private static void runOrFailFor(String reason, Runnable use) {
        try {
            use.run();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageStartingWith(reason);
        }
    }

    @Test
    void lookingIsAllowedFromAnywhere() {
        var queue = new Queue<Integer>(2);
        var semaphore = new Semaphore(3);
        var event = new Event();
        new VirtualTime()
                .run(() -> {
                    queue.put(1);
                    semaphore.acquire();
                    event.set();
                });

        assertThat(queue.size()).isEqualTo(1);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThat(event.isSet()).isTrue();
        assertThat(queue).hasToString("Queue[maxsize 2, items [1], unfinished 1]");
    }
}
