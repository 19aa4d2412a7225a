package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Http2Endpoint;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.Deadlines;
import whirlwind.http.codec.exchange.ServerConnection;

/**
 * A connection that speaks HTTP/2, RFC 9113: requests come side by side, a {@link ServerStream}
 * each. Here it is decided who may write, and when the connection ends.
 *
 * <p>What streams have to send is kept by them until the end of the turn, and then handed over, a
 * piece of each in turn and no more than windows and socket take.
 */
public final class ServerHttp2 extends Http2Endpoint implements ServerConnection {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    /** What a client can make one connection keep, on all streams together. */
    private static final int CONNECTION_WINDOW = 2 << 20;

    /** What has been handed to Netty and is not with the kernel yet, of all streams. */
    private static final int MOST_IN_FLIGHT = 256 << 10;

    /** Says that a ping is about the end of the connection, and nothing else. */
    private static final long FAREWELL = 0x77_68_69_72_6c_77_69_6eL;

    /** How a connection ends that is let go gracefully, RFC 9113 section 6.8. */
    private enum Ending {
        /** It doesn't. */
        NONE,
        /** The client knows that it should open no more streams, but may have opened some. */
        ANNOUNCED,
        /** What it opens now is not looked at. */
        FINAL,
        /** The client has broken the rules, and is being told so, if it listens. */
        BROKEN
    }

    private final ConnectionContext context;
    private final String remoteIp;
    private final @Nullable SSLSession tls;
    private final Http2Connection.PropertyKey key;
    private final HeadWatch watch = new HeadWatch();
    private final StreamHistory history = new StreamHistory();
    private final ServerStreams streams = new ServerStreams();

    private int place;
    private int deadline;
    private int headDeadline = Deadlines.NEVER;
    private int inFlight;
    private Ending ending = Ending.NONE;

    ServerHttp2(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ConnectionContext context,
            String remoteIp,
            @Nullable SSLSession tls) {
        super(decoder, encoder, settings, context.corks(), CONNECTION_WINDOW);
        this.context = context;
        this.remoteIp = remoteIp;
        this.tls = tls;
        this.key = connection().newKey();
        this.deadline = context.deadlines().head();
        connection()
                .addListener(
                        new Http2ConnectionAdapter() {
                            @Override
                            public void onStreamActive(Http2Stream stream) {
                                history.opened(stream.id());
                            }

                            @Override
                            public void onStreamClosed(Http2Stream stream) {
                                closed(stream);
                            }
                        });
    }

    /** A connection, to be added to a channel that is connected. */
    public static ServerHttp2 of(
            ConnectionContext context, String remoteIp, @Nullable SSLSession tls) {
        return ServerFrames.newConnection(context, remoteIp, tls);
    }

