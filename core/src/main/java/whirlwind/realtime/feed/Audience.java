package whirlwind.realtime.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of one topic or pattern on one loop, and what they are being told: some of them
 * at a time, so that a large audience doesn't hold up everything else of the loop. Each is told all
 * that waits, in its order, and then the next one is, so that a connection's messages are written
 * together where the loop is behind.
 *
 * <p>What is told is for those who are there at that moment. Who goes before its turn comes isn't
 * told any more.
 */
final class Audience {
    /** So many deliveries a turn: with the kernel's part of them, about a millisecond. */
    static final int AT_ONCE = 256;

    /** So many places may be empty before the others move up, besides as many as are taken. */
    private static final int MAX_GAPS = 8;

    /** Something to be told to all that stand before a place. */
    private static final class Announcement {
        final Consumer<Subscriber> what;
        int end;

        Announcement(Consumer<Subscriber> what, int end) {
            this.what = what;
            this.end = end;
        }
    }

    private final LoopFeeds feeds;
    private final Runnable whenQuiet;

    /** In the order in which they came; null where one has gone. */
    private final ArrayList<@Nullable Subscriber> subscribers = new ArrayList<>(2);

    private int size;

    /** What is being told. */
    private List<Announcement> current = List.of();

    /** Who is told next. */
    private int next;

    /** What has come since that began. */
    private List<Announcement> waiting = List.of();

    private boolean quiet = true;

    /**
     * Nobody yet.
     *
     * @param whenQuiet called whenever all has been told
     */
    Audience(LoopFeeds feeds, Runnable whenQuiet) {
        this.feeds = feeds;
        this.whenQuiet = whenQuiet;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether nothing is being told. */
    boolean isQuiet() {
        return quiet;
    }

    void add(Subscriber subscriber) {
        subscriber.place = subscribers.size();
        subscribers.add(subscriber);
        size++;
    }

    void remove(Subscriber subscriber) {
        int place = subscriber.place;
        if (place < subscribers.size() && subscribers.get(place) == subscriber) {
            subscribers.set(place, null);
            size--;
            if (subscribers.size() > 2 * size + MAX_GAPS) {
                moveUp();
            }
        }
    }

    /** Fills the gaps; all keep their order, and so what they are yet to be told. */
    private void moveUp() {
        var announcements = new ArrayList<>(current);
        announcements.addAll(waiting);
        int announcement = 0;
        int old = next;
        int taken = 0;
        for (int place = 0; place < subscribers.size(); place++) {
            while (announcement < announcements.size()
                    && announcements.get(announcement).end == place) {
                announcements.get(announcement++).end = taken;
            }
            if (place == old) {
                next = taken;
            }
            var subscriber = subscribers.get(place);
            if (subscriber != null) {
                subscriber.place = taken;
                subscribers.set(taken++, subscriber);
            }
        }
        for (var last : announcements.subList(announcement, announcements.size())) {
            last.end = taken;
        }
        next = Math.min(next, taken);
        subscribers.subList(taken, subscribers.size()).clear();
    }

    /** Tells all that are there now, from the next turn on, and behind what was told before. */
    void tell(Consumer<Subscriber> what) {
        if (size == 0) {
            return;
        }
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.add(new Announcement(what, subscribers.size()));
        feeds.telling(1);
        if (quiet) {
            quiet = false;
            feeds.io().addCallback(this::goOn);
        }
    }

    private void goOn() {
        if (current.isEmpty()) {
            current = waiting;
            waiting = List.of();
            next = 0;
        }
        try {
            tellSome();
        } finally { // whatever a subscriber throws, the others are told
            if (next >= current.getLast().end) {
                feeds.telling(-current.size());
                current = List.of();
            }
            quiet = current.isEmpty() && waiting.isEmpty();
            if (quiet) {
                whenQuiet.run();
            } else {
                feeds.io().addCallback(this::goOn);
            }
        }
    }

    private void tellSome() {
        for (int left = AT_ONCE; left > 0 && next < current.getLast().end; left--) {
            int first = 0;
            while (current.get(first).end <= next) {
                first++; // who came later than that
            }
            var subscriber = subscribers.get(next++);
            if (subscriber != null) {
                for (int i = first; i < current.size(); i++) {
                    current.get(i).what.accept(subscriber);
                }
                left -= current.size() - first - 1;
            }
        }
    }
}
