package whirlwind.loop;

import java.time.Duration;

/**
 * What ends gracefully, and what several loops or processes run one of each: most of all a server.
 */
@FunctionalInterface
public interface Drainable {
    /**
     * Takes on nothing new and lets what runs finish; what has not finished after {@code limit} is
     * dropped. Called in a coroutine of the loop that this belongs to, which it suspends until all
     * is over.
     */
    void drain(Duration limit) throws Exception;
}
