package whirlwind.http.codec.stream;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import whirlwind.http.codec.Members;

/** The open streams of one connection, and whose turn it is to send. */
final class ServerStreams extends Members<ServerStream> {
    /** Those with something to send or to do that don't wait for windows of their own. */
    private final ArrayDeque<ServerStream> ready = new ArrayDeque<>();

    /** A stream has something to send or to do; whether that is news. Coroutines call it, too. */
    boolean ready(ServerStream stream) {
        if (stream.queued) {
            return false;
        }
        stream.queued = true;
        return ready.add(stream);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** Nothing more will be sent. */
    void forgetReady() {
        ready.clear();
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
