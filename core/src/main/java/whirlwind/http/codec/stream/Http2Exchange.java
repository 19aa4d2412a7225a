package whirlwind.http.codec.stream;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.exchange.ExchangeWire;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketHandshake;
import whirlwind.http.codec.websocket.WebSocketTerms;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/** An exchange over a stream of HTTP/2 or HTTP/3, which have neither reasons nor chunks. */
final class Http2Exchange extends ServerExchange {
    private final ServerStream stream;

    /** The request is a CONNECT for a WebSocket, which is handled as a GET. */
    private final boolean forWebSocket;

    Http2Exchange(
            ServerStream stream,
            HttpServerRequest request,
            @Nullable StreamedBody streamed,
            boolean forWebSocket) {
        super(stream.context(), request, streamed);
        this.stream = stream;
        this.forWebSocket = forWebSocket;
    }

    @Override
    protected ExchangeWire wire() {
        return stream;
    }

    @Override
    protected void sendWhole(
            int status,
            @Nullable String reason,
            Headers headers,
            int given,
            byte[] body,
            boolean addLength) {
        if (isMistaken(status)) {
            stream.send(new StreamHead(400, new Headers(), 0, 0, Output.NOTHING), true);
            return;
        }
        var sent = isHead() ? Output.NOTHING : body;
        int length = addLength ? body.length : StreamHead.AS_GIVEN;
        stream.send(new StreamHead(status, headers, given, length, sent), true);
    }

    @Override
    protected void sendHead(
            int status, @Nullable String reason, Headers headers, int given, boolean bodyFollows) {
        if (isMistaken(status)) {
            throw new HttpInputException("there is no WebSocket at " + request().path());
        }
        stream.send(
                new StreamHead(status, headers, given, StreamHead.AS_GIVEN, Output.NOTHING), false);
    }

    /** Success would tell a client that asks for a WebSocket that it has one. */
    private boolean isMistaken(int status) {
        return forWebSocket && status < 300;
    }

    @Override
    protected void sendPiece(byte[] piece) {
        stream.send(piece);
    }

    @Override
    public boolean sendsFiles() {
        return false;
    }

    @Override
    protected CompletableFuture<@Nullable Void> sendFile(
            FileChannel file, long offset, long count) {
        throw new UnsupportedOperationException("the kernel knows nothing of frames");
    }

    @Override
    protected void sendInterim(int status, Headers headers) {
        stream.inform(StreamHead.alone(status, headers));
    }

    @Override
    protected void sendEnd(@Nullable Headers trailers) {
        stream.end(trailers);
    }

    @Override
    protected WebSocketChannel switchTo(WebSocketTerms terms) {
        if (!forWebSocket) {
            throw new HttpInputException("no WebSocket handshake: CONNECT is missing");
        }
        var handshake = WebSocketHandshake.acceptStream(request(), terms);
        var webSocket = handshake.open(context.webSocketHost());
        stream.become(webSocket, StreamHead.alone(200, handshake.response()));
        return webSocket;
    }

    @Override
    protected CompletableFuture<IOStream> handOver(StreamOptions options) {
        throw new IllegalStateException(
                "the connection carries other requests, too: only one of HTTP/1 can be detached");
    }
}
