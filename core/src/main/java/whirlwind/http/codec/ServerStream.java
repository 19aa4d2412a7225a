package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.codec.ResponseHead.Framing;
import whirlwind.http.codec.ResponseHead.Persistence;

/**
 * One stream of an HTTP/2 connection: a request as it comes, and its response as it goes.
 *
 * <p>Methods are called on the loop's own thread, but for those that say that coroutines call them.
 */
final class ServerStream implements Members.Member, StreamedBody.Source {
    private static final Logger log = LoggerFactory.getLogger(HttpAcceptor.class);

    private static final ResponseHead CONTINUE =
            new ResponseHead(
                    100,
                    null,
                    new Headers(),
                    RequestBody.NONE,
                    0,
                    Framing.AS_GIVEN,
                    0,
                    Persistence.AS_GIVEN);

    /** How far the request is. */
    private enum Phase {
        /** The head is there, and a part of the body is not. */
        BODY,
        /** The request is being answered while its body arrives. */
        STREAMING,
        /** The request is whole and being answered, or it has been. */
        HANDLING,
        /** It has been refused; what still comes is thrown away. */
        REFUSED,
        /** It carries a WebSocket. */
        WEB_SOCKET,
        /** The stream is closed. */
        CLOSED
    }

    private final ServerHttp2 connection;
    private final ConnectionContext context;
    private final Http2Stream http2;

    private Phase phase = Phase.BODY;
    private int place;
    private int deadline = Sweep.NEVER;

    /** Whether the connection has it among those that have something to send. */
    boolean queued;

    private @Nullable HttpServerRequest request;
    private @Nullable RequestBody body;
    private @Nullable StreamedBody streamed;
    private @Nullable Http2Exchange exchange;
    private Exchanges.@Nullable Owner owner;

    /** The exchange has been lost, and its owner doesn't know yet. */
    private boolean ownerToTell;

    /** The client has sent all that it sends. */
    private boolean whole;

    private boolean aborting;

    /** What has been taken out of the body, and the client may send again. */
    private int consumed;

    private final StreamOutput output;
    private @Nullable WebSocketOverStream webSocket;

