package whirlwind.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;

/**
 * Coroutines that wait in line, each for something to be handed to it: the one way of waiting of
 * this package.
 *
 * <p>The line is linked through its waiters, and a waiter that is cancelled or runs out of time
 * leaves it there and then, in constant time. So everybody in the line can be served, and nothing
 * that is handed over is ever refused.
 *
 * @param <T> what is handed over; or what a waiter brought along, which somebody takes from it
 */
final class WaitLine<T> {
    private @Nullable Waiter<T> first;
    private @Nullable Waiter<T> last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    /**
     * Suspends the calling coroutine until it is served.
     *
     * @param limit how long at most; null: for ever
     * @param what the caller's name, for the exception
     * @return what it was handed
     * @throws AsyncTimeoutException when the limit passes
     */
    T await(@Nullable Duration limit, String what) {
        return served(new Waiter<>(this, null), limit, what);
    }

    /** The same for a coroutine that brings something along, for {@link #takeFromFirst}. */
    void awaitTaken(T brought, @Nullable Duration limit, String what) {
        served(new Waiter<>(this, brought), limit, what);
    }

    /** As {@link #await}, but answers false when the limit passes. */
    boolean awaitWithin(@Nullable Duration limit) {
        return isServed(new Waiter<>(this, null), limit);
    }

    static AsyncTimeoutException timedOut(String what, Duration limit) {
        return new AsyncTimeoutException(
                what
                        + " timed out after "
                        + DurationText.of(limit.isPositive() ? limit : Duration.ZERO));
    }

    /** Gives {@code value} to the longest waiter; false if there is none. */
    boolean handOver(T value) {
        var waiter = first;
        if (waiter == null) {
            return false;
        }
        waiter.serve(value);
        return true;
    }

    /**
     * Serves the longest waiter, which there must be, by taking what it brought. If the taker
     * refuses that by an exception, it is the waiter's.
     */
    void takeFromFirst(Consumer<? super T> taker) {
        var waiter = Objects.requireNonNull(first);
        var brought = waiter.value();
        try {
            taker.accept(brought);
        } catch (RuntimeException e) {
            waiter.fail(e);
            return;
        }
        waiter.serve(brought);
    }

    private T served(Waiter<T> waiter, @Nullable Duration limit, String what) {
        if (!isServed(waiter, limit)) {
            throw timedOut(what, Objects.requireNonNull(limit));
        }
        return waiter.value();
    }

    private boolean isServed(Waiter<T> waiter, @Nullable Duration limit) {
        if (limit != null && !limit.isPositive()) {
            return false;
        }
        add(waiter);
        try {
            if (limit == null) {
                Async.await(waiter);
            } else {
                awaitUnlessOver(waiter, limit);
            }
            return waiter.isServed;
        } finally {
            leave(waiter); // if waiting was refused, because the caller is no coroutine
        }
    }

    private void awaitUnlessOver(Waiter<T> waiter, Duration limit) {
        var timer = IOLoop.current().callLater(limit, waiter::timeOut);
        try {
            Async.await(waiter);
        } finally {
            timer.cancel();
        }
    }

    private void add(Waiter<T> waiter) {
        waiter.isWaiting = true;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    private void leave(Waiter<T> waiter) {
        if (!waiter.isWaiting) {
            return;
        }
        waiter.isWaiting = false;
        var before = waiter.previous;
        var after = waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        size--;
    }

    /**
     * One suspended coroutine. Its end has three causes (served, out of time, cancelled); the first
     * one holds.
     */
    private static final class Waiter<T> extends CompletableFuture<@Nullable Void> {
        private final WaitLine<T> line;
        private @Nullable T value;
        private boolean isWaiting;
        private boolean isServed;
        private @Nullable Waiter<T> previous;
        private @Nullable Waiter<T> next;

        Waiter(WaitLine<T> line, @Nullable T value) {
            this.line = line;
            this.value = value;
        }

        void serve(T handed) {
            line.leave(this);
            isServed = true;
            value = handed;
            complete(null);
        }

        void fail(RuntimeException failure) {
            line.leave(this);
            completeExceptionally(failure);
        }

        void timeOut() {
            line.leave(this);
            complete(null);
        }

        /** Called when the coroutine is cancelled while it waits. */
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            line.leave(this);
            return super.cancel(mayInterruptIfRunning);
        }

        @SuppressWarnings("NullAway") // set: it is served, or brought it along
        T value() {
            return value;
        }
    }
}
