package whirlwind.loop;

import org.jspecify.annotations.Nullable;

/**
 * Who runs when: one loop body and any number of coroutines, one at a time.
 *
 * <p>The loop body is code of {@link IOLoop}: it calls {@link #runReady} once a turn to let
 * coroutines run and {@link #pause} to give the thread that called {@link #run} back to its caller.
 */
sealed interface Engine permits MountedEngine, BatonEngine {
    /**
     * Runs the loop body, from where it paused, until it pauses again or ends. The caller is a
     * platform thread.
     */
    void run();

    /** The loop body: ends {@link #run}, and returns when that is called again. */
    void pause();

    /** A coroutine for {@code body}; it doesn't run before {@link Coroutine#start}. */
    Coroutine newCoroutine(String name, Runnable body);

    /** The loop body: runs coroutines that are ready, for one budget at most. */
    void runReady();

    /** Whether no coroutine is ready to run. The loop body asks before it waits. */
    boolean isIdle();

    /** Whether the calling thread is run by this engine: the loop body or one of its coroutines. */
    boolean isCurrent();

    /** The coroutine that calls this, or null. */
    @Nullable Coroutine currentCoroutine();

    /** After the loop body's last turn: nothing will be run by this engine any more. */
    void close();

    /** The thread of the loop body. */
    Thread loopThread();
}
