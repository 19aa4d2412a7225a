package whirlwind.realtime.session;

import java.util.HashMap;
import java.util.Map;
import whirlwind.loop.IOLoop;

/** The ways from one loop to others, each for all sessions. Confined to the loop. */
final class Relays implements AutoCloseable {
    private final Map<IOLoop, Relay> relays = new HashMap<>();

    /**
     * The way from a loop, which must be the current one, to another or to itself.
     *
     * @return the same each time
     */
    static Relay between(IOLoop from, IOLoop to) {
        var all = from.shared(Relays.class, Relays::new).relays;
        return all.computeIfAbsent(to, key -> new Relay(from, key));
    }

    @Override
    public void close() {
        relays.clear();
    }
}
