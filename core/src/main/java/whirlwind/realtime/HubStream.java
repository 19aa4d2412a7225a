package whirlwind.realtime;

import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;
import whirlwind.realtime.sse.SseStream;

/**
 * A session's stream of events. It is on the loop of the request that opened it, which need not be
 * the session's.
 */
final class HubStream {
    private final HubSession session;
    private final SseStream stream;
    private final IOLoop loop = IOLoop.current();

    /** More waits for the client than it is good for. Written on the stream's loop. */
    private volatile boolean behind;

    /** On the stream's loop. */
    HubStream(HubSession session, SseStream stream) {
        this.session = session;
        this.stream = stream;
        stream.onClose(session::lost);
        stream.onDrain(() -> {}); // the hub moves its clients away
        write(ServerFrames.PING); // so that the client sees that no proxy hoards the stream
    }

    /** Sends a frame; whether more may come at once. On the session's loop. */
    boolean send(Frame frame) {
        bring(frame);
        return !behind;
    }

    /** Ends the stream, behind what was sent. On the session's loop. */
    void close() {
        bring(null);
    }

    private void bring(@Nullable Frame frame) {
        if (loop.isCurrent()) {
            take(frame);
        } else {
            session.relayTo(loop).add(this, frame);
        }
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
                    var _ = session.onHome(this::ready);
                }
            });
        }
    }

    private boolean ready() {
        session.ready();
        return true;
    }
}
