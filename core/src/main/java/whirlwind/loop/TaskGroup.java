package whirlwind.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Coroutines that end together. {@link #run} gives a group to a body, which spawns tasks into it;
 * it returns when the body and all tasks have ended, so that no task outlives its group:
 *
 * {@snippet :
 * var page = TaskGroup.run(group -> {
 *     var user = group.spawn(() -> loadUser(id));
 *     var posts = group.spawn(() -> loadPosts(id));
 *     return new Page(Async.await(user), Async.await(posts));
 * });
 * }
 *
 * <p>The first failure, of a task or of the body, cancels all the others, and is thrown by {@code
 * run} when they have ended; later failures are added to it as suppressed. Cancelling the coroutine
 * that runs the group cancels the tasks. Tasks see the {@link ScopedValue}s that are bound around
 * {@code run} (on the mounted engine; bind them again in the task on the other).
 *
 * <p>Confined to the loop. As in Trio's nurseries and Python's {@code asyncio.TaskGroup}; Tornado
 * has none.
 */
public final class TaskGroup {
    private final Coroutine coroutine;
    private final IOLoop loop;
    private final CancelScope scope;
    private final @Nullable Object scopedValues = boundHere();
    private final List<Task<?>> running = new ArrayList<>();
    private @Nullable Throwable failure;
    private @Nullable CompletableFuture<@Nullable Void> drained;
    private boolean closed;

    private TaskGroup(Coroutine coroutine) {
        this.coroutine = coroutine;
        this.loop = coroutine.task.loop;
        this.scope = new CancelScope(coroutine);
    }

    /** The body of a group. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /** Spawns tasks into the group; may wait for them, but needn't. */
        T run(TaskGroup group) throws Exception;
    }

    /**
     * Runs {@code body} with a new group in the calling coroutine, then waits for the group's
     * tasks, and returns the body's result. What it throws is thrown as {@link Async#await} does.
     */
    public static <T extends @Nullable Object> T run(Body<T> body) {
        var group = new TaskGroup(Async.currentCoroutine("TaskGroup.run"));
        T result = group.runBody(body);
        group.awaitTasks();
        if (group.failure != null) {
            throw Outcomes.unchecked(group.failure);
        }
        return result;
    }

    /** Starts a coroutine in this group. */
    public <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
        return spawn("group task", body);
    }

    /**
     * Starts a coroutine in this group, with a name for logs.
     *
     * @throws IllegalStateException if the group has ended, or belongs to another loop
     */
    public <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
        checkAccess();
        if (closed) {
            throw new IllegalStateException("this group has ended: a task would outlive it");
        }
        var task = new Task<T>(loop, name, body);
        inheritScopedValues(task);
        running.add(task);
        task.whenComplete((value, cause) -> taskDone(task, cause));
        loop.launch(task);
        if (failure != null) {
            task.cancel();
        }
        return task;
    }

    /**
     * Cancels the group's tasks and its body; {@link #run} then throws {@link
     * CancellationException}.
     */
    public void cancel() {
        checkAccess();
        fail(new CancellationException("the group was cancelled"));
    }

    private void checkAccess() {
        if (!loop.isCurrent()) {
            throw new IllegalStateException(
                    "this group belongs to %s, but is used by %s: use addCallback of that loop"
                            .formatted(loop.name(), Thread.currentThread()));
        }
    }

    private static @Nullable Object boundHere() {
        return JdkScheduling.isOpen() ? JdkScheduling.scopedValues() : null;
    }

    private void inheritScopedValues(Task<?> task) {
        if (scopedValues != null && task.coroutine() instanceof MountedCoroutine mounted) {
            JdkScheduling.bindScopedValues(mounted.thread(), scopedValues);
        }
    }

    @SuppressWarnings(
            "NullAway") // the null is not returned: run throws the failure that goes with it
    private <T extends @Nullable Object> T runBody(Body<T> body) {
        try {
            return scope.run(() -> body.run(this), () -> null);
        } catch (Throwable e) {
            fail(e instanceof InterruptedException ? new CancellationException("interrupted") : e);
            return null;
        }
    }

    /** Whoever cancels the waiting coroutine cancels the tasks instead, and waits on. */
    private void awaitTasks() {
        var late = new ArrayList<Coroutine.Cancellation>(0);
        while (!running.isEmpty()) {
            drained = new CompletableFuture<>();
            try {
                Async.await(drained);
            } catch (Coroutine.Cancellation e) {
                if (failure == null) {
                    fail(e);
                } else {
                    late.add(e); // the failure is thrown, and the cancellation is still to come
                }
            }
        }
        closed = true;
        late.forEach(coroutine::putBack);
    }

    private void taskDone(Task<?> task, @Nullable Throwable cause) {
        running.remove(task);
        if (cause != null && !(cause instanceof CancellationException)) {
            fail(cause);
        }
        if (running.isEmpty() && drained != null) {
            drained.complete(null);
        }
    }

    private void fail(Throwable cause) {
        if (failure != null) {
            if (failure != cause && !(cause instanceof CancellationException)) {
                failure.addSuppressed(cause);
            }
            return;
        }
        failure = cause;
        scope.cancel();
        List.copyOf(running).forEach(Task::cancel);
    }
}
