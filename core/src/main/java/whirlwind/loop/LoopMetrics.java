package whirlwind.loop;

import java.time.Duration;

/**
 * What a loop has done so far, and how well it keeps up; see {@link IOLoop#metrics()}.
 *
 * @param turns rounds of callbacks, timers, coroutines and input and output
 * @param callbacks callbacks and timers that have run
 * @param coroutinesStarted coroutines that have been started
 * @param coroutines coroutines that have started and not ended
 * @param timers timers that are pending
 * @param slowCallbacks times that one callback or coroutine held the loop for longer than the
 *     watchdog's threshold
 * @param longestStall the longest of them so far
 * @param lag how long the last turn kept whatever became ready meanwhile waiting
 * @param maxLag the longest lag so far
 */
public record LoopMetrics(
        long turns,
        long callbacks,
        long coroutinesStarted,
        int coroutines,
        int timers,
        long slowCallbacks,
        Duration longestStall,
        Duration lag,
        Duration maxLag) {}
