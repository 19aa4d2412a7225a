package whirlwind.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AsciiString;
import java.io.IOException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.HttpVersion;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.stream.MalformedRequestException;
import whirlwind.http.codec.stream.ServerStream;
import whirlwind.http.codec.stream.StreamWire;

/**
 * A stream of an HTTP/3 connection, RFC 9114 section 4: frames in, frames out.
 *
 * <p>It is read only while there is room for what comes. What isn't read stays with QUIC, whose
 * window for the stream doesn't open then, so that the client has to wait.
 */
final class Http3Stream extends Http3RequestStreamInboundHandler implements StreamWire {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    /** With that many bytes kept above no more are read. */
    private static final int HIGH_WATER = 64 << 10;

    /** What is handed to Netty at a time, and kept there until windows take it. */
    private static final int PIECE = 32 << 10;

    private static final long RESERVED_FRAME = 0x5f;

    private final Http3Connection connection;
    private final QuicStreamChannel channel;
    private final ServerStream stream;

    /** A head of which isn't known yet whether a body follows. */
    private @Nullable Http3Headers head;

    private boolean headSeen;

    /** What has come and isn't done with. */
    private int kept;

    /** Writes that windows have not taken yet. */
    private int waiting;

    private @Nullable ChannelFuture lastWrite;

    Http3Stream(Http3Connection connection, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
        this.stream = connection.newStream(this);
    }

    ServerStream stream() {
        return stream;
    }

    // ---- what comes ----

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        if (!headSeen) {
            headSeen = true;
            head = frame.headers();
            return;
        }
        beginWithBody();
        guard(() -> stream.trailers(frame.headers()));
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        beginWithBody();
        try {
            int size = frame.content().readableBytes();
            kept += size - stream.data(frame.content(), size, false);
        } finally {
            frame.release();
        }
    }

    /** The head, and all that came with it, has been read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean bodyless = channel.isInputShutdown() && head != null && !announcesBody(head);
        begin(bodyless);
        readOn();
        ctx.fireChannelReadComplete();
    }

    /** Netty compares lengths when it has seen the end: what is announced must not begin before. */
    private static boolean announcesBody(Http3Headers head) {
        return head.contains("content-length");
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        begin(true);
        if (!stream.isWhole() && !stream.isClosed()) {
            stream.data(Unpooled.EMPTY_BUFFER, 0, true);
        }
    }

    private void beginWithBody() {
        begin(false);
    }

    private void begin(boolean whole) {
        var fields = head;
        if (fields != null) {
            head = null;
            guard(() -> stream.head(fields, whole));
            ready(); // whoever doesn't answer in this turn is probed
        }
    }

    private interface Step {
        void run() throws MalformedRequestException;
    }

    private void guard(Step step) {
        try {
            step.run();
        } catch (MalformedRequestException e) {
            fail(Http3ErrorCode.H3_MESSAGE_ERROR, e);
        }
    }

    private void readOn() {
        if (kept < HIGH_WATER) {
            channel.read();
        }
    }

    // ---- its end ----

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicException || cause instanceof IOException) {
            cancelled();
        } else if (cause instanceof Http3Exception http3) {
            fail(http3.errorCode(), cause);
        } else {
            fail(Http3ErrorCode.H3_MESSAGE_ERROR, cause); // of a head that can't be read
        }
    }

    /** The client has reset the stream, or doesn't want what is sent. */
    private void cancelled() {
        if (!stream.isClosed()) {
            connection.countReset();
            connection.end(stream);
            channel.close();
        }
    }

    private void fail(Http3ErrorCode code, Throwable cause) {
        if (!stream.isClosed()) {
            log.info(
                    "A stream of {} is reset: {}",
                    connection.remoteIp(),
                    Text.oneLine(cause.getMessage()));
            end(code);
        }
    }

    private void end(Http3ErrorCode code) {
        connection.end(stream);
        channel.shutdown(code.code());
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.end(stream);
        ctx.fireChannelInactive();
    }

    // ---- what goes ----

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_3;
    }

    @Override
    public String remoteIp() {
        return connection.remoteIp();
    }

    @Override
    public @Nullable SSLSession tls() {
        return connection.tls();
    }

    @Override
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @Override
    public void ready() {
        connection.wake(stream);
    }

    @Override
    public int room() {
        return waiting > 0 ? 0 : PIECE;
    }

    @Override
    public boolean isBlocked() {
        return waiting > 0;
    }

    @Override
    public void consumed(int bytes) {
        if (bytes > 0) {
            kept -= bytes;
            readOn();
        }
    }

    @Override
    public ChannelFuture writeFields(
            @Nullable AsciiString status, @Nullable AsciiString[] fields, boolean last) {
        var headers = new DefaultHttp3Headers(false);
        if (status != null) {
            headers.status(status);
        }
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return write(new DefaultHttp3HeadersFrame(headers), last);
    }

    @Override
    public ChannelFuture writeData(ByteBuf piece, boolean last) {
        var before = lastWrite;
        if (before == null || piece.isReadable()) {
            return write(new DefaultHttp3DataFrame(piece), last);
        }
        if (last) {
            before.addListener(_ -> channel.shutdownOutput());
        }
        return before;
    }

    /** The end must not overtake what waits: it is written when that has been taken. */
    private ChannelFuture write(Object frame, boolean last) {
        waiting++;
        var written = channel.write(frame);
        lastWrite = written;
        boolean lost = !written.isDone() && channel.bytesBeforeUnwritable() > 0;
        if (lost) {
            channel.eventLoop().execute(this::cancelled); // there is room, but no stream any more
        }
        written.addListener(_ -> {
            waiting--;
            if (!written.isSuccess()) {
                cancelled();
            } else if (last) {
                channel.shutdownOutput();
            } else if (stream.hasOutput()) {
                ready();
            }
        });
        return written;
    }

    /**
     * Netty doesn't tell that the client has said STOP_SENDING, but then nothing can be written.
     * Frames of this type are ignored by who gets them, RFC 9114 section 7.2.8.
     */
    @Override
    public void probe() {
        if (waiting == 0) {
            write(new DefaultHttp3UnknownFrame(RESERVED_FRAME, Unpooled.EMPTY_BUFFER), false);
        }
    }

    @Override
    public void reset(Reset why) {
        switch (why) {
            case NOT_NEEDED -> {
                channel.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
                channel.close();
            }
            case CANCELLED -> end(Http3ErrorCode.H3_REQUEST_CANCELLED);
            case FAILED -> end(Http3ErrorCode.H3_INTERNAL_ERROR);
        }
    }
}
