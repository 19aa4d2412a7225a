package whirlwind.http.codec.client;

import io.netty.channel.Channel;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.transport.Http2Mode;
import whirlwind.http.transport.HttpRoute;
import whirlwind.net.channel.Connector;
import whirlwind.net.channel.Destination;
import whirlwind.net.connect.ConnectTimeoutException.Stage;
import whirlwind.net.dns.Family;

/**
 * The connections of one route, and the calls that wait for one. A call that finds no room has a
 * connection made, and takes whichever has room first.
 *
 * <p>Where the server may choose HTTP/2, one connection is made at a time, and what it turns out to
 * speak decides: one for all, or one each.
 *
 * <p>Confined to the loop; used by coroutines and by its own thread.
 */
final class ClientPool implements ClientCall.Link {
    /** A connection being made. Whoever caused it gets it, unless it has got another meanwhile. */
    private final class Attempt {
        final ClientCall cause;
        private Stage stage = Stage.RESOLVE;
        final CompletableFuture<Channel> connection;

        Attempt(ClientCall cause) {
            this.cause = cause;
            connection = transport.connect(destination, reached -> stage = reached);
        }
    }

    private final ClientContext context;
    private final ClientTransport transport;
    private final HttpRoute route;
    private final Destination destination;

    /** Connections for one call at a time that have none, the one used last at the end. */
    private final ArrayDeque<ClientConnection> kept = new ArrayDeque<>();

    /** Connections for many calls at a time. */
    private final List<ClientHttp2> shared = new ArrayList<>();

    private final List<ClientPeer> open = new ArrayList<>();
    private final ArrayDeque<ClientCall> waiting = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();

    /** Whether a connection may turn out to serve many calls at a time. */
    private boolean mayMultiplex;

    private boolean closed;

    /**
     * @throws IllegalArgumentException if nothing can be connected like that
     */
    ClientPool(ClientContext context, ClientTransport transport, HttpRoute route) {
        this.context = context;
        this.transport = transport;
        this.route = route;
        this.destination = destination(route);
        this.mayMultiplex = speaksHttp2(route) || asksForHttp2(route);
    }

    private static Destination destination(HttpRoute route) {
        var proxy = route.proxy();
        var first =
                route.isForwarded() && proxy != null
                        ? Destination.of(proxy.host(), proxy.port())
                        : Destination.of(route.host(), route.port()).withProxy(proxy);
        var destination =
                first.withFamily(route.allowIpv6() ? Family.ANY : Family.IPV4)
                        .withSource(route.networkInterface(), 0)
                        .withTls(route.tls());
        return asksForHttp2(route) ? destination.withAlpn("h2", "http/1.1") : destination;
    }

    /** Whether HTTP/2 is offered for the server to choose. */
    static boolean asksForHttp2(HttpRoute route) {
        return route.tls() != null && route.http2() != Http2Mode.NEVER;
    }

    private static boolean speaksHttp2(HttpRoute route) {
        return route.http2() == Http2Mode.PRIOR_KNOWLEDGE && !route.isForwarded();
    }

    HttpRoute route() {
        return route;
    }

    /** Whether there is nothing here that anybody would miss. */
    boolean isEmpty() {
        return waiting.isEmpty() && attempts.isEmpty() && open.isEmpty();
    }

    // ---- calls ----

    void submit(ClientCall call) {
        var peer = withRoom();
        if (peer != null) {
            peer.start(call);
        } else {
            waiting.add(call);
            connectAsNeeded();
        }
    }

    private @Nullable ClientPeer withRoom() {
        var many = sharedWithRoom();
        if (many != null) {
            return many;
        }
        // The one used last is the least likely to be closed.
        for (var last = kept.pollLast(); last != null; last = kept.pollLast()) {
            if (last.hasRoom()) {
                return last;
            }
        }
        return null;
    }

    private @Nullable ClientPeer sharedWithRoom() {
        for (var peer : shared) {
            if (peer.hasRoom()) {
                return peer;
            }
        }
        return null;
    }

    /**
     * The server has not answered, nor done anything: once more. Not on another kept connection,
     * which may be closed as well.
     */
    void repeat(ClientCall call) {
        if (call.isOver()) {
            return;
        }
        if (closed || !call.mayRepeat()) {
            call.fail(new IOException("connection closed before a response came"));
            return;
        }
        call.waitAt(this);
        var peer = sharedWithRoom();
        if (peer != null) {
            peer.start(call);
        } else {
            waiting.addFirst(call);
            connectAsNeeded();
        }
    }

