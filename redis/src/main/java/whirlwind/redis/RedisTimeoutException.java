package whirlwind.redis;

import java.io.Serial;
import java.time.Duration;
import whirlwind.check.DurationText;
import whirlwind.realtime.engine.EngineUnavailableException;

/** Redis took longer than it may; the message names its address. */
public final class RedisTimeoutException extends EngineUnavailableException {
    @Serial private static final long serialVersionUID = 1;

    private final String address;
    private final Duration limit;

    RedisTimeoutException(String address, String what, Duration limit) {
        super("Redis at " + address + " " + what + " " + DurationText.of(limit));
        this.address = address;
        this.limit = limit;
    }

    /** Where the Redis is that was waited for. */
    public String address() {
        return address;
    }

    /** How long it was waited for. */
    public Duration limit() {
        return limit;
    }
}
