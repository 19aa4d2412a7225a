package whirlwind.http.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How many fetches are under way, and which wait: first come, first served. */
final class Slots {
    private final int limit;
    private final Set<Fetch> queue = new LinkedHashSet<>();
    private int taken;

    Slots(int limit) {
        this.limit = limit;
    }

    int queueLength() {
        return queue.size();
    }

    /** Those that wait, as they are now. */
    List<Fetch> waiting() {
        return List.copyOf(queue);
    }

    /** Takes a slot if one is free; or else {@link Fetch#run} is called when one is. */
    boolean take(Fetch fetch) {
        if (taken < limit) {
            taken++;
            return true;
        }
        queue.add(fetch);
        return false;
    }

    /** Waits no more. */
    void leave(Fetch fetch) {
        queue.remove(fetch);
    }

    /** Gives a slot back, and so to the one that has waited longest. */
    void release() {
        if (queue.isEmpty()) {
            taken--;
            return;
        }
        var next = queue.iterator().next();
        queue.remove(next);
        next.run(next.loop().time());
    }
}