    @Override
    public void cancel(ClientCall call) {
        if (!waiting.remove(call)) {
            return;
        }
        for (var attempt : attempts) {
            if (attempt.cause == call) {
                attempts.remove(attempt);
                attempt.connection.cancel(true);
                break;
            }
        }
        connectAsNeeded();
        transport.dropIfEmpty(this);
    }

    @Override
    public void pause(ClientCall call, boolean paused) {
        // nothing to read yet
    }

    /** A call that has no attempt of its own waits for the first. */
    @Override
    public Stage connecting(ClientCall call) {
        for (var attempt : attempts) {
            if (attempt.cause == call) {
                return attempt.stage;
            }
        }
        return attempts.isEmpty() ? Stage.CONNECT : attempts.getFirst().stage;
    }

    // ---- connections ----

    private void connectAsNeeded() {
        for (var call : waiting) {
            boolean enough = mayMultiplex ? !attempts.isEmpty() : attempts.size() >= waiting.size();
            if (closed || enough || attempts.size() + open.size() >= context.options.maxPerHost()) {
                return;
            }
            if (!call.hasAttempt()) {
                call.hasAttempt(true);
                connectFor(call);
            }
        }
    }

    private void connectFor(ClientCall cause) {
        var attempt = new Attempt(cause);
        attempts.add(attempt);
        attempt.connection.whenComplete((channel, failure) ->
                context.loop.addCallback(() -> connected(attempt, channel, failure)));
    }

    private void connected(
            Attempt attempt, @Nullable Channel channel, @Nullable Throwable failure) {
        attempt.cause.hasAttempt(false);
        if (!attempts.remove(attempt)) {
            if (channel != null) {
                channel.close(); // cancelled, and too late to stop it
            }
            return;
        }
        if (channel == null || !channel.isActive()) { // it may be closed again
            if (waiting.remove(attempt.cause)) {
                attempt.cause.fail(
                        failure != null ? failure : new EOFException("connection closed at once"));
            }
            connectAsNeeded();
            transport.dropIfEmpty(this);
            return;
        }
        var peer = addTo(channel);
        open.add(peer);
        if (waiting.remove(attempt.cause)) {
            peer.start(attempt.cause);
        }
        roomAt(peer);
        connectAsNeeded();
    }

    /** Gives the channel the handler for what it speaks. */
    private ClientPeer addTo(Channel channel) {
        boolean http2 = speaksHttp2(route) || "h2".equals(Connector.alpnOf(channel));
        mayMultiplex = http2;
        ClientPeer peer;
        if (http2) {
            var made = ClientFrames.newConnection(context, this);
            channel.pipeline().addLast(made);
            shared.add(made);
            peer = made;
        } else {
            var made = new ClientConnection(context, this);
            channel.pipeline().addLast(made);
            peer = made;
        }
        channel.config().setAutoRead(true);
        return peer;
    }

    /** A connection has room, perhaps for the first that waits. */
    void roomAt(ClientPeer peer) {
        while (!waiting.isEmpty() && peer.hasRoom()) {
            peer.start(waiting.remove());
        }
        if (!peer.isIdle()) {
            return;
        }
        if (closed || !context.keepsAlive()) {
            peer.close();
            return;
        }
        if (peer instanceof ClientConnection connection && connection.hasRoom()) {
            kept.addLast(connection);
        }
        transport.watchIdle();
    }

    /** A connection takes no more calls, though it is open. */
    void noRoomAt(ClientHttp2 peer) {
        shared.remove(peer);
    }

    /** A connection is closed. */
    void left(ClientPeer peer) {
        open.remove(peer);
        shared.remove(peer);
        kept.remove(peer);
        connectAsNeeded();
        transport.dropIfEmpty(this);
    }

    /** Closes what has been idle since {@code tick} or longer; whether some is left. */
    boolean closeIdle(int tick) {
        boolean left = false;
        for (var peer : List.copyOf(open)) {
            if (peer.isIdle() && peer.idleSince() - tick <= 0) {
                peer.close();
            } else {
                left |= peer.isIdle();
            }
        }
        return left;
    }

    void close() {
        closed = true;
        var failure = new IOException("the client was closed");
        while (!waiting.isEmpty()) {
            waiting.remove().fail(failure);
        }
        List.copyOf(attempts).forEach(attempt -> attempt.connection.cancel(true));
        attempts.clear();
        List.copyOf(open).forEach(peer -> peer.fail(failure));
    }
}
