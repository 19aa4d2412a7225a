package whirlwind.loop;

import java.time.Duration;
import java.util.Objects;
import whirlwind.check.Check;

/**
 * What a loop is made of. Start from {@link #DEFAULTS}, which reads these system properties:
 *
 * <table>
 * <caption>System properties</caption>
 * <tr><th>property</th><th>values</th><th>default</th></tr>
 * <tr><td>{@code whirlwind.engine}</td><td>{@code auto}, {@code mounted}, {@code baton}</td><td>{@code auto}: mounted where
 * {@code java.base/java.lang} is open to Whirlwind, else baton with a warning</td></tr>
 * <tr><td>{@code whirlwind.transport}</td><td>{@code auto}, {@code epoll}, {@code io_uring}, {@code kqueue}, {@code nio}</td>
 * <td>{@code auto}: the first one that the machine has</td></tr>
 * <tr><td>{@code whirlwind.stallThreshold}</td><td>milliseconds, 0 for off</td><td>100</td></tr>
 * <tr><td>{@code whirlwind.reusePort}</td><td>{@code true}, {@code false}</td><td>{@code false}</td></tr>
 * </table>
 *
 * @param engine how coroutines are run: {@code auto}, {@code mounted} or {@code baton}
 * @param transport the way to the kernel: {@code auto}, {@code epoll}, {@code io_uring}, {@code
 *     kqueue} or {@code nio}
 * @param ticker the loop's clock
 * @param stallThreshold how long one callback or coroutine may hold the loop before the watchdog
 *     reports it; zero switches the watchdog off
 * @param makeCurrent whether the new loop becomes the {@linkplain IOLoop#current() current} one of
 *     the thread that makes it
 * @param reusePort whether servers of this loop share their ports with those of other loops and
 *     processes ({@code SO_REUSEPORT}), whatever their own options say; it is how several cores
 *     serve one port
 */
public record LoopOptions(
        String engine,
        String transport,
        Ticker ticker,
        Duration stallThreshold,
        boolean makeCurrent,
        boolean reusePort) {
    /** What {@code new IOLoop()} uses. */
    public static final LoopOptions DEFAULTS =
            new LoopOptions(
                    System.getProperty("whirlwind.engine", "auto"),
                    System.getProperty("whirlwind.transport", "auto"),
                    Ticker.SYSTEM,
                    Duration.ofMillis(Long.getLong("whirlwind.stallThreshold", 100)),
                    true,
                    Boolean.getBoolean("whirlwind.reusePort"));

    /** Refuses a negative threshold. */
    public LoopOptions {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(ticker, "ticker");
        Check.notNegative("stallThreshold", stallThreshold);
    }

    /** These options with another engine. */
    public LoopOptions withEngine(String engine) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }

    /** These options with another transport. */
    public LoopOptions withTransport(String transport) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }

    /** These options with another clock. */
    public LoopOptions withTicker(Ticker ticker) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }

    /** These options with another threshold for the watchdog. */
    public LoopOptions withStallThreshold(Duration stallThreshold) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }

    /** These options, for a loop that becomes current, or doesn't, where it is made. */
    public LoopOptions withMakeCurrent(boolean makeCurrent) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }

    /** These options, for a loop whose servers share their ports, or don't. */
    public LoopOptions withReusePort(boolean reusePort) {
        return new LoopOptions(engine, transport, ticker, stallThreshold, makeCurrent, reusePort);
    }
}
