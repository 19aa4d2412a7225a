package whirlwind.loop;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.transport.DescriptorWatch;
import whirlwind.transport.LoopIo;

/**
 * File descriptors that the user gave to a loop. Watches are opened on the loop's own thread, as
 * Netty asks.
 */
final class Descriptors {
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    private final LoopIo io;
    private final Callbacks callbacks;
    private final Map<Integer, Entry> entries = new HashMap<>();

    Descriptors(LoopIo io, Callbacks callbacks) {
        this.io = io;
        this.callbacks = callbacks;
    }

    void add(int fd, FdHandler handler, List<FdEvent> events) {
        if (entries.containsKey(fd)) {
            throw new IllegalStateException("descriptor " + fd + " is registered already");
        }
        io.checkDescriptors();
        var entry = new Entry(fd, handler, events);
        entries.put(fd, entry);
        callbacks.add(entry::open);
    }

    void update(int fd, List<FdEvent> events) {
        var entry = entries.get(fd);
        if (entry == null) {
            throw new IllegalStateException("descriptor " + fd + " is not registered");
        }
        entry.events = events;
        soon(entry::applyInterest);
    }

    void remove(int fd) {
        var entry = entries.remove(fd);
        if (entry != null) {
            entry.removed = true;
            soon(entry::stop);
        }
    }

    /**
     * At once on the loop's own thread: whoever removes a descriptor there may close it next, and
     * its number may be a channel's before another turn begins.
     */
    private void soon(Runnable action) {
        if (io.isOnOwnThread()) {
            action.run();
        } else {
            callbacks.add(action);
        }
    }

    /** The loop ends; called on its own thread. */
    void close(boolean descriptorsToo) {
        for (var entry : entries.values()) {
            entry.stop();
            if (descriptorsToo) {
                LoopIo.closeDescriptor(entry.fd);
            }
        }
        entries.clear();
    }

    private final class Entry {
        private final int fd;
        private final FdHandler handler;
        private List<FdEvent> events;
        private boolean removed;
        private @Nullable DescriptorWatch watch;

        Entry(int fd, FdHandler handler, List<FdEvent> events) {
            this.fd = fd;
            this.handler = handler;
            this.events = events;
        }

        void open() {
            if (removed) {
                return;
            }
            try {
                watch = io.watch(fd, this::ready);
                applyInterest();
            } catch (RuntimeException e) {
                removed = true;
                entries.remove(fd, this);
                stop();
                log.error("Descriptor {} can't be watched", fd, e);
            }
        }

        void applyInterest() {
            if (watch != null && !removed) { // removed: it may be closed by now
                watch.interest(events.contains(FdEvent.READ), events.contains(FdEvent.WRITE));
            }
        }

        void stop() {
            if (watch != null) {
                watch.stop();
                watch = null;
            }
        }

        void ready(boolean readable, boolean writable, boolean broken) {
            if (removed) {
                return;
            }
            Set<FdEvent> ready = EnumSet.noneOf(FdEvent.class);
            if (readable && events.contains(FdEvent.READ)) {
                ready.add(FdEvent.READ);
            }
            if (writable && events.contains(FdEvent.WRITE)) {
                ready.add(FdEvent.WRITE);
            }
            if (broken) {
                ready.add(FdEvent.ERROR);
            }
            if (!ready.isEmpty()) {
                callbacks.run(() -> handler.ready(fd, ready));
            }
        }
    }
}
