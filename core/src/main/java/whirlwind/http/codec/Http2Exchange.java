package whirlwind.http.codec;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.ResponseHead.Framing;
import whirlwind.http.codec.ResponseHead.Persistence;

/** An exchange over a stream of an HTTP/2 connection. */
final class Http2Exchange extends ServerExchange {
    private final ServerStream stream;

    Http2Exchange(ServerStream stream, HttpServerRequest request, @Nullable StreamedBody streamed) {
        super(stream.context(), request, streamed);
        this.stream = stream;
    }

    @Override
    void sendWhole(
            int status,
            @Nullable String reason,
            Headers headers,
            int given,
            byte[] body,
            boolean addLength) {
        stream.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        isHead() ? RequestBody.NONE : body,
                        given,
                        addLength ? Framing.LENGTH : Framing.AS_GIVEN,
                        body.length,
                        Persistence.AS_GIVEN),
                true);
    }

    @Override
    void sendHead(
            int status, @Nullable String reason, Headers headers, int given, boolean bodyFollows) {
        stream.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        RequestBody.NONE,
                        given,
                        Framing.AS_GIVEN,
                        0,
                        Persistence.AS_GIVEN),
                false);
    }

    @Override
    void sendPiece(byte[] piece) {
        stream.send(piece);
    }

    @Override
    public boolean sendsFiles() {
        return false;
    }

    @Override
    CompletableFuture<@Nullable Void> sendFile(FileChannel file, long offset, long count) {
        throw new UnsupportedOperationException("the kernel knows nothing of frames");
    }

    @Override
    void sendEnd() {
        stream.end(null);
    }

    @Override
    CompletableFuture<@Nullable Void> whenTaken() {
        return stream.whenTaken();
    }

    @Override
    boolean overflows() {
        return stream.overflows();
    }

    @Override
    void drop() {
        stream.abort();
    }

    @Override
    WebSocketChannel switchTo(WebSocketTerms terms) {
        throw new whirlwind.http.HttpInputException("no WebSocket handshake: not a CONNECT");
    }
}
