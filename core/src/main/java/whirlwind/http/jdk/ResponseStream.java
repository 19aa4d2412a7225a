package whirlwind.http.jdk;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import whirlwind.http.server.HttpExchange;

/** The body of a response, which makes its writer wait while the client takes no more. */
final class ResponseStream extends OutputStream {
    static final long UNKNOWN = -1;

    private final LoopCalls loop;
    private final HttpExchange exchange;

    /** What may still be written, {@link #UNKNOWN} for any number of bytes. */
    private long missing;

    private boolean closed;

    ResponseStream(LoopCalls loop, HttpExchange exchange, long length) {
        this.loop = loop;
        this.exchange = exchange;
        this.missing = length;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (closed) {
            throw new IOException("the response is closed");
        }
        if (missing != UNKNOWN) {
            if (length > missing) {
                throw new IOException(
                        "too many bytes: %d, and %d are missing of the length that was sent"
                                .formatted(length, missing));
            }
            missing -= length;
        }
        if (length > 0) {
            var piece = Arrays.copyOfRange(source, offset, offset + length);
            loop.await(() -> exchange.write(piece));
        }
    }

    /** Ends the response, unless the client was told of more. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (missing > 0 && !isWithoutBody()) {
            throw new IOException(
                    "too few bytes: %d are missing of the length that was sent".formatted(missing));
        }
        loop.await(exchange::finish);
    }

    private boolean isWithoutBody() {
        return exchange.request().method().equals("HEAD");
    }
}
