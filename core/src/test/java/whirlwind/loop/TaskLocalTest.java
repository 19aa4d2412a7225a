package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TaskLocalTest {
    private final TaskLocal<String> name = new TaskLocal<>();

    @Test
    void aCoroutineHasWhatItSet() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                assertThat(name.get()).isNull();
                name.set("a");
                Async.moment();
                assertThat(name.get()).isEqualTo("a");
                name.set("b");
                assertThat(name.get()).isEqualTo("b");
                assertThat(new TaskLocal<String>().get()).isNull();
                return null;
            });
        }
    }

    @Test
    void aCoroutineInheritsFromItsMakerAndKeepsChangesToItself() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                name.set("maker's");
                var child =
                        Async.spawn(() -> {
                            var inherited = name.get();
                            name.set("child's");
                            return inherited + ", then " + Async.await(Async.spawn(name::get));
                        });
                name.set("changed since");
                assertThat(Async.await(child)).isEqualTo("maker's, then child's");
                assertThat(name.get()).isEqualTo("changed since");
                return null;
            });
        }
    }

    @Test
    void tasksOfAGroupAndCallbacksThatMayWaitInherit() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                name.set("x");
                String inGroup = TaskGroup.run(group -> Async.await(group.spawn(name::get)));
                assertThat(inGroup).isEqualTo("x");
                var seen = loop.<String>newFuture();
                loop.spawnCallback(() -> seen.complete(name.get()));
                assertThat(Async.await(seen)).isEqualTo("x");
                return null;
            });
        }
    }

    @Test
    void whoeverInheritsIsToldFirst() {
        var told = new ArrayList<String>();
        var telling =
                new TaskLocal<String>(value -> {
                    told.add("told " + value);
                    return () -> told.add("over");
                });
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                telling.set("before");
                telling.set("x");
                Async.await(Async.spawn(() -> told.add("runs")));
                return null;
            });
        }
        assertThat(told).containsExactly("told x", "runs");
    }

    @Test
    void whatACoroutineOffloadsSeesItsValuesAndLeavesNothingBehind() {
        var told = new ArrayList<String>();
        var telling =
                new TaskLocal<String>(value -> {
                    told.add("told " + value);
                    return () -> told.add("over");
                });
        try (var pool = Executors.newSingleThreadExecutor();
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                loop.setDefaultExecutor(pool);
                assertThat(Async.await(Async.offload(telling::get))).isNull();
                telling.set("x");
                name.set("y");
                var seen = Async.offload(() -> telling.get() + name.get());
                assertThat(Async.await(seen)).isEqualTo("xy");
                assertThat(told).containsExactly("told x", "over");
                assertThatIllegalStateException()
                        .isThrownBy(() ->
                                Async.await(
                                        Async.offload(() -> {
                                            throw new IllegalStateException("no");
                                        })));
                assertThat(Async.await(loop.runInExecutor(Runnable::run, name::get)))
                        .isEqualTo("y");
                assertThat(told).hasSize(4);
                var ofCallback = loop.<String>newFuture();
                loop.addCallback(
                        () -> Async.offload(telling::get).thenAccept(ofCallback::complete));
                assertThat(Async.await(ofCallback)).isNull();
                return null;
            });
        }
    }

    @Test
    void outsideOfCoroutinesThereIsNoneAndNoneCanBeSet() {
        assertThat(name.get()).isNull();
        assertThatIllegalStateException()
                .isThrownBy(() -> name.set("x"))
                .withMessageStartingWith("TaskLocal.set needs a coroutine");
    }
}
