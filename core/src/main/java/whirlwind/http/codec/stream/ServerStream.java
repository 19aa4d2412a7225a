package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.Members;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.Deadlines;
import whirlwind.http.codec.exchange.ExchangeWire;
import whirlwind.http.codec.exchange.Refusal;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.request.BodyLength;
import whirlwind.http.codec.request.IncomingRequest;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.stream.StreamWire.Reset;
import whirlwind.http.codec.websocket.WebSocketChannel;

/**
 * One stream of a connection that has many: a request as it comes, and its response as it goes. A
 * {@link StreamWire} carries it, over HTTP/2 or HTTP/3.
 *
 * <p>Methods are called on the loop's own thread, but for those that say that coroutines call them.
 */
public final class ServerStream implements ExchangeWire, Members.Member, StreamedBody.Source {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private static final StreamHead CONTINUE = StreamHead.alone(100, new Headers());

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

    private final ConnectionContext context;
    private final StreamWire wire;

    private Phase phase = Phase.BODY;
    private int place;
    private int deadline = Deadlines.NEVER;

    /** Whether the connection has it among those that have something to send. */
    boolean queued;

    /** The request whose body comes, or has come piece by piece, or is large and being answered. */
    private @Nullable IncomingRequest incoming;

    private @Nullable Http2Exchange exchange;

    /** The client has sent all that it sends. */
    private boolean whole;

    /** Whether it has been looked if there is still somebody to answer. */
    private boolean probed;

    private boolean aborting;

    /** What has been taken out of the body, and the client may send again. */
    private int consumed;

    private final StreamOutput output;
    private @Nullable WebSocketOverStream webSocket;