    ServerStream(ServerHttp2 connection, Http2Stream http2) {
        this.connection = connection;
        this.context = connection.context();
        this.http2 = http2;
        this.output = new StreamOutput(connection, http2, this::outputEnded);
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Whether the client has sent all that it sends. */
    boolean isWhole() {
        return whole;
    }

    int id() {
        return http2.id();
    }

    ByteBufAllocator alloc() {
        return connection.ctx().alloc();
    }

    ConnectionContext context() {
        return context;
    }

    // ---- the request ----

    void head(Http2Headers fields, boolean last) throws Http2Exception {
        whole = last;
        try {
            var got = Http2Head.of(http2.id(), fields);
            int length = got.startLine().target().length();
            if (length > context.limits.maxStartLine()) {
                throw new HttpInputException(
                        414,
                        "path: %d bytes (at most %d)"
                                .formatted(length, context.limits.maxStartLine()));
            }
            var request =
                    context.newRequest(
                            got.startLine(),
                            got.headers(),
                            connection.remoteIp(),
                            connection.tls());
            if (got.protocol() == null) {
                begin(request);
            } else if (got.protocol().equals("websocket") && !last) {
                handle(request, null, true);
            } else {
                throw new HttpInputException(501, "CONNECT with an unknown :protocol");
            }
        } catch (HttpInputException e) {
            refuse(e);
        }
    }

    private void begin(HttpServerRequest request) {
        if (whole) {
            handle(request, null, false);
            return;
        }
        this.request = request;
        var length = request.headers().get("Content-Length"); // Netty has looked at it
        long announced = length == null ? BodyLength.IN_CHUNKS : Long.parseLong(length);
        boolean asks = HttpConnection.expectsContinue(request);
        int limit = context.limits.maxBodySize();
        deadline = context.sweep.deadline(context.bodyTicks);
        var decoding = context.decoding(request.headers());
        if (context.exchanges.streamsBody(request)) {
            phase = Phase.STREAMING;
            streamed = new StreamedBody(context.loop, this, announced, limit, asks, decoding);
            handle(request.withTrailers(streamed.trailers()), streamed, false);
        } else {
            body = RequestBody.of(announced, limit, decoding);
            if (asks) {
                invite();
            }
        }
    }

    private void handle(
            HttpServerRequest request, @Nullable StreamedBody streamed, boolean forWebSocket) {
        if (streamed == null) {
            phase = Phase.HANDLING;
            deadline = Sweep.NEVER;
        }
        this.request = null;
        exchange = new Http2Exchange(this, request, streamed, forWebSocket);
        owner = context.exchanges.begin(exchange);
    }

    /** How many of the {@code size} bytes are done with. */
    int data(ByteBuf data, int size, boolean last) {
        int kept = 0;
        try {
            if (phase == Phase.STREAMING && streamed != null) {
                kept = add(streamed, data);
            } else if (phase == Phase.BODY && body != null) {
                body.add(data);
                countBodyTime();
            } else if (webSocket != null) {
                kept = webSocket.received(data);
            }
            if (last) {
                requestEnded(new Headers());
            }
        } catch (HttpInputException e) {
            refuse(e);
        }
        return size - kept;
    }

    private int add(StreamedBody streamed, ByteBuf data) {
        int before = streamed.unread();
        if (!data.isReadable()) {
            return 0;
        }
        if (streamed.add(data)) {
            countBodyTime();
        } else {
            deadline = Sweep.NEVER; // the handler's turn
        }
        return streamed.unread() - before;
    }

    private void countBodyTime() {
        if (context.limits.bodyTimeout() == null) {
            deadline = context.sweep.deadline(context.bodyTicks);
        }
    }

    /** What comes behind the body, and is its end. */
    void trailers(Http2Headers fields) throws Http2Exception {
        requestEnded(Http2Head.trailers(http2.id(), fields));
    }

    private void requestEnded(Headers trailers) {
        whole = true;
        var head = request;
        if (phase == Phase.STREAMING && streamed != null) {
            phase = Phase.HANDLING;
            deadline = Sweep.NEVER;
            streamed.trailers().addAll(trailers);
            streamed.end();
        } else if (phase == Phase.BODY && body != null && head != null) {
            var bytes = body.bytes();
            body.close();
            body = null;
            handle(head.withBody(bytes).withTrailers(trailers), null, false);
        } else if (webSocket != null) {
            var left = webSocket;
            webSocket = null;
            leave(left, phase == Phase.WEB_SOCKET);
            phase = Phase.HANDLING;
            end(null);
        }
    }

    /** Answers what can't be handled; whoever handles it already has to answer. */
    private void refuse(HttpInputException why) {
        if (phase == Phase.STREAMING && streamed != null) {
            streamed.fail(why);
            return;
        }
        log.info("{} gets {}: {}", connection.remoteIp(), why.status(), why.getMessage());
        phase = Phase.REFUSED;
        request = null;
        if (body != null) {
            body.close();
            body = null;
        }
        deadline = context.sweep.deadline(context.idleTicks);
        var text = why.status() + " " + HttpStatus.reason(why.status()) + "\n";
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        send(
                new ResponseHead(
                        why.status(),
                        null,
                        Headers.of("Content-Type", "text/plain; charset=UTF-8"),
                        bytes,
                        0,
                        Framing.LENGTH,
                        bytes.length,
                        Persistence.AS_GIVEN),
                true);
    }

    // ---- its end ----

    void tick(int now) {
        if (deadline == Sweep.NEVER || deadline - now > 0) {
            return;
        }
        deadline = Sweep.NEVER;
        switch (phase) {
            case BODY, STREAMING -> refuse(new HttpInputException(408, "the body took too long"));
            case HANDLING, REFUSED, WEB_SOCKET -> reset(Http2Error.CANCEL);
            case CLOSED -> {}
        }
    }

    private void reset(Http2Error why) {
        output.drop();
        connection.reset(http2, why);
    }

    /** By both sides, or by one of them against the other's will. */
    void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean carrying = phase == Phase.WEB_SOCKET;
        phase = Phase.CLOSED;
        deadline = Sweep.NEVER;
        output.outbox().fail(ServerExchange.clientGone());
        if ((exchange != null && exchange.lose() || ownerToTell) && owner != null) {
            owner.clientGone();
        }
        if (streamed != null) {
            streamed.fail(ServerExchange.clientGone());
            streamed.close();
        }
        if (body != null) {
            body.close();
        }
        if (webSocket != null) {
            leave(webSocket, carrying);
        }
        request = null;
        body = null;
        exchange = null;
        owner = null;
        webSocket = null;
    }

