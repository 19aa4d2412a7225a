package whirlwind.realtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import whirlwind.loop.IOLoop;

/** The hubs of a loop; ends with it. */
final class HubLoops implements AutoCloseable {
    private final Map<Hub, HubLoop> loops = new LinkedHashMap<>();

    HubLoop of(Hub hub) {
        var known = loops.get(hub);
        if (known != null) {
            return known;
        }
        var made = new HubLoop(hub, IOLoop.current());
        loops.put(hub, made);
        hub.joined(made);
        return made;
    }

    @Override
    public void close() {
        new ArrayList<>(loops.values()).forEach(HubLoop::close);
        loops.clear();
    }
}
