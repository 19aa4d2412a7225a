package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import whirlwind.loop.IOLoop;

/** What is in memory instead of the kernel on one loop, and is closed with it. On the loop. */
final class MemoryChannels implements AutoCloseable {
    private final EventLoop loop;
    private final Set<MemoryListener> listeners = new LinkedHashSet<>();

    /** Each knows its place. */
    private final ArrayList<MemoryChannel> connections = new ArrayList<>();

    private boolean closed;

    private MemoryChannels(EventLoop loop) {
        this.loop = loop;
    }

    /** Those of a loop, which calls. */
    static MemoryChannels of(IOLoop loop) {
        return loop.shared(MemoryChannels.class, () -> new MemoryChannels(loop.io().eventLoop()));
    }

    /** Whether the caller is the loop's own thread. Any thread. */
    boolean isOnLoop() {
        return loop.inEventLoop();
    }

    /** Runs something soon on the loop's own thread; false if that has ended. Any thread. */
    boolean execute(Runnable action) {
        try {
            loop.execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // what was there has been closed
        }
    }

    void add(MemoryListener listener) {
        listeners.add(listener);
    }

    void remove(MemoryListener listener) {
        listeners.remove(listener);
    }

    /** False if it is too late. */
    boolean add(MemoryChannel connection) {
        if (!closed) {
            connection.place = connections.size();
            connections.add(connection);
        }
        return !closed;
    }

    /** The last one takes the place that becomes free. */
    void remove(MemoryChannel connection) {
        int place = connection.place;
        if (place < connections.size() && connections.get(place) == connection) {
            var last = connections.removeLast();
            if (last != connection) {
                connections.set(place, last);
                last.place = place;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(listeners).forEach(Channel::close);
        List.copyOf(connections).forEach(Channel::close);
    }
}