    /** A stream whose head is still to come. */
    public ServerStream(ConnectionContext context, StreamWire wire) {
        this.context = context;
        this.wire = wire;
        this.output = new StreamOutput(context, wire, this::outputEnded);
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    /** Whether nothing comes or goes any more. */
    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Whether the client has sent all that it sends. */
    public boolean isWhole() {
        return whole;
    }

    ByteBufAllocator alloc() {
        return wire.alloc();
    }

    ConnectionContext context() {
        return context;
    }

    // ---- the request ----

    /**
     * Takes the head of the request.
     *
     * @param last if there is no body
     */
    public void head(Iterable<? extends Map.Entry<CharSequence, CharSequence>> fields, boolean last)
            throws MalformedRequestException {
        whole = last;
        try {
            var got = Http2Head.of(wire.version(), fields, context.limits().maxHeaderSize());
            int length = got.startLine().target().length();
            if (length > context.limits().maxStartLine()) {
                throw new HttpInputException(
                        414,
                        "path: %d bytes (at most %d)"
                                .formatted(length, context.limits().maxStartLine()));
            }
            var request =
                    context.newRequest(got.startLine(), got.headers(), wire.remoteIp(), wire.tls());
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
        var length = request.headers().get("Content-Length"); // Netty has looked at it
        long announced = length == null ? BodyLength.IN_CHUNKS : Long.parseLong(length);
        deadline = context.deadlines().body();
        incoming = context.bodies().begin(this, request, announced);
        if (incoming instanceof IncomingRequest.Streamed(var head, var body)) {
            phase = Phase.STREAMING;
            handle(head, body, false);
        }
    }

    private void handle(
            HttpServerRequest request, @Nullable StreamedBody streamed, boolean forWebSocket) {
        if (streamed == null) {
            phase = Phase.HANDLING;
            deadline = Deadlines.NEVER;
        }
        exchange = new Http2Exchange(this, request, streamed, forWebSocket);
        exchange.begin();
    }

    /** Takes a piece of the body; how many of the {@code size} bytes are done with. */
    public int data(ByteBuf data, int size, boolean last) {
        int kept = 0;
        try {
            if (incoming != null && !whole) {
                kept = add(incoming, data);
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

    private int add(IncomingRequest incoming, ByteBuf data) {
        int before = incoming.unread();
        if (!data.isReadable()) {
            return 0;
        }
        if (!incoming.add(data)) {
            deadline = Deadlines.NEVER; // the handler's turn
        } else {
            deadline = context.deadlines().bodyGoesOn(deadline);
        }
        return incoming.unread() - before;
    }

    /** What comes behind the body, and is its end. */
    public void trailers(Iterable<? extends Map.Entry<CharSequence, CharSequence>> fields)
            throws MalformedRequestException {
        requestEnded(Http2Head.trailers(fields));
    }

    private void requestEnded(Headers trailers) {
        whole = true;
        if (incoming != null) {
            var request = incoming.end(trailers);
            if (request == null) {
                phase = Phase.HANDLING;
                deadline = Deadlines.NEVER;
            } else {
                incoming = incoming.counts() ? incoming : null;
                handle(request, null, false);
            }
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
        if (phase == Phase.STREAMING && incoming != null) {
            incoming.fail(why);
            return;
        }
        log.info("{} gets {}: {}", wire.remoteIp(), why.status(), Text.oneLine(why.getMessage()));
        phase = Phase.REFUSED;
        if (incoming != null) {
            incoming.close();
            incoming = null;
        }
        deadline = context.deadlines().idle();
        send(StreamHead.of(Refusal.of(why.status())), true);
    }

    // ---- its end ----

    /** Looks whether a time is up. */
    public void tick(int now) {
        if (!Deadlines.isUp(deadline, now)) {
            return;
        }
        deadline = Deadlines.NEVER;
        if (exchange != null && exchange.isFinished()) {
            reset(Reset.CANCELLED);
            return;
        }
        switch (phase) {
            case BODY, STREAMING -> refuse(new HttpInputException(408, "the body took too long"));
            case HANDLING, REFUSED, WEB_SOCKET -> reset(Reset.CANCELLED);
            case CLOSED -> {}
        }
    }

    /** Finds out whether there is still somebody to answer, while there is nothing to send. */
    void probe() {
        boolean awaited = phase == Phase.HANDLING || phase == Phase.STREAMING;
        if (awaited && output.isIdle()) {
            wire.probe();
        }
    }

    private void reset(Reset why) {
        output.drop();
        wire.reset(why);
    }

    /** By both sides, or by one of them against the other's will. */
    public void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean carrying = phase == Phase.WEB_SOCKET;
        phase = Phase.CLOSED;
        deadline = Deadlines.NEVER;
        output.outbox().fail(ServerExchange.clientGone());
        if (exchange != null) {
            exchange.lost();
        }
        if (incoming != null) {
            incoming.fail(ServerExchange.clientGone());
            incoming.close();
        }
        if (webSocket != null) {
            leave(webSocket, carrying);
        }
        exchange = null;
        incoming = null;
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
    public String remoteIp() {
        return wire.remoteIp();
    }

    @Override
    public Outbox outbox() {
        return output.outbox();
    }

    @Override
    public void invite() {
        output.inform(CONTINUE);
        wire.ready();
    }

    @Override
    public void taken(int bytes, boolean room) {
        consumed += bytes;
        wire.ready();
    }

    @Override
    public void releaseBody(ServerExchange answering) {
        if (incoming != null && !(incoming instanceof IncomingRequest.Streamed)) {
            incoming.close();
            incoming = null;
        }
    }

    void inform(StreamHead head) {
        output.inform(head);
        wire.ready();
    }

    void send(StreamHead head, boolean last) {
        output.add(head, last);
        wire.ready();
    }

    void send(byte[] piece) {
        output.add(piece);
        wire.ready();
    }

    /** Carries a WebSocket as soon as {@code head} is out. */
    void become(WebSocketChannel channel, StreamHead head) {
        var made = new WebSocketOverStream(this, channel);
        webSocket = made;
        output.takeFrom(made.outbox());
        send(head, false);
    }

    /** There is something in the outbox. */
    void sendMore() {
        wire.ready();
    }

    void end(@Nullable Headers trailers) {
        output.end(trailers);
        wire.ready();
    }

    @Override
    public void abort(ServerExchange answering) {
        abort();
    }

    void abort() {
        if (phase == Phase.CLOSED || aborting) {
            return;
        }
        aborting = true;
        if (exchange != null) {
            exchange.lose();
        }
        wire.ready();
    }

    // ---- the connection's turn ----

    /** Whether there is something to send. */
    public boolean hasOutput() {
        return phase != Phase.CLOSED && output.isWaiting();
    }

    /** Whether there is output that doesn't wait for a window of this stream alone. */
    public boolean wantsToSend() {
        return phase != Phase.CLOSED && output.isReady();
    }

    /** Sends one piece, if the client takes it; whether anything went. */
    public boolean send() {
        if (phase == Phase.CLOSED) {
            return false;
        }
        if (aborting) {
            reset(Reset.FAILED);
            return true;
        }
        wire.consumed(consumed);
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
            deadline = context.deadlines().idle();
        }
        if (!moved && !probed) {
            probed = true;
            probe();
        }
        return moved;
    }

    /** A client that is still sending is told that it need not: RFC 9113 section 8.1. */
    private void outputEnded() {
        if (!whole && webSocket == null) {
            reset(Reset.NOT_NEEDED);
        }
    }
}
