package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.FdEvent;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;

/**
 * A multi handle of libcurl, driven by a loop: the loop watches its sockets and its timer, and
 * tells it what is ready. Confined to the loop.
 *
 * <p>libcurl must not be called while one of its callbacks is on the stack, and what callbacks tell
 * others may lead to just that. So every call goes through {@link #call}, which then puts it off.
 */
final class Engine implements Callbacks.Target {
    private final IOLoop loop;
    private final ConnectionOptions options;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment result = arena.allocate(JAVA_LONG);
    private final long multi = Libcurl.multiInit();
    private final Pems pems = new Pems();
    private final @Nullable Naming naming;
    private final Callbacks callbacks = new Callbacks(this, arena);
    private final List<Easy> easies = new ArrayList<>();
    private final Map<Long, Easy> byHandle = new HashMap<>();
    private final ArrayDeque<Easy> idle = new ArrayDeque<>();
    private final Map<Integer, Integer> sockets = new HashMap<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final ArrayDeque<Runnable> outcomes = new ArrayDeque<>();
    private @Nullable Timeout timer;
    private @Nullable RuntimeException unwatchable;
    private boolean inside;
    private boolean closed;

    Engine(IOLoop loop, ConnectionOptions options) {
        this.loop = loop;
        this.options = options;
        var resolver = options.resolver();
        this.naming = resolver == null ? null : new Naming(resolver.get());
        Libcurl.multiSet(multi, Option.MULTI_SOCKETFUNCTION, callbacks.socket);
        Libcurl.multiSet(multi, Option.MULTI_TIMERFUNCTION, callbacks.timer);
        Libcurl.multiSet(multi, Option.MULTI_MAX_HOST_CONNECTIONS, options.maxPerHost());
    }

    ConnectionOptions options() {
        return options;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    Pems pems() {
        return pems;
    }

    /** What finds addresses; null: libcurl itself. */
    @Nullable Naming naming() {
        return naming;
    }

    /** Room for one answer of libcurl. */
    MemorySegment result() {
        return result;
    }

    // ---- calls ----

    /** Runs an action that calls libcurl: now, or as soon as libcurl has returned. */
    void call(Runnable action) {
        later.add(action);
        if (inside) {
            return;
        }
        for (var next = later.poll(); next != null; next = later.poll()) {
            inside = true;
            try {
                next.run();
                readMessages();
            } finally {
                inside = false;
            }
        }
        for (var next = outcomes.poll(); next != null; next = outcomes.poll()) {
            next.run();
        }
    }

    /** Runs an action that calls libcurl, but not yet; any code of the loop may call this. */
    void callLater(Runnable action) {
        loop.addCallback(() -> call(action));
    }

    /** Within a call: what to tell others when libcurl isn't on the stack any more. */
    void tell(Runnable outcome) {
        outcomes.add(outcome);
    }

    /** Its handles are freed when it is closed: whoever used one then would end the JVM. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
    }

    /** A handle with nothing set. */
    Easy take() {
        var easy = idle.poll();
        if (easy == null) {
            easy = new Easy(easies.size() + 1, arena);
            easies.add(easy);
            byHandle.put(easy.handle, easy);
        }
        return easy;
    }

    /** Takes back a handle that isn't in use any more. */
    void giveBack(Easy easy) {
        easy.reset();
        idle.push(easy);
    }

    void start(Easy easy) {
        if (!closed) {
            Libcurl.multiAdd(multi, easy.handle);
        }
    }

    void stop(Easy easy) {
        if (!closed) {
            Libcurl.multiRemove(multi, easy.handle);
        }
    }

    private void act(int socket, int events) {
        call(() -> {
            if (!closed) {
                Libcurl.socketAction(multi, socket, events, result);
                failIfUnwatchable();
            }
        });
    }

    private void readMessages() {
        if (closed) {
            return;
        }
        for (long message = Libcurl.infoRead(multi, result);
                message != 0;
                message = Libcurl.infoRead(multi, result)) {
            if (Libcurl.MEMORY.get(JAVA_INT, message) == Code.MESSAGE_DONE) {
                var easy = byHandle.get(Libcurl.MEMORY.get(JAVA_LONG, message + 8));
                int code = Libcurl.MEMORY.get(JAVA_INT, message + 16);
                var transfer = Objects.requireNonNull(Objects.requireNonNull(easy).transfer);
                outcomes.add(transfer.ended(code));
            }
        }
    }

    /** The loop's transport can't watch descriptors: everything that waits for one fails. */
    private void failIfUnwatchable() {
        var failure = unwatchable;
        unwatchable = null;
        if (failure != null) {
            for (var transfer : running()) {
                outcomes.add(transfer.failed(failure));
            }
        }
    }

    private List<Transfer> running() {
        return easies.stream().map(easy -> easy.transfer).filter(Objects::nonNull).toList();
    }

    /** Closes all connections; what is under way fails. Twice is once. */
    void close() {
        call(() -> {
            if (closed) {
                return;
            }
            for (var transfer : running()) {
                outcomes.add(transfer.failed(new IOException("the client was closed")));
            }
            closed = true;
            stopTimer();
            sockets.keySet().forEach(loop::removeHandler);
            sockets.clear();
            easies.forEach(easy -> Libcurl.easyCleanup(easy.handle));
            Libcurl.multiCleanup(multi);
            pems.close();
            if (naming != null) {
                naming.resolver().close();
            }
            arena.close();
        });
    }

    // ---- callbacks of libcurl ----

    @Override
    public int socket(long handle, int socket, int what) {
        if (closed) {
            return 0;
        }
        var easy = byHandle.get(handle);
        if (easy != null && easy.transfer != null) {
            easy.transfer.waitsFor(what);
        }
        if (what == Code.POLL_REMOVE) {
            if (sockets.remove(socket) != null) {
                loop.removeHandler(socket);
            }
            return 0;
        }
        var before = sockets.put(socket, what);
        try {
            if (before == null) {
                loop.addHandler(socket, this::ready, events(what));
            } else if (before != what) {
                loop.updateHandler(socket, events(what));
            }
            return 0;
        } catch (RuntimeException e) { // the transport can't watch descriptors
            sockets.remove(socket);
            unwatchable = e;
            return -1;
        }
    }

    private static FdEvent[] events(int what) {
        var events = new ArrayList<FdEvent>(2);
        if ((what & Code.POLL_IN) != 0) {
            events.add(FdEvent.READ);
        }
        if ((what & Code.POLL_OUT) != 0) {
            events.add(FdEvent.WRITE);
        }
        return events.toArray(new FdEvent[0]);
    }

    private void ready(int socket, Set<FdEvent> events) {
        int mask = 0;
        for (var event : events) {
            mask |=
                    switch (event) {
                        case READ -> Code.SELECT_IN;
                        case WRITE -> Code.SELECT_OUT;
                        case ERROR -> Code.SELECT_ERR;
                    };
        }
        act(socket, mask);
    }

    @Override
    public void timer(long millis) {
        stopTimer();
        if (millis >= 0 && !closed) {
            timer = loop.callLater(Duration.ofMillis(millis), this::timeout);
        }
    }

    private void timeout() {
        timer = null;
        act(Code.SOCKET_TIMEOUT, 0);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public @Nullable Transfer transfer(long id) {
        return easies.get((int) id - 1).transfer;
    }
}
