package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpVersion;

/** A stream of an HTTP/2 connection, and what windows leave it to send. */
final class Http2Wire implements StreamWire {
    private final ServerHttp2 connection;
    private final Http2Stream http2;
    private final ServerStream stream;

    /** What has been handed to Netty and is not with the kernel yet. */
    private int inFlight;

    Http2Wire(ServerHttp2 connection, Http2Stream http2) {
        this.connection = connection;
        this.http2 = http2;
        this.stream = new ServerStream(connection.context(), this);
    }

    ServerStream stream() {
        return stream;
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
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
        return connection.ctx().alloc();
    }

    @Override
    public void ready() {
        connection.ready(stream);
    }

    @Override
    public int room() {
        return connection.room(http2, inFlight);
    }

    @Override
    public boolean isBlocked() {
        return inFlight == 0 && connection.encoder().flowController().windowSize(http2) <= 0;
    }

    @Override
    public void consumed(int bytes) {
        connection.consumed(http2, bytes);
    }

    @Override
    public ChannelFuture writeFields(
            @Nullable AsciiString status, @Nullable AsciiString[] fields, boolean last) {
        Http2Headers made =
                status == null
                        ? ReadOnlyHttp2Headers.trailers(false, fields)
                        : ReadOnlyHttp2Headers.serverHeaders(false, status, fields);
        var ctx = connection.ctx();
        return connection.encoder().writeHeaders(ctx, http2.id(), made, 0, last, ctx.newPromise());
    }

    @Override
    public ChannelFuture writeData(ByteBuf piece, boolean last) {
        int size = piece.readableBytes();
        inFlight += size;
        connection.handedOver(size);
        var ctx = connection.ctx();
        return connection
                .encoder()
                .writeData(ctx, http2.id(), piece, 0, last, ctx.newPromise())
                .addListener(_ -> {
                    inFlight -= size;
                    connection.taken(size);
                });
    }

    @Override
    public void reset(Reset why) {
        connection.reset(
                http2,
                switch (why) {
                    case NOT_NEEDED -> Http2Error.NO_ERROR; // RFC 9113 section 8.1
                    case CANCELLED -> Http2Error.CANCEL;
                    case FAILED -> Http2Error.INTERNAL_ERROR;
                });
    }
}
