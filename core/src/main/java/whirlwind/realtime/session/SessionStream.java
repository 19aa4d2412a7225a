package whirlwind.realtime.session;

import org.jspecify.annotations.Nullable;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;
import whirlwind.realtime.sse.SseStream;

/**
 * A session's stream of events. It is on the loop of the request that opened it, which need not be
 * the session's.
 */
final class SessionStream {
    private final Session session;
    private final SseStream stream;
    private final Relay relay;

    /** More waits for the client than it is good for. Written on the stream's loop. */
    private volatile boolean behind;

    /**
     * On the stream's loop.
     *
     * @param relay the way to it
     */
    SessionStream(Session session, SseStream stream, Relay relay) {
        this.session = session;
        this.stream = stream;
        this.relay = relay;
        stream.onClose(session::lost);
        stream.onDrain(() -> {}); // who sends says good-bye
        write(ServerFrames.PING); // so that the client sees that no proxy hoards the stream
    }

    /** Sends a frame; whether more may come at once. On the session's loop. */
    boolean send(Frame frame) {
        relay.bring(this, frame);
        return !behind;
    }

    /** Ends the stream, behind what was sent. On the session's loop. */
    void close() {
        relay.bring(this, null);
    }

    /** A frame, or null for the end. On the stream's loop. */
    void take(@Nullable Frame frame) {
        if (frame == null) {
            stream.close();
        } else {
            write(frame);
        }
    }

    private void write(Frame frame) {
        var taken = stream.send(frame.event());
        if (!behind && !taken.isDone()) {
            behind = true;
            taken.whenComplete((nothing, failure) -> {
                behind = false;
                if (failure == null) {
                    session.home().run(session::ready);
                }
            });
        }
    }
}
