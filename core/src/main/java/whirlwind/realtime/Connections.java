package whirlwind.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import whirlwind.loop.Async;
import whirlwind.loop.PeriodicCallback;
import whirlwind.realtime.feed.Clients;
import whirlwind.realtime.protocol.ErrorCode;

/**
 * The connections of a hub on one loop, and one timer for the heartbeats of all: it goes round them
 * in half a heartbeat, a slice at a time.
 */
final class Connections implements Clients {
    private static final int SLICES = 16;

    /** So many are checked, or told to leave, before others of the loop have their turn. */
    private static final int AT_ONCE = 256;

    /** So many are told at least, in one go, that the server ends. */
    private static final int DRAIN_BATCH = 100;

    private static final int DRAIN_STEPS = 50;

    private final HubOptions options;
    private final ArrayList<HubConnection> all = new ArrayList<>();
    private final PeriodicCallback timer;
    private int slicesLeft;
    private int nextToCheck;
    private boolean draining;

    /** So many of them are by WebSocket. */
    private int sockets;

    Connections(HubOptions options) {
        this.options = options;
        var half = options.heartbeat().dividedBy(2);
        timer = new PeriodicCallback(this::checkSlice, half.dividedBy(SLICES));
    }

    void add(HubConnection connection) {
        connection.place = all.size();
        all.add(connection);
        sockets += connection.isSocket() ? 1 : 0;
        timer.start();
    }

    void remove(HubConnection connection) {
        sockets -= connection.isSocket() ? 1 : 0;
        var last = all.removeLast();
        if (last != connection) {
            all.set(connection.place, last);
            last.place = connection.place;
        }
        if (all.isEmpty()) {
            timer.stop();
        }
    }

    @Override
    public boolean haveSockets() {
        return sockets > 0;
    }

    @Override
    public boolean haveSessions() {
        return sockets < all.size();
    }

    @Override
    public boolean compression() {
        return options.compression();
    }

    /** Those that have been let in. */
    List<HubConnection> open() {
        return all.stream().filter(HubConnection::isOpen).toList();
    }

    /** In a coroutine; from the end on, for one that goes is replaced by the last. */
    private void checkSlice() {
        if (slicesLeft == 0) {
            slicesLeft = SLICES;
            nextToCheck = all.size();
        }
        nextToCheck = Math.min(nextToCheck, all.size());
        int rest = nextToCheck - nextToCheck / slicesLeft;
        slicesLeft--;
        while (nextToCheck > rest) {
            nextToCheck--;
            if (nextToCheck < all.size()) {
                all.get(nextToCheck).checkAlive();
            }
            if (nextToCheck % AT_ONCE == 0) {
                Async.moment();
            }
        }
    }

    boolean isDraining() {
        return draining;
    }

    /** In a coroutine: moves all away, in batches, within about this time. */
    void drain(Duration limit) {
        draining = true;
        var leaving = List.copyOf(all);
        int batch = Math.max(DRAIN_BATCH, leaving.size() / DRAIN_STEPS + 1);
        var pause = limit.dividedBy(DRAIN_STEPS);
        for (int i = 0; i < leaving.size(); i++) {
            if (i > 0 && i % batch == 0) {
                Async.sleep(pause);
            } else if (i % AT_ONCE == 0) {
                Async.moment();
            }
            leave(leaving.get(i));
        }
        while (!all.isEmpty()) { // those that came in the meantime
            leave(all.getLast());
        }
    }

    /** Each after a time of its own, so that they don't come to the next server together. */
    static void leave(HubConnection connection) {
        long after = ThreadLocalRandom.current().nextLong(1000);
        connection.end(ErrorCode.DRAINING, "the server is ending", true, after);
    }

    void close() {
        while (!all.isEmpty()) {
            leave(all.getLast());
        }
        timer.stop();
    }
}
