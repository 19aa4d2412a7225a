package whirlwind.http.codec.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.TransferCoding;
import whirlwind.http.transport.BodySink;
import whirlwind.loop.IOLoop;

/**
 * The body of a request over HTTP/1 that comes piece by piece: it goes out in chunks, unless its
 * length was given. Also for coroutines.
 */
final class ClientBody implements BodySink {
    private final ClientConnection connection;
    private final ClientCall call;
    private final IOLoop loop;
    private final TransferCoding coding;

    ClientBody(ClientConnection connection, ClientCall call, IOLoop loop) {
        this.connection = connection;
        this.call = call;
        this.loop = loop;
        this.coding =
                ClientHead.isChunked(call.request) ? TransferCoding.CHUNKED : TransferCoding.NONE;
    }

    @Override
    public CompletableFuture<@Nullable Void> write(byte[] piece) {
        if (!connection.isSending(call)) {
            return ended();
        }
        var outbox = connection.outbox();
        if (piece.length > 0) {
            coding.add(piece, outbox);
            connection.cork();
        }
        return outbox.whenTaken(loop, ClientContext.WRITE_HIGH_WATER);
    }

    /** The kernel can't encrypt them. */
    @Override
    public boolean sendsFiles() {
        return call.request.route().tls() == null;
    }

    @Override
    public CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        if (!connection.isSending(call)) {
            return ended();
        }
        CompletableFuture<@Nullable Void> done = loop.newFuture();
        coding.add(new Output.FileRange(file, offset, count, done), connection.outbox());
        connection.cork();
        return done;
    }

    private static CompletableFuture<@Nullable Void> ended() {
        return CompletableFuture.failedFuture(new IOException("the request has ended"));
    }

    @Override
    public void end() {
        if (connection.isSending(call)) {
            coding.end(null, connection.outbox());
            connection.sent();
        }
    }
}
