package whirlwind.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of one topic or pattern on one loop. They may come and go while all are being
 * told something: who has gone isn't told any more, who has come isn't told yet.
 */
final class Audience {
    private final ArrayList<@Nullable Subscriber> subscribers = new ArrayList<>(2);
    private int size;
    private int walks;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(Subscriber subscriber) {
        subscriber.place = subscribers.size();
        subscribers.add(subscriber);
        size++;
    }

    void remove(Subscriber subscriber) {
        int place = subscriber.place;
        if (place >= subscribers.size() || subscribers.get(place) != subscriber) {
            return;
        }
        size--;
        if (walks > 0) {
            subscribers.set(place, null);
        } else {
            fill(place);
        }
    }

    /** Puts the last one into a place that is free. */
    private void fill(int place) {
        var last = subscribers.removeLast();
        if (place < subscribers.size() && last != null) {
            subscribers.set(place, last);
            last.place = place;
        }
    }

    void forEach(Consumer<Subscriber> action) {
        walks++;
        try {
            for (int i = 0, n = subscribers.size(); i < n; i++) {
                var subscriber = subscribers.get(i);
                if (subscriber != null) {
                    action.accept(subscriber);
                }
            }
        } finally {
            walks--;
            if (walks == 0 && size < subscribers.size()) {
                compact();
            }
        }
    }

    private void compact() {
        for (int i = subscribers.size() - 1; i >= 0; i--) {
            if (subscribers.get(i) == null) {
                fill(i);
            }
        }
    }

    List<Subscriber> copy() {
        var all = new ArrayList<Subscriber>(size);
        forEach(all::add);
        return all;
    }
}
