package whirlwind.http.codec.exchange;

import java.time.Duration;
import whirlwind.http.codec.Members;
import whirlwind.loop.IOLoop;

/**
 * The timeouts of all connections of a server. Time is counted in ticks, and at each tick every
 * connection is asked whether its time is up: a connection has one int for it and no timer of its
 * own, and what every request does (its deadline moves) is one store. A timeout comes up to two
 * ticks late and never early.
 */
final class Sweep {
    private static final long LONGEST_TICK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long SHORTEST_TICK_NANOS = Duration.ofMillis(10).toNanos();

    /** A timeout is counted in so many ticks, unless they would get too long or too short. */
    private static final int TICKS_PER_TIMEOUT = 8;

    /** Connections to look at before the loop does other work. */
    private static final int BATCH = 4096;

    private final IOLoop loop;
    private final Members<? extends ServerConnection> connections;
    private final long tickNanos;
    private int now;
    private boolean armed;

    Sweep(IOLoop loop, Members<? extends ServerConnection> connections, Duration shortest) {
        this.loop = loop;
        this.connections = connections;
        this.tickNanos =
                Math.clamp(
                        shortest.toNanos() / TICKS_PER_TIMEOUT,
                        SHORTEST_TICK_NANOS,
                        LONGEST_TICK_NANOS);
    }

    /** How many ticks a timeout has; one more than it seems, for the tick that runs counts too. */
    int ticks(Duration timeout) {
        return (int) Math.min(Integer.MAX_VALUE / 2, timeout.toNanos() / tickNanos + 2);
    }

    /** The tick at which {@code ticks} will have passed. Begins to count if need be. */
    int deadline(int ticks) {
        if (!armed) {
            armed = true;
            loop.callLater(Duration.ofNanos(tickNanos), this::tick);
        }
        return now + ticks;
    }

    private void tick() {
        now++;
        look(connections.size());
    }

    /** From the end, for who is closed makes the last one move into its place. */
    private void look(int from) {
        int place = Math.min(from, connections.size());
        for (int n = 0; n < BATCH && place > 0; n++) {
            place--;
            connections.get(place).tick(now);
            place = Math.min(place, connections.size());
        }
        int rest = place;
        if (rest > 0) {
            loop.addCallback(() -> look(rest));
        } else if (connections.size() > 0) {
            loop.callLater(Duration.ofNanos(tickNanos), this::tick);
        } else {
            armed = false; // an idle server wakes nobody
        }
    }
}