    private static void leave(WebSocketOverStream webSocket, boolean open) {
        if (open) {
            webSocket.ended();
        } else {
            webSocket.lostBeforeItOpened();
        }
    }

    // ---- called by coroutines, too ----

    @Override
    public void invite() {
        output.inform(CONTINUE);
        connection.ready(this);
    }

    @Override
    public void taken(int bytes, boolean room) {
        consumed += bytes;
        connection.ready(this);
    }

    void inform(ResponseHead head) {
        output.inform(head);
        connection.ready(this);
    }

    void send(ResponseHead head, boolean last) {
        output.add(head, last);
        connection.ready(this);
    }

    void send(byte[] piece) {
        output.add(piece);
        connection.ready(this);
    }

    /** Carries a WebSocket as soon as {@code head} is out. */
    void become(WebSocketChannel channel, ResponseHead head) {
        var made = new WebSocketOverStream(this, channel);
        webSocket = made;
        output.takeFrom(made.outbox());
        send(head, false);
    }

    /** There is something in the outbox. */
    void sendMore() {
        connection.ready(this);
    }

    void end(@Nullable Headers trailers) {
        output.end(trailers);
        connection.ready(this);
    }

    CompletableFuture<@Nullable Void> whenTaken() {
        return output.outbox().whenTaken(context.loop, context.limits.writeHighWater());
    }

    boolean overflows() {
        if (output.outbox().size() <= context.limits.maxWriteBuffer()) {
            return false;
        }
        log.warn(
                "A stream of {} is reset: {} bytes wait for it, and the handler goes on writing"
                        + " without awaiting write()",
                connection.remoteIp(),
                output.outbox().size());
        abort();
        return true;
    }

    void abort() {
        if (phase == Phase.CLOSED || aborting) {
            return;
        }
        aborting = true;
        ownerToTell = exchange != null && exchange.lose();
        connection.ready(this);
    }

    // ---- the connection's turn ----

    boolean hasOutput() {
        return phase != Phase.CLOSED && output.isWaiting();
    }

    /** Whether there is output that doesn't wait for a window of this stream alone. */
    boolean wantsToSend() {
        return phase != Phase.CLOSED && output.isReady();
    }

    /** Sends one piece, if the client takes it; whether anything went. */
    boolean send() {
        if (phase == Phase.CLOSED) {
            return false;
        }
        if (aborting) {
            reset(Http2Error.INTERNAL_ERROR);
            return true;
        }
        connection.consumed(http2, consumed);
        consumed = 0;
        boolean moved = output.sendHeads();
        if (moved && webSocket != null && phase == Phase.HANDLING) {
            phase = Phase.WEB_SOCKET;
            webSocket.begin();
        }
        moved |= output.sendPiece();
        if (webSocket != null && !output.isWaiting()) {
            webSocket.writable();
        }
        if (output.isEnding()) {
            deadline = context.sweep.deadline(context.idleTicks);
        }
        return moved;
    }

    /** A client that is still sending is told that it need not: RFC 9113 section 8.1. */
    private void outputEnded() {
        if (!whole && webSocket == null) {
            reset(Http2Error.NO_ERROR);
        }
    }
}
