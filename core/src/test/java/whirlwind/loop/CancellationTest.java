package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Coroutines.cancelWhenItWaits;
import static whirlwind.loop.Coroutines.endsCancelled;
import static whirlwind.loop.Coroutines.run;
import static whirlwind.loop.Loops.never;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private final List<String> trace = new ArrayList<>();

    @Test
    void cancellationEndsAnAwaitAndCancelsWhatItWaitedFor() {
        run(() -> {
            var stage = Loops.<String>never();
            cancelWhenItWaits(Async.spawn(() -> Async.await(stage)));
            assertThat(stage).isCancelled();
        });
    }

    @Test
    void cancellationEndsASleepAndItsTimer() {
        run(() -> {
            int timers = IOLoop.current().metrics().timers();
            cancelWhenItWaits(Async.spawn(() -> Async.sleep(Duration.ofHours(1))));
            assertThat(IOLoop.current().metrics().timers()).isEqualTo(timers);
        });
    }

    @Test
    void cancellationBeforeTheStartKeepsTheBodyFromRunning() {
        run(() -> {
            var task = Async.spawn(() -> trace.add("ran"));
            task.cancel();
            endsCancelled(task);
            assertThat(trace).isEmpty();
        });
    }

    @Test
    void cancellationFromAnotherThreadArrives() {
        run(() -> {
            for (int i = 0; i < 100; i++) {
                var task = Async.spawn(() -> Async.await(never()));
                Async.await(Async.offload(() -> task.cancel()));
                endsCancelled(task);
            }
        });
    }

    @Test
    void cancellationIsDeliveredOnceSoThatCleaningUpMayWait() {
        run(() -> {
            var task =
                    Async.spawn(() -> {
                        try {
                            Async.await(never());
                        } finally {
                            Async.moment();
                            Async.sleep(Duration.ofSeconds(1));
                            Async.await(Async.spawn(() -> "rollback"));
                            trace.add("cleaned up");
                        }
                    });
            cancelWhenItWaits(task);
            assertThat(trace).containsExactly("cleaned up");
        });
    }

    @Test
    void coroutineThatCatchesItsCancellationGoesOn() {
        run(() -> {
            var task =
                    Async.spawn(() -> {
                        try {
                            Async.await(never());
                        } catch (CancellationException e) {
                            Async.moment();
                        }
                        return "went on";
                    });
            Async.moment();
            task.cancel();
            assertThat(Async.await(task)).isEqualTo("went on");
        });
    }

    @Test
    void secondCancellationInterruptsTheCleanUp() {
        run(() -> {
            var task =
                    Async.spawn(() -> {
                        try {
                            Async.await(never());
                        } finally {
                            Async.await(never());
                        }
                    });
            Async.moment();
            task.cancel();
            Async.moment();
            assertThat(task).isNotDone();
            task.cancel();
            endsCancelled(task);
        });
    }

    @Test
    void cancellationOfACoroutineThatRunsEndsItsNextWait() {
        run(() -> {
            var self = new ArrayList<Task<?>>();
            self.add(
                    Async.spawn(() -> {
                        self.getFirst().cancel();
                        trace.add("before the wait");
                        Async.await(never());
                        trace.add("after the wait");
                    }));
            endsCancelled(self.getFirst());
            assertThat(trace).containsExactly("before the wait");
        });
    }

    @Test
    void cancelledCoroutineThatNeverWaitsAgainEndsAsItWould() {
        run(() -> {
            var self = new ArrayList<Task<String>>();
            self.add(
                    Async.spawn(() -> {
                        self.getFirst().cancel();
                        return "value";
                    }));
            assertThat(Async.await(self.getFirst())).isEqualTo("value");
        });
    }

    @Test
    void resultThatComesTogetherWithTheCancellationIsDelivered() {
        run(() -> {
            var permit = Loops.<String>never();
            var task =
                    Async.spawn(() -> {
                        trace.add(Async.await(permit));
                        Async.await(never());
                    });
            Async.moment();
            permit.complete("permit");
            task.cancel();
            endsCancelled(task);
            assertThat(trace).containsExactly("permit");
        });
    }

    @Test
    void cancellingAParentEndsTheChildItWaitsFor() {
        run(() -> {
            var child =
                    Async.spawn(() -> {
                        try {
                            Async.await(never());
                        } finally {
                            Async.moment();
                            trace.add("child");
                        }
                    });
            var parent =
                    Async.spawn(() -> {
                        try {
                            Async.await(child);
                        } finally {
                            trace.add("parent");
                        }
                    });
            Async.moment();
            parent.cancel();
            endsCancelled(parent);
            assertThat(child).isCancelled();
            assertThat(trace).containsExactly("child", "parent");
        });
    }

    @Test
    void stageThatRefusesToBeCancelledIsAbandoned() {
        run(() -> {
            var stubborn =
                    new CompletableFuture<String>() {
                        @Override
                        public boolean cancel(boolean mayInterruptIfRunning) {
                            return false;
                        }
                    };
            cancelWhenItWaits(Async.spawn(() -> Async.await(stubborn)));
            assertThat(stubborn).isNotDone();
        });
    }

    @Test
    void plainFutureIsCancelledWithTheCoroutineThatBlocksForIt() {
        try (var loop = new IOLoop()) { // not on virtual time, which doesn't see blocking calls
            loop.runSync(() -> {
                Future<String> future = new FutureTask<>(() -> "value");
                var task = Async.spawn(() -> Async.await(future));
                cancelWhenItWaits(task);
                assertThat(future.isCancelled()).isTrue();
                return null;
            });
        }
    }

    // ---- blocking calls of the JDK: interrupted on the mounted engine ----

    /**
     * On the baton engine a coroutine in a blocking call holds its loop, so nothing of the loop
     * could cancel it; there another thread interrupts it by the same means.
     */
    private static void cancelWhenItBlocks(Task<?> task) {
        if (Loops.mounted()) {
            Async.moment();
            Async.moment();
            task.cancel();
        } else {
            var thread = task.coroutine().thread();
            Thread.ofPlatform()
                    .start(() -> {
                        Loops.awaitParked(thread);
                        thread.interrupt();
                    });
        }
    }

    private void blockingCallEndsWhenCancelled(CheckedRunnable call) {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var task =
                        Async.spawn(() -> {
                            try {
                                call.run();
                                trace.add("went on");
                            } finally {
                                Async.moment();
                                Async.await(Async.spawn(() -> trace.add("cleaned up")));
                            }
                        });
                cancelWhenItBlocks(task);
                assertThatThrownBy(() -> Async.await(task))
                        .isInstanceOf(CancellationException.class);
                return null;
            });
            assertThat(trace).containsExactly("cleaned up");
        }
    }

    @Test
    void sleepOfTheThreadIsInterrupted() {
        blockingCallEndsWhenCancelled(() -> Thread.sleep(Duration.ofHours(1)));
    }

    @Test
    void takeFromABlockingQueueIsInterrupted() {
        blockingCallEndsWhenCancelled(() -> new LinkedBlockingQueue<String>().take());
    }

    @Test
    void waitOnAMonitorIsInterrupted() {
        var monitor = new Object();
        blockingCallEndsWhenCancelled(() -> {
            synchronized (monitor) {
                while (true) {
                    monitor.wait();
                }
            }
        });
    }

    @Test
    void readFromASocketIsInterrupted() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var peer = server.accept();
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                var task = Async.spawn(() -> client.getInputStream().read());
                cancelWhenItBlocks(task);
                var end = assertThatThrownBy(() -> Async.await(task));
                if (Loops.mounted()) {
                    end.isInstanceOf(CancellationException.class);
                } else {
                    end.hasMessageContaining("interrupt");
                }
                return null;
            });
            assertThat(peer.isClosed()).isFalse();
        }
    }

    @Test
    void waitForALockThatIgnoresInterruptsEndsWithTheCancellationAfterIt() {
        run(() -> {
            var self = new ArrayList<Task<?>>();
            self.add(
                    Async.spawn(() -> {
                        self.getFirst().cancel();
                        synchronized (trace) {
                            trace.add("locked");
                        }
                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        Async.moment();
                    }));
            endsCancelled(self.getFirst());
            assertThat(trace).containsExactly("locked");
        });
    }

    @Test
    void cancellationThatAResultHasOvertakenEndsTheBlockingCallAfterIt() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var stubborn =
                        Async.spawn(() -> {
                            try {
                                return Async.await(Loops.<String>never());
                            } catch (CancellationException e) {
                                return "result";
                            }
                        });
                var task =
                        Async.spawn(() -> {
                            trace.add(Async.await(stubborn));
                            Thread.sleep(Duration.ofHours(1));
                        });
                Async.moment();
                Async.moment();
                task.cancel();
                endsCancelled(task);
                return null;
            });
        }
        assertThat(trace).containsExactly("result");
    }
}
