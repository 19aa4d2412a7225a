package whirlwind.http.codec.server;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.TransferCoding;
import whirlwind.http.codec.exchange.ExchangeWire;
import whirlwind.http.codec.exchange.GivenFields;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.server.ResponseHead.Framing;
import whirlwind.http.codec.server.ResponseHead.Persistence;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketHandshake;
import whirlwind.http.codec.websocket.WebSocketTerms;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/** An exchange over an HTTP/1 connection: framing by length or chunks, and what comes after it. */
final class Http1Exchange extends ServerExchange {
    private final HttpConnection connection;
    private boolean keepAlive;
    private TransferCoding coding = TransferCoding.NONE;

    Http1Exchange(
            HttpConnection connection, HttpServerRequest request, @Nullable StreamedBody streamed) {
        super(connection.context(), request, streamed);
        this.connection = connection;
        this.keepAlive = context.limits().keepAlive() && persists(request);
    }

    /** Whether the client wants the connection to go on, RFC 9112 section 9.3. */
    private static boolean persists(HttpServerRequest request) {
        var headers = request.headers();
        return request.version() == HttpVersion.HTTP_1_0
                ? headers.containsToken("Connection", "keep-alive")
                : !headers.containsToken("Connection", "close");
    }

    /** Whether the connection goes on when the response is whole. */
    boolean keepAlive() {
        return keepAlive;
    }

    @Override
    protected ExchangeWire wire() {
        return connection;
    }

    @Override
    protected void sendWhole(
            int status,
            @Nullable String reason,
            Headers headers,
            int given,
            byte[] body,
            boolean addLength) {
        connection.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        isHead() ? Output.NOTHING : body,
                        given,
                        addLength ? Framing.LENGTH : Framing.AS_GIVEN,
                        body.length,
                        persistence(headers, given),
                        context.fields()));
    }

    @Override
    protected void sendHead(
            int status, @Nullable String reason, Headers headers, int given, boolean bodyFollows) {
        if (bodyFollows && (given & GivenFields.CONTENT_LENGTH) == 0) {
            if (request().version() == HttpVersion.HTTP_1_1) {
                coding = TransferCoding.CHUNKED;
            } else {
                keepAlive = false; // the end of the connection is the end of the body
            }
        }
        connection.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        Output.NOTHING,
                        given,
                        coding == TransferCoding.CHUNKED ? Framing.CHUNKED : Framing.AS_GIVEN,
                        0,
                        persistence(headers, given),
                        context.fields()));
    }

    @Override
    protected void sendPiece(byte[] piece) {
        coding.add(piece, connection.outbox());
        connection.cork();
    }

    /** The kernel can't encrypt them. */
    @Override
    public boolean sendsFiles() {
        return !context.isEncrypted();
    }

    @Override
    protected CompletableFuture<@Nullable Void> sendFile(
            FileChannel file, long offset, long count) {
        CompletableFuture<@Nullable Void> sent = context.loop().newFuture();
        coding.add(new Output.FileRange(file, offset, count, sent), connection.outbox());
        connection.cork();
        return sent;
    }

    @Override
    protected void sendInterim(int status, Headers headers) {
        if (request().version() != HttpVersion.HTTP_1_0) {
            int given = GivenFields.DATE | GivenFields.SERVER; // the final one has them
            connection.send(ResponseHead.alone(status, headers, given, context.fields()));
        }
    }

    @Override
    protected void sendEnd(@Nullable Headers trailers) {
        coding.end(trailers, connection.outbox());
        connection.cork(); // which notices that the response is whole
    }

    @Override
    protected WebSocketChannel switchTo(WebSocketTerms terms) {
        var handshake = WebSocketHandshake.accept(request(), terms);
        var webSocket = handshake.open(context.webSocketHost());
        var headers = handshake.response();
        connection.become(new Successor.Conversation(context, webSocket));
        connection.send(
                ResponseHead.alone(101, headers, GivenFields.of(headers), context.fields()));
        return webSocket;
    }

    @Override
    protected CompletableFuture<IOStream> handOver(StreamOptions options) {
        CompletableFuture<IOStream> stream = context.loop().newFuture();
        connection.become(new Successor.Bare(context, options, stream));
        return stream;
    }

    /** Decides whether the connection goes on, and what the client must be told about that. */
    private Persistence persistence(Headers headers, int given) {
        boolean mentioned = (given & GivenFields.CONNECTION) != 0;
        boolean closes = mentioned && headers.containsToken("Connection", "close");
        keepAlive &= !context.connections().isDraining();
        keepAlive &= streamed == null || streamed.isWhole(); // else the rest would be in the way
        keepAlive &= !closes;
        boolean old = request().version() == HttpVersion.HTTP_1_0;
        if (keepAlive) {
            return old && !mentioned ? Persistence.KEEP_ALIVE : Persistence.AS_GIVEN;
        }
        return old || closes ? Persistence.AS_GIVEN : Persistence.CLOSE;
    }
}
