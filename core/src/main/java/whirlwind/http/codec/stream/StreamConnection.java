package whirlwind.http.codec.stream;

import java.time.Duration;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.Deadlines;
import whirlwind.http.codec.exchange.ServerConnection;

/**
 * A connection with many streams that another module reads and writes: HTTP/3's. What doesn't
 * depend on its bytes is here: whose turn it is to write, how long it may be idle, and how it ends.
 *
 * <p>Called on the loop's own thread, but for {@link #ready}.
 */
public abstract class StreamConnection implements ServerConnection, Corks.Corked {
    /** How long a client may have given up a request before that is noticed. */
    private static final Duration PROBE_TIME = Duration.ofSeconds(3);

    private final ConnectionContext context;
    private final ServerStreams streams = new ServerStreams();
    private int place;
    private int deadline;
    private int probe;

    /** The tick at which the client will have got what was sent last. */
    private int quiet;

    private boolean corked;
    private boolean ending;

    /** A connection that has begun, and is to be open in {@code handshakeTimeout}. */
    protected StreamConnection(ConnectionContext context, Duration handshakeTimeout) {
        this.context = context;
        this.deadline = context.deadlines().in(handshakeTimeout);
        this.probe = context.deadlines().in(PROBE_TIME);
        this.quiet = context.deadlines().now();
        context.connections().add(this);
    }

    // ---- what the other module does ----

    /**
     * Tells the client that streams it opens from now on are not looked at, and refuses them; those
     * that it has opened go on.
     */
    protected abstract void goAway();

    /** Closes the connection, as agreed. */
    protected abstract void close();

    /** Sends what streams have handed over. */
    protected abstract void flush();

    // ---- what it tells ----

    /** The handshake is over. */
    protected final void opened() {
        deadline = context.deadlines().head();
        if (context.connections().isDraining()) {
            drain();
        }
    }

    /** A stream has begun. */
    protected final void add(ServerStream stream) {
        streams.add(stream);
        deadline = Deadlines.NEVER;
    }

    /** A stream is closed; more than once is once. */
    protected final void remove(ServerStream stream) {
        if (!streams.end(stream)) {
            return;
        }
        quiet = context.deadlines().linger();
        if (ending) {
            deadline = quiet;
        } else if (context.limits().keepAlive()) {
            deadline = context.deadlines().idle();
        } else {
            drain();
        }
    }

    /** The connection is closed. */
    protected final void closed() {
        if (!streams.isClosed()) {
            streams.close();
            context.connections().left(this);
        }
    }

    /** A stream has something to send or to do; coroutines call it, too. */
    protected final void ready(ServerStream stream) {
        if (streams.ready(stream) && !corked) {
            corked = true;
            context.corks().add(this);
        }
    }

    // ---- turns and times ----

    @Override
    public final void uncork() {
        corked = false;
        streams.send(() -> true);
        flush();
    }

    @Override
    public void tick(int now) {
        streams.tick(now);
        if (probe - now <= 0) {
            probe = context.deadlines().in(PROBE_TIME);
            streams.copy().forEach(ServerStream::probe);
        }
        if (!Deadlines.isUp(deadline, now)) {
            return;
        }
        deadline = Deadlines.NEVER;
        if (!ending) {
            goAway();
        }
        close();
    }

    /** Closes as soon as what runs has ended, and the client has got it. */
    @Override
    public final void drain() {
        if (ending) {
            return;
        }
        ending = true;
        goAway();
        if (streams.size() == 0) {
            deadline = quiet;
            tick(context.deadlines().now());
        }
    }

    @Override
    public final int place() {
        return place;
    }

    @Override
    public final void place(int place) {
        this.place = place;
    }
}
