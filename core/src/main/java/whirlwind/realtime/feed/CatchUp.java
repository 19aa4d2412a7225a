package whirlwind.realtime.feed;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;

/**
 * Brings somebody from the position where they are to where a topic is: reads the history behind it
 * page by page, while what arrives live is held, and puts the two together without a gap, a
 * duplicate or disorder.
 *
 * <p>Each page is asked for after the live publications that were seen before, so page and held
 * ones together leave nothing out. What is held is bounded, and of no use unless the page turns out
 * to be the last: if there is too much of it, another page is read instead.
 */
public final class CatchUp {
    /** So many publications are read at a time. */
    private static final int PAGE = 64;

    private static final int MAX_HELD = 1024;

    /** Who is to be brought there. */
    public interface Target {
        /** The next publication. */
        void deliver(Broadcast broadcast);

        /** What lies between the last one and this position can't be had any more. */
        void lost(Position position);

        /** This is where the live ones go on. */
        void caughtUp(Position position);

        /** The history can't be read. */
        void failed(Throwable failure);

        /** Nobody wants it any more. */
        default void cancelled() {}

        /** Whether it takes one more publication of a page, which are many. */
        default boolean hasRoom() {
            return true;
        }

        /** Whether the next page may come now; if not, the target calls {@link #goOn}. */
        boolean isReady();
    }

    private final LoopFeeds feeds;
    private final String topic;
    private final Target target;

    /** Null before the first page, for who just wants to begin. */
    private @Nullable Position at;

    /** What has arrived since the page under way was asked for; null while there is none. */
    private @Nullable ArrayDeque<Broadcast> held = new ArrayDeque<>();

    private boolean overtaken;
    private boolean waiting;
    private boolean cancelled;

    CatchUp(LoopFeeds feeds, String topic, @Nullable Position at, Target target) {
        this.feeds = feeds;
        this.topic = topic;
        this.at = at;
        this.target = target;
    }

    /** Reads the next page. */
    public void begin() {
        if (held == null) {
            held = new ArrayDeque<>();
        }
        overtaken = false;
        waiting = false;
        var page = feeds.engine().history(topic, at, at == null ? 0 : PAGE);
        feeds.whenDone(
                page,
                (found, failure) -> {
                    if (cancelled) {
                        return;
                    }
                    if (found != null) {
                        take(found);
                    } else {
                        target.failed(Objects.requireNonNull(failure));
                    }
                });
    }

    /** Something has arrived live. */
    public void hold(Broadcast broadcast) {
        if (held == null) {
            return;
        }
        if (held.size() >= MAX_HELD) {
            readOn();
        } else {
            held.add(broadcast);
        }
    }

    /** What has arrived doesn't say it all: the page under way must not be the last. */
    public void readOn() {
        held = null;
        overtaken = true;
    }

    /** The target is ready again. */
    public void goOn() {
        if (waiting) {
            nextPage();
        }
    }

    /** Nobody wants it any more. */
    public void cancel() {
        cancelled = true;
        held = null;
        target.cancelled();
    }

    private void take(HistoryPage page) {
        var arrived = held;
        held = null;
        boolean more = false;
        if (at == null) {
            at = page.position();
        } else if (!page.complete()) {
            at = page.position();
            target.lost(at);
        } else {
            more = !deliverAll(page.publications()) || page.publications().size() >= PAGE;
        }
        if (more || overtaken || arrived == null || !joins(arrived)) {
            nextPage();
        } else if (!cancelled) {
            target.caughtUp(at);
        }
    }

    /** Whether the target took them all; what it leaves is read again when it is ready. */
    private boolean deliverAll(List<Publication> publications) {
        for (var publication : publications) {
            if (!target.hasRoom()) {
                return false;
            }
            deliver(new Broadcast(publication));
        }
        return true;
    }

    /** Delivers what arrived, as far as nothing is missing in it. */
    private boolean joins(ArrayDeque<Broadcast> arrived) {
        for (var broadcast : arrived) {
            var position = broadcast.position();
            var here = Objects.requireNonNull(at);
            if (here.isFollowedBy(position)) {
                deliver(broadcast);
            } else if (!here.epoch().equals(position.epoch())
                    || position.offset() > here.offset()) {
                return false;
            }
        }
        return true;
    }

    private void deliver(Broadcast broadcast) {
        if (!cancelled) {
            at = broadcast.position();
            target.deliver(broadcast);
        }
    }

    /** In a later turn, so that others have theirs. */
    private void nextPage() {
        if (cancelled) {
            return;
        }
        if (target.isReady()) {
            waiting = false;
            feeds.io()
                    .addCallback(() -> {
                        if (!cancelled) {
                            begin();
                        }
                    });
        } else {
            waiting = true;
        }
    }
}
