package whirlwind.realtime.websocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import whirlwind.loop.Async;
import whirlwind.loop.PeriodicCallback;

/**
 * Pings open WebSockets, with one timer for all of them. They stand in slots, the hand moves by one
 * slot at each tick, and those it comes to are pinged: each once a turn, which takes the interval,
 * and not all of them at once. So many ticks behind the hand as an answer may take, those that
 * haven't answered are told.
 *
 * <p>A tick that comes late makes its turn longer, and the time for answers as well: a loop that
 * was busy takes no silence for the client's. A connection costs a reference and an int.
 */
final class PingWheel {
    /** What is pinged. */
    interface Peer {
        /** Asks for a sign of life. */
        void ping();

        /** Ends it if it has given none since. */
        void checkAlive();

        /** Where it is; kept by the peer, changed by the wheel only. */
        int place();

        /** Sets what {@link #place} answers. */
        void place(int place);
    }

    private static final int MAX_SLOTS = 64;
    private static final int MIN_SLOTS = 4;

    /** So many of a slot have their turn before others of the loop have theirs. */
    private static final int AT_ONCE = 256;

    private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

    private final List<ArrayList<Peer>> slots;
    private final PeriodicCallback timer;

    /** 0: answers aren't waited for. */
    private final int ticksToAnswer;

    private int hand;
    private int size;

    /** With a timeout of at most the interval. */
    PingWheel(Duration interval, Duration timeout) {
        int count = Math.clamp(interval.dividedBy(SHORTEST_TICK), MIN_SLOTS, MAX_SLOTS);
        slots = Stream.generate(() -> new ArrayList<Peer>(0)).limit(count).toList();
        var tick = interval.dividedBy(count);
        timer = new PeriodicCallback(this::tick, tick);
        ticksToAnswer = timeout.isZero() ? 0 : Math.clamp(timeout.dividedBy(tick), 1, count);
    }

    /** Pings it from one interval from now on. */
    void add(Peer peer) {
        var slot = slots.get(hand);
        peer.place(slot.size() * slots.size() + hand);
        slot.add(peer);
        if (size++ == 0) {
            timer.start();
        }
    }

    void remove(Peer peer) {
        int place = peer.place();
        var slot = slots.get(place % slots.size());
        var last = slot.removeLast();
        if (last != peer) {
            slot.set(place / slots.size(), last);
            last.place(place);
        }
        if (--size == 0) {
            timer.stop();
        }
    }

    void stop() {
        timer.stop();
    }

    /** In a coroutine. */
    private void tick() {
        hand = (hand + 1) % slots.size();
        if (ticksToAnswer > 0) {
            each(slots.get(Math.floorMod(hand - ticksToAnswer, slots.size())), Peer::checkAlive);
        }
        each(slots.get(hand), Peer::ping);
    }

    /** From the end on, for one that leaves is replaced by the last, which has had its turn. */
    private static void each(ArrayList<Peer> slot, Consumer<Peer> action) {
        for (int i = slot.size() - 1; i >= 0; i--) {
            if (i < slot.size()) {
                action.accept(slot.get(i));
            }
            if (i > 0 && i % AT_ONCE == 0) {
                Async.moment();
            }
        }
    }
}
