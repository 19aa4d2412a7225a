package whirlwind.http.codec;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What goes out over a connection, in order. */
public sealed interface Output {
    /** No bytes. */
    byte[] NOTHING = {};

    /** About how many bytes of memory wait with it. */
    int size();

    /**
     * The head of a message, which is put together when it goes out, and what of the body has been
     * given with it. There is one kind for servers and one for clients, and a process that is only
     * one of both has one.
     */
    non-sealed interface Head extends Output {
        /** Adds the head, with the empty line behind it. */
        void encode(Scratch out);

        /** What goes out behind the head, perhaps {@link #NOTHING}. */
        byte[] body();
    }

    /**
     * Bytes as they are.
     *
     * @param bytes not to be changed any more
     */
    record Bytes(byte[] bytes) implements Output {
        @Override
        public int size() {
            return bytes.length;
        }
    }

    /**
     * Bytes for many connections: those of one loop that write them in one turn share one buffer,
     * too. It is itself what they are known by. Immutable, for any thread.
     */
    final class Shared implements Output {
        final byte[] bytes;

        /** With bytes that are not changed any more. */
        public Shared(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int size() {
            return bytes.length;
        }
    }

    /**
     * A part of a file, which the kernel sends.
     *
     * @param sent done when it has, and the file may be closed
     */
    record FileRange(
            FileChannel file, long offset, long count, CompletableFuture<@Nullable Void> sent)
            implements Output {
        @Override
        public int size() {
            return 0;
        }
    }
}
