package whirlwind.http.codec.exchange;

import java.time.Duration;
import java.util.stream.Stream;
import whirlwind.http.codec.Members;
import whirlwind.loop.IOLoop;

/**
 * When a server's connections have to be done with what they begin now, in the ticks of their
 * {@link Sweep}.
 */
public final class Deadlines {
    /** No limit. */
    public static final int NEVER = Integer.MAX_VALUE;

    /** How long a refused client may take to read why, before the connection is dropped. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Sweep sweep;
    private final int headTicks;
    private final int bodyTicks;
    private final int idleTicks;
    private final int lingerTicks;

    /** Whether a body has its time from piece to piece, and not as a whole. */
    private final boolean bodyByPieces;

    Deadlines(IOLoop loop, Members<ServerConnection> connections, ConnectionLimits limits) {
        var head = limits.headerTimeout();
        var idle = limits.idleTimeout();
        var whole = limits.bodyTimeout();
        var body = whole == null ? idle : whole;
        var shortest = Stream.of(head, idle, body, LINGER).min(Duration::compareTo).orElseThrow();
        sweep = new Sweep(loop, connections, shortest);
        headTicks = sweep.ticks(head);
        bodyTicks = sweep.ticks(body);
        idleTicks = sweep.ticks(idle);
        lingerTicks = sweep.ticks(LINGER);
        bodyByPieces = whole == null;
    }

    /** Whether a time is up, at tick {@code now}. */
    public static boolean isUp(int deadline, int now) {
        return deadline != NEVER && deadline - now <= 0;
    }

    /** For the head of a request. */
    public int head() {
        return sweep.deadline(headTicks);
    }

    /** For the body of a request, or the next piece of it. */
    public int body() {
        return sweep.deadline(bodyTicks);
    }

    /** For a body that was to have come by {@code deadline}, and of which a piece has come. */
    public int bodyGoesOn(int deadline) {
        return bodyByPieces ? body() : deadline;
    }

    /** For whatever is to happen next. */
    public int idle() {
        return sweep.deadline(idleTicks);
    }

    /** For a client that has been told the last word. */
    public int linger() {
        return sweep.deadline(lingerTicks);
    }

    /** After a time that has no name here. */
    public int in(Duration time) {
        return sweep.deadline(sweep.ticks(time));
    }

    /** The tick that is now: for what need not wait. */
    public int now() {
        return sweep.deadline(0);
    }
}
