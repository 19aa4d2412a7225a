package whirlwind.http.client;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * The fetches that have begun and have the same time for all they do. They end their times in the
 * order in which they began, so that one timer is enough for all of them, and a fetch that ends in
 * time, as nearly all do, has none to cancel.
 */
final class Line {
    private final IOLoop loop;
    private final Duration limit;
    private final Runnable whenUnused;
    private final Set<Fetch> fetches = new LinkedHashSet<>();
    private boolean armed;

    /**
     * @param limit the time that each has; zero for no limit
     * @param whenUnused called when nobody has been here for a while
     */
    Line(IOLoop loop, Duration limit, Runnable whenUnused) {
        this.loop = loop;
        this.limit = limit;
        this.whenUnused = whenUnused;
    }

    void add(Fetch fetch) {
        fetches.add(fetch);
        if (!armed && !limit.isZero()) {
            arm(limit);
        }
    }

    void remove(Fetch fetch) {
        fetches.remove(fetch);
    }

    /** All of them, as they are now. */
    List<Fetch> copy() {
        return List.copyOf(fetches);
    }

    private void arm(Duration delay) {
        armed = true;
        loop.callLater(delay, this::look);
    }

    private void look() {
        armed = false;
        for (var first = first(); first != null; first = first()) {
            var left = first.left();
            if (left == null || left.isPositive()) {
                arm(left == null ? limit : left);
                return;
            }
            fetches.remove(first);
            first.requestTimedOut();
        }
        whenUnused.run();
    }

    private @Nullable Fetch first() {
        return fetches.isEmpty() ? null : fetches.iterator().next();
    }
}
