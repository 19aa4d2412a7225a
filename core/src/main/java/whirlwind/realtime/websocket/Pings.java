package whirlwind.realtime.websocket;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.Check;
import whirlwind.check.DurationText;
import whirlwind.loop.IOLoop;

/** The {@link PingWheel}s of one loop: one for all connections that are pinged alike. */
final class Pings implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

    private record Plan(Duration interval, Duration timeout) {}

    private final Map<Plan, PingWheel> wheels = new HashMap<>();

    private Pings() {}

    /**
     * The wheel of the current loop that pings every {@code interval}; null if that is zero.
     *
     * @param timeout how long an answer may take; null: as long as the interval, which is the
     *     longest; zero: for ever
     * @throws IllegalArgumentException if one of them is negative
     */
    static @Nullable PingWheel wheel(Duration interval, @Nullable Duration timeout) {
        Check.notNegative("pingInterval", interval);
        if (timeout != null) {
            Check.notNegative("pingTimeout", timeout);
        }
        if (interval.isZero()) {
            return null;
        }
        var limit = timeout == null || timeout.compareTo(interval) > 0 ? interval : timeout;
        var pings = IOLoop.current().shared(Pings.class, Pings::new);
        return pings.wheels.computeIfAbsent(
                new Plan(interval, limit),
                _ -> {
                    if (timeout != null && timeout.compareTo(interval) > 0) {
                        log.warn(
                                "pingTimeout: {} (at most the interval, {})",
                                DurationText.of(timeout),
                                DurationText.of(interval));
                    }
                    return new PingWheel(interval, limit);
                });
    }

    @Override
    public void close() {
        wheels.values().forEach(PingWheel::stop);
    }
}
