package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Coroutines.run;
import static whirlwind.loop.Loops.never;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TaskGroupTest {
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    private final List<String> trace = new ArrayList<>();

    private Void waitAndTrace(String name) {
        try {
            return Async.await(never());
        } finally {
            Async.moment();
            trace.add(name);
        }
    }

    @Test
    void groupReturnsTheResultOfItsBody() {
        run(() -> {
            var sum =
                    TaskGroup.<Integer>run(group -> {
                        var a = group.spawn(() -> 20);
                        var b = group.spawn("b", () -> 22);
                        assertThat(b.name()).isEqualTo("b");
                        return Async.await(a) + Async.await(b);
                    });
            assertThat(sum).isEqualTo(42);
        });
    }

    @Test
    void groupWaitsForTasksThatItsBodyDoesNotWaitFor() {
        run(() -> {
            TaskGroup.run(group -> {
                group.spawn(() -> {
                    Async.sleep(Duration.ofSeconds(1));
                    return trace.add("task");
                });
                return trace.add("body");
            });
            assertThat(trace).containsExactly("body", "task");
        });
    }

    @Test
    void taskMaySpawnSiblings() {
        run(() -> {
            TaskGroup.run(group ->
                    group.spawn(() -> {
                        Async.moment();
                        return group.spawn(() -> {
                            Async.moment();
                            return trace.add("sibling");
                        });
                    }));
            assertThat(trace).containsExactly("sibling");
        });
    }

    @Test
    void firstFailureCancelsTheOtherTasksAndTheBody() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.spawn(() -> waitAndTrace("other"));
                                group.spawn(() -> {
                                    Async.moment();
                                    throw new IOException("disk");
                                });
                                return waitAndTrace("body");
                            }))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("disk");
            assertThat(trace).containsExactlyInAnyOrder("other", "body");
        });
    }

    @Test
    void failureOfATaskThatTheBodyAwaitsIsThrownAsItIs() {
        run(() ->
                assertThatThrownBy(() ->
                                TaskGroup.run(group ->
                                        Async.await(
                                                group.spawn(() -> {
                                                    throw new IllegalStateException("task");
                                                }))))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("task")
                        .hasNoSuppressedExceptions());
    }

    @Test
    void failureOfTheBodyCancelsTheTasks() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.spawn(() -> waitAndTrace("task"));
                                Async.moment();
                                throw new IllegalStateException("body");
                            }))
                    .hasMessage("body");
            assertThat(trace).containsExactly("task");
        });
    }

    @Test
    void laterFailuresAreSuppressed() {
        run(() ->
                assertThatThrownBy(() ->
                                TaskGroup.run(group -> {
                                    group.spawn(() -> {
                                        try {
                                            return Async.await(never());
                                        } finally {
                                            fail("in a clean-up");
                                        }
                                    });
                                    Async.moment();
                                    throw new IllegalStateException("first");
                                }))
                        .hasMessage("first")
                        .satisfies(e ->
                                assertThat(e.getSuppressed())
                                        .singleElement()
                                        .satisfies(late ->
                                                assertThat(late).hasMessage("in a clean-up"))));
    }

    private static void fail(String message) {
        throw new IllegalStateException(message);
    }

    @Test
    void cancelledTaskLeavesItsGroupAlone() {
        run(() -> {
            var result =
                    TaskGroup.<String>run(group -> {
                        var task = group.spawn(() -> waitAndTrace("cancelled"));
                        Async.moment();
                        task.cancel();
                        Async.sleep(Duration.ofSeconds(1));
                        return "body";
                    });
            assertThat(result).isEqualTo("body");
            assertThat(trace).containsExactly("cancelled");
        });
    }

    @Test
    void cancellingTheCoroutineEndsTheTasksFirst() {
        run(() -> {
            var outer =
                    Async.spawn(() -> {
                        try {
                            TaskGroup.run(group -> {
                                group.spawn(() -> waitAndTrace("task"));
                                return waitAndTrace("body");
                            });
                        } finally {
                            trace.add("run returned");
                        }
                    });
            Async.moment();
            outer.cancel();
            assertThatThrownBy(() -> Async.await(outer)).isInstanceOf(CancellationException.class);
            assertThat(trace)
                    .containsExactlyInAnyOrder("body", "task", "run returned")
                    .endsWith("run returned");
        });
    }

    @Test
    void cancellationWhileOnlyTasksAreLeftEndsThem() {
        run(() -> {
            var outer =
                    Async.spawn(
                            () -> TaskGroup.run(group -> group.spawn(() -> waitAndTrace("task"))));
            Async.moment();
            outer.cancel();
            assertThatThrownBy(() -> Async.await(outer)).isInstanceOf(CancellationException.class);
            assertThat(trace).containsExactly("task");
        });
    }

    @Test
    void groupCancelsItself() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.spawn(() -> waitAndTrace("task"));
                                group.spawn(() -> {
                                    group.cancel();
                                    return null;
                                });
                                return waitAndTrace("body");
                            }))
                    .isInstanceOf(CancellationException.class);
            assertThat(trace).containsExactlyInAnyOrder("task", "body");
            Async.moment(); // the caller itself isn't cancelled
        });
    }

    @Test
    void limitEndsAGroup() {
        run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    Duration.ofSeconds(1),
                                    () ->
                                            TaskGroup.run(group ->
                                                    group.spawn(() -> waitAndTrace("task")))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(trace).containsExactly("task");
        });
    }

    @Test
    void limitThatPassesWhileAFailedGroupEndsIsNotLost() {
        run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    Duration.ofSeconds(2),
                                    () -> {
                                        try {
                                            TaskGroup.run(group -> {
                                                group.spawn(() -> {
                                                    try {
                                                        Async.await(never());
                                                    } finally {
                                                        Async.sleep(Duration.ofSeconds(5));
                                                    }
                                                    return null;
                                                });
                                                Async.sleep(Duration.ofSeconds(1));
                                                throw new IllegalStateException("group");
                                            });
                                        } catch (IllegalStateException e) {
                                            trace.add(e.getMessage());
                                        }
                                        Async.await(never());
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(trace).containsExactly("group");
        });
    }

    @Test
    void innerGroupEndsBeforeTheOuterOne() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(outer -> {
                                outer.spawn(() -> {
                                    try {
                                        return TaskGroup.run(inner -> {
                                            inner.spawn(() -> waitAndTrace("inner task"));
                                            return waitAndTrace("inner body");
                                        });
                                    } finally {
                                        trace.add("inner group");
                                    }
                                });
                                Async.moment();
                                Async.moment();
                                throw new IllegalStateException("outer body");
                            }))
                    .hasMessage("outer body");
            assertThat(trace)
                    .containsExactlyInAnyOrder("inner task", "inner body", "inner group")
                    .endsWith("inner group");
        });
    }

    @Test
    void failureOfAnInnerGroupMayBeCaught() {
        run(() -> {
            var result =
                    TaskGroup.<String>run(outer -> {
                        try {
                            TaskGroup.run(inner ->
                                    inner.spawn(() -> {
                                        throw new IllegalStateException("inner");
                                    }));
                        } catch (IllegalStateException e) {
                            Async.moment();
                        }
                        return "went on";
                    });
            assertThat(result).isEqualTo("went on");
        });
    }

    @Test
    void groupThatHasEndedSpawnsNothing() {
        run(() -> {
            var escaped = new AtomicReference<TaskGroup>();
            TaskGroup.run(group -> {
                escaped.set(group);
                return null;
            });
            assertThatIllegalStateException()
                    .isThrownBy(() -> escaped.get().spawn(() -> null))
                    .withMessageContaining("ended");
        });
    }

    @Test
    void groupThatHasFailedCancelsWhatIsSpawnedLater() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.spawn(() -> {
                                    try {
                                        return Async.await(never());
                                    } finally {
                                        group.spawn(() -> trace.add("ran"));
                                    }
                                });
                                Async.moment();
                                throw new IllegalStateException("body");
                            }))
                    .hasMessage("body");
            assertThat(trace).isEmpty();
        });
    }

    @Test
    void groupOutsideOfACoroutineSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TaskGroup.run(group -> null))
                .withMessageContaining("needs a coroutine");
    }

    @Test
    void cancelledBodyThatCleansUpMayWait() {
        run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.spawn(() -> {
                                    throw new IllegalStateException("task");
                                });
                                try {
                                    return Async.await(never());
                                } finally {
                                    Async.sleep(Duration.ofSeconds(1));
                                    trace.add("cleaned up");
                                }
                            }))
                    .hasMessage("task");
            assertThat(trace).containsExactly("cleaned up");
        });
    }

    // ---- scoped values: carried over on the mounted engine, to be bound again on the other ----

    @Test
    void tasksSeeTheScopedValuesBoundAroundTheGroup() {
        run(() -> {
            var seen =
                    ScopedValue.where(SCOPED, "bound")
                            .call(() ->
                                    TaskGroup.<String>run(group ->
                                            Async.await(
                                                    group.spawn(() -> {
                                                        Async.moment();
                                                        return SCOPED.orElse("unbound");
                                                    }))));
            assertThat(seen).isEqualTo(Loops.mounted() ? "bound" : "unbound");
        });
    }

    @Test
    void tasksOfTasksSeeThemToo() {
        run(() -> {
            var seen =
                    ScopedValue.where(SCOPED, "bound")
                            .call(() ->
                                    TaskGroup.<String>run(outer ->
                                            Async.await(
                                                    outer.spawn(() ->
                                                            TaskGroup.<String>run(inner ->
                                                                    Async.await(
                                                                            inner.spawn(() ->
                                                                                    SCOPED.orElse(
                                                                                            "unbound"))))))));
            assertThat(seen).isEqualTo(Loops.mounted() ? "bound" : "unbound");
        });
    }

    @Test
    void tasksSeeTheGroupsScopedValuesWhoeverSpawnsThem() {
        run(() -> {
            var seen = new CompletableFuture<String>();
            ScopedValue.where(SCOPED, "around the group")
                    .call(() ->
                            TaskGroup.run(group -> {
                                return group.spawn(() ->
                                        ScopedValue.where(SCOPED, "the spawner's own")
                                                .call(() ->
                                                        group.spawn(() ->
                                                                seen.complete(
                                                                        SCOPED.orElse(
                                                                                "unbound")))));
                            }));
            assertThat(Async.await(seen))
                    .isEqualTo(Loops.mounted() ? "around the group" : "unbound");
        });
    }

    @Test
    void ofTwoCancellationsThatComeWhileAFailedGroupEndsNoneIsLost() {
        run(() -> {
            var outer =
                    Async.spawn(() -> {
                        try {
                            Async.withTimeout(
                                    Duration.ofSeconds(2),
                                    () ->
                                            TaskGroup.run(group -> {
                                                group.spawn(() -> {
                                                    try {
                                                        return Async.await(never());
                                                    } finally {
                                                        Async.sleep(Duration.ofSeconds(5));
                                                    }
                                                });
                                                Async.moment();
                                                throw new IllegalStateException("body");
                                            }));
                        } catch (IllegalStateException e) {
                            trace.add(e.getMessage());
                        }
                        Async.moment();
                        trace.add("went on");
                    });
            Async.sleep(Duration.ofSeconds(1));
            outer.cancel();
            assertThatThrownBy(() -> Async.await(outer)).isInstanceOf(CancellationException.class);
            assertThat(trace).containsExactly("body");
        });
    }

    @Test
    void groupIsRefusedToOtherThreads() {
        run(() ->
                TaskGroup.run(group -> {
                    assertThatIllegalStateException()
                            .isThrownBy(
                                    () -> Async.await(Async.offload(() -> group.spawn(() -> null))))
                            .withMessageContaining("addCallback");
                    assertThatIllegalStateException()
                            .isThrownBy(() -> {
                                Async.await(
                                        Async.offload(() -> {
                                            group.cancel();
                                            return null;
                                        }));
                            });
                    return null;
                }));
    }
}
