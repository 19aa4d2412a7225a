package whirlwind.http.codec;

import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.transport.Route;

/**
 * The connections of one route, and the calls that wait for one. A call that finds none kept has
 * one made, and takes whichever is free first.
 *
 * <p>Confined to the loop; used by coroutines and by its own thread.
 */
final class ClientPool implements ClientCall.Link {
    /** A connection being made. Whoever caused it gets it, unless it has got another meanwhile. */
    private record Attempt(ClientCall cause, CompletableFuture<Channel> connection) {}

    private final ClientContext context;
    private final ClientTransport transport;
    private final Route route;
    private final ArrayDeque<ClientConnection> kept = new ArrayDeque<>();
    private final ArrayDeque<ClientCall> waiting = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<ClientConnection> open = new ArrayList<>();
    private boolean closed;

    ClientPool(ClientContext context, ClientTransport transport, Route route) {
        this.context = context;
        this.transport = transport;
        this.route = route;
    }

    Route route() {
        return route;
    }

    /** Whether there is nothing here that anybody would miss. */
    boolean isEmpty() {
        return waiting.isEmpty() && attempts.isEmpty() && open.isEmpty();
    }

    // ---- calls ----

    void submit(ClientCall call) {
        var connection = takeKept();
        if (connection != null) {
            connection.start(call);
        } else {
            waiting.add(call);
            connectAsNeeded();
        }
    }

    /** The one used last, for it is the least likely to be closed. */
    private @Nullable ClientConnection takeKept() {
        for (var last = kept.pollLast(); last != null; last = kept.pollLast()) {
            if (last.isOpen()) {
                return last;
            }
        }
        return null;
    }

    /** A kept connection turned out to be closed: once more, on a fresh one. */
    void repeat(ClientCall call) {
        if (call.isRepeated()) {
            call.fail(new IOException("connection closed before a response came, twice"));
            return;
        }
        call.repeatAt(this);
        waiting.addFirst(call);
        connectAsNeeded();
    }

    @Override
    public void cancel(ClientCall call) {
        if (!waiting.remove(call)) {
            return;
        }
        attempts.stream()
                .filter(attempt -> attempt.cause == call)
                .findFirst()
                .ifPresent(attempt -> {
                    attempts.remove(attempt);
                    attempt.connection.cancel(true);
                });
        connectAsNeeded();
        transport.dropIfEmpty(this);
    }

    @Override
    public void pause(ClientCall call, boolean paused) {
        // nothing to read yet
    }

    // ---- connections ----

    private void connectAsNeeded() {
        while (!closed
                && attempts.size() < waiting.size()
                && attempts.size() + open.size() < context.options.maxPerHost()) {
            var cause = firstWithoutAttempt();
            if (cause == null) {
                return;
            }
            var connection = transport.connect(route);
            var attempt = new Attempt(cause, connection);
            attempts.add(attempt);
            connection.whenComplete((channel, failure) ->
                    context.loop.addCallback(() -> connected(attempt, channel, failure)));
        }
    }

    private @Nullable ClientCall firstWithoutAttempt() {
        for (var call : waiting) {
            if (attempts.stream().noneMatch(attempt -> attempt.cause == call)) {
                return call;
            }
        }
        return null;
    }

    private void connected(
            Attempt attempt, @Nullable Channel channel, @Nullable Throwable failure) {
        if (!attempts.remove(attempt)) {
            if (channel != null) {
                channel.close(); // cancelled, and too late to stop it
            }
            return;
        }
        if (channel == null) {
            if (waiting.remove(attempt.cause)) {
                attempt.cause.fail(
                        failure != null ? failure : new IOException("connecting failed"));
            }
            connectAsNeeded();
            transport.dropIfEmpty(this);
            return;
        }
        var connection = new ClientConnection(context, this);
        open.add(connection);
        channel.pipeline().addLast(connection);
        var next = waiting.remove(attempt.cause) ? attempt.cause : waiting.poll();
        if (next != null) {
            connection.start(next);
        } else {
            hold(connection);
        }
    }

    /** Takes a connection back whose response is whole; the next call may have it at once. */
    void keep(ClientConnection connection) {
        var next = waiting.poll();
        if (next != null) {
            connection.start(next);
        } else {
            hold(connection);
        }
    }

    private void hold(ClientConnection connection) {
        if (closed || !context.keepsAlive()) {
            connection.close();
            return;
        }
        connection.idleSince = context.tick;
        kept.add(connection);
        transport.watchIdle();
    }

    /** A connection is closed. */
    void left(ClientConnection connection) {
        open.remove(connection);
        kept.remove(connection);
        connectAsNeeded();
        transport.dropIfEmpty(this);
    }

    /** Closes what has been kept since {@code tick} or longer; whether some is left. */
    boolean closeIdle(int tick) {
        for (var first = kept.peek();
                first != null && first.idleSince - tick <= 0;
                first = kept.peek()) {
            kept.remove();
            first.close();
        }
        return !kept.isEmpty();
    }

    void close() {
        closed = true;
        var failure = new IOException("the client was closed");
        while (!waiting.isEmpty()) {
            waiting.remove().fail(failure);
        }
        List.copyOf(attempts).forEach(attempt -> attempt.connection.cancel(true));
        attempts.clear();
        List.copyOf(open).forEach(connection -> connection.fail(failure));
    }
}
