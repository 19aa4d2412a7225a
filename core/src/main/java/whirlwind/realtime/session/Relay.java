package whirlwind.realtime.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.protocol.Frame;

/**
 * The way of frames from the sessions of one loop to their streams on another: those of one turn
 * cross together, in their order. Confined to the sessions' loop.
 */
final class Relay {
    private record Crossing(SessionStream stream, @Nullable Frame frame) {}

    private final IOLoop from;
    private final IOLoop to;
    private @Nullable List<Crossing> waiting;

    Relay(IOLoop from, IOLoop to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Brings a frame to a stream: at once if it is here, be it because the sessions' loop has
     * closed.
     *
     * @param frame null: the stream is to be closed
     */
    void bring(SessionStream stream, @Nullable Frame frame) {
        if (to.isCurrent()) {
            stream.take(frame);
            return;
        }
        if (waiting == null) {
            waiting = new ArrayList<>();
            from.addCallback(this::cross);
        }
        waiting.add(new Crossing(stream, frame));
    }

    private void cross() {
        var crossing = waiting;
        waiting = null;
        if (crossing != null) {
            to.addCallback(() -> crossing.forEach(each -> each.stream.take(each.frame)));
        }
    }
}
