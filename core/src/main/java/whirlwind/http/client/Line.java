package whirlwind.http.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private @Nullable Fetch first;
    private @Nullable Fetch last;
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
        fetch.earlier = last;
        if (last == null) {
            first = fetch;
        } else {
            last.later = fetch;
        }
        last = fetch;
        if (!armed && !limit.isZero()) {
            arm(limit);
        }
    }

    /** Removes one that is here. */
    void remove(Fetch fetch) {
        var earlier = fetch.earlier;
        var later = fetch.later;
        if (earlier == null) {
            first = later;
        } else {
            earlier.later = later;
        }
        if (later == null) {
            last = earlier;
        } else {
            later.earlier = earlier;
        }
        fetch.earlier = null;
        fetch.later = null;
    }

    /** All of them, as they are now. */
    List<Fetch> copy() {
        var all = new ArrayList<Fetch>();
        for (var fetch = first; fetch != null; fetch = fetch.later) {
            all.add(fetch);
        }
        return all;
    }

    private void arm(Duration delay) {
        armed = true;
        loop.callLater(delay, this::look);
    }

    private void look() {
        armed = false;
        for (var oldest = first; oldest != null; oldest = first) {
            var left = oldest.left();
            if (left == null || left.isPositive()) {
                arm(left == null ? limit : left);
                return;
            }
            oldest.requestTimedOut(); // which removes it
        }
        whenUnused.run();
    }
}
