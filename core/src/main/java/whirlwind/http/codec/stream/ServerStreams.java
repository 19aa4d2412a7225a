package whirlwind.http.codec.stream;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import whirlwind.http.codec.Members;

/** The open streams of one connection, and whose turn it is to send. */
final class ServerStreams extends Members<ServerStream> {
    /** Those with something to send or to do that don't wait for windows of their own. */
    private final ArrayDeque<ServerStream> ready = new ArrayDeque<>();

    /** There is no connection any more. */
    private boolean closed;

    /**
     * A stream is over, of which it may have been told before; whether it was the last, and the
     * connection goes on.
     */
    boolean end(ServerStream stream) {
        if (stream.isClosed()) {
            return false;
        }
        remove(stream);
        stream.closed();
        return size() == 0 && !closed;
    }

    /** The connection is closed, and all of them are over. */
    void close() {
        closed = true;
        ready.clear();
        copy().forEach(this::end);
    }

    boolean isClosed() {
        return closed;
    }

    /** A stream has something to send or to do; whether that is news. Coroutines call it, too. */
    boolean ready(ServerStream stream) {
        if (closed || stream.queued) {
            return false;
        }
        stream.queued = true;
        return ready.add(stream);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** A piece of each that is ready in turn, while {@code hasRoom}, until none moves any more. */
    void send(BooleanSupplier hasRoom) {
        int stuck = 0;
        while (stuck < ready.size() && hasRoom.getAsBoolean()) {
            var stream = ready.remove();
            stream.queued = false;
            boolean moved = stream.send();
            stuck = moved ? 0 : stuck;
            if (stream.wantsToSend() && ready(stream)) {
                stuck += moved ? 0 : 1;
            }
        }
    }

    /** Looks whether the time of one is up. */
    void tick(int now) {
        copy().forEach(stream -> stream.tick(now));
    }
}
