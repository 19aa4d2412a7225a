package whirlwind.http.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import whirlwind.http.server.HttpExchange;

/** The body of a request, for a thread that waits for it. */
final class RequestStream extends InputStream {
    private static final byte[] NOTHING = new byte[0];

    private final LoopCalls loop;
    private final HttpExchange exchange;
    private byte[] piece = NOTHING;
    private int position;
    private boolean ended;

    RequestStream(LoopCalls loop, HttpExchange exchange) {
        this.loop = loop;
        this.exchange = exchange;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (position == piece.length) {
            if (ended) {
                return -1;
            }
            var next = loop.await(exchange::read);
            ended = next == null;
            piece = next == null ? NOTHING : next;
            position = 0;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return piece.length - position;
    }

    /** The rest is left unread. */
    @Override
    public void close() {
        ended = true;
        position = piece.length;
    }
}