    // ---- life ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        streams.close();
        super.channelInactive(ctx);
        context.connections().left(this);
    }

    @Override
    protected void broke(Throwable cause) {
        log.debug("Connection of {} broke", remoteIp, cause);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception http2) {
        if (ending == Ending.BROKEN) {
            return;
        }
        if (http2 == null) {
            log.error("Error on the connection of {}; it is dropped", remoteIp, cause);
        } else {
            var why = Text.oneLine(http2.getMessage()); // may quote the client
            log.info("Connection of {} is dropped: {}", remoteIp, why);
        }
        ending = Ending.BROKEN;
        deadline = context.deadlines().linger();
        ctx.channel().config().setAutoRead(false);
        super.onConnectionError(ctx, outbound, cause, http2);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException http2) {
        var stream = stream(http2.streamId());
        var offence = stream == null ? history.offence(http2.streamId()) : null;
        if (offence != null && http2.error() == Http2Error.STREAM_CLOSED) {
            var why = Http2Exception.connectionError(offence, cause, "%s", http2.getMessage());
            onConnectionError(ctx, outbound, why, why);
            return;
        }
        log.info("A stream of {} is reset: {}", remoteIp, Text.oneLine(http2.getMessage()));
        super.onStreamError(
                ctx, outbound, cause, stream != null ? corrected(http2, stream) : http2);
    }

    /** Netty takes a head behind the end of a request for trailers, of which there are too many. */
    private static Http2Exception.StreamException corrected(
            Http2Exception.StreamException http2, ServerStream stream) {
        return stream.isWhole() && String.valueOf(http2.getMessage()).contains("too many headers")
                ? (Http2Exception.StreamException)
                        Http2Exception.streamError(
                                http2.streamId(), Http2Error.STREAM_CLOSED, "head behind the end")
                : http2;
    }

    @Override
    public void tick(int now) {
        streams.tick(now);
        if (Deadlines.isUp(deadline, now) || Deadlines.isUp(headDeadline, now)) {
            deadline = Deadlines.NEVER;
            headDeadline = Deadlines.NEVER;
            switch (ending) {
                case ANNOUNCED -> endFinally();
                case BROKEN -> drop();
                case NONE, FINAL -> {
                    goAway(connection().remote().lastStreamCreated());
                    closeWhenWritten();
                }
            }
        }
    }

    /**
     * Tells the client to open no more streams. Those that are under way meanwhile are still
     * handled: only when the client has answered it is final.
     */
    @Override
    public void drain() {
        if (ending != Ending.NONE) {
            return;
        }
        ending = Ending.ANNOUNCED;
        deadline = context.deadlines().linger();
        goAway(Integer.MAX_VALUE);
        encoder().writePing(ctx(), false, FAREWELL, ctx().newPromise());
        flush(ctx());
    }

    void pingAnswered(long data) {
        if (data == FAREWELL && ending == Ending.ANNOUNCED) {
            endFinally();
        }
    }

    private void endFinally() {
        ending = Ending.FINAL;
        goAway(connection().remote().lastStreamCreated());
        flush(ctx());
        if (streams.size() == 0) {
            closeWhenWritten();
        } else {
            deadline = Deadlines.NEVER;
        }
    }

    private void goAway(int last) {
        goAway(ctx(), last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
    }

    private void closeWhenWritten() {
        HangUp.behindOutput(ctx());
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    // ---- what comes ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        watch.look((ByteBuf) message);
        super.channelRead(ctx, message);
        if (!watch.isInHead()) {
            headDeadline = Deadlines.NEVER;
        } else if (headDeadline == Deadlines.NEVER) {
            headDeadline = context.deadlines().head();
        }
    }

    @Override
    protected void headers(int id, Http2Headers fields, boolean last) throws Http2Exception {
        var http2 = connection().stream(id);
        if (http2 == null) {
            return;
        }
        ServerStream known = http2.getProperty(key);
        try {
            if (known != null) {
                known.trailers(fields);
                return;
            }
            var stream = new Http2Wire(this, http2).stream();
            http2.setProperty(key, stream);
            streams.add(stream);
            deadline = Deadlines.NEVER;
            stream.head(fields, last);
        } catch (MalformedRequestException e) {
            throw Http2Exception.streamError(
                    id, Http2Error.PROTOCOL_ERROR, e, "%s", e.getMessage());
        }
    }

    @Override
    protected int data(int id, ByteBuf data, int padding, boolean last) {
        var stream = stream(id);
        int size = data.readableBytes() + padding;
        return stream == null ? size : stream.data(data, size, last);
    }

    private @Nullable ServerStream stream(int id) {
        var http2 = connection().stream(id);
        return http2 == null ? null : http2.getProperty(key);
    }

    private void closed(Http2Stream http2) {
        ServerStream stream = http2.getProperty(key);
        if (stream != null) {
            if (stream.isWhole()) {
                history.ended(http2.id());
            }
            end(stream);
        }
    }

    private void end(ServerStream stream) {
        if (!streams.end(stream)) {
            return;
        }
        if (ending == Ending.NONE && !context.limits().keepAlive()) {
            drain();
        } else if (ending == Ending.NONE) {
            deadline = context.deadlines().idle();
        } else if (ending == Ending.FINAL) {
            closeWhenWritten();
        }
    }

    // ---- what goes ----

    ConnectionContext context() {
        return context;
    }

    String remoteIp() {
        return remoteIp;
    }

    @Nullable SSLSession tls() {
        return tls;
    }

    /** A stream has something to send or to do; coroutines call it, too. */
    void ready(ServerStream stream) {
        if (streams.ready(stream)) {
            cork();
        }
    }

    @Override
    protected void endTurn() {
        if (ctx().channel().isActive()) {
            streams.send(() -> inFlight < MOST_IN_FLIGHT);
        }
    }

    /** How much a stream may hand over now. */
    int room(Http2Stream stream, int inFlightOfIt) {
        var flow = encoder().flowController();
        int own = flow.windowSize(stream) - inFlightOfIt;
        int all = flow.windowSize(connection().connectionStream()) - inFlight;
        return Math.min(MOST_IN_FLIGHT - inFlight, Math.min(own, all));
    }

    void handedOver(int bytes) {
        inFlight += bytes;
    }

    /** The kernel has them, or they are lost. */
    void taken(int bytes) {
        inFlight -= bytes;
        if (streams.hasReady()) {
            cork();
        }
    }

    void windowGrew(int id) {
        if (id == 0) {
            if (streams.hasReady()) {
                cork();
            }
            return;
        }
        var stream = stream(id);
        if (stream != null && stream.hasOutput()) {
            ready(stream);
        }
    }

    /** The client has changed the windows of all streams. */
    void windowsChanged() {
        for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).hasOutput()) {
                ready(streams.get(i));
            }
        }
    }
}
