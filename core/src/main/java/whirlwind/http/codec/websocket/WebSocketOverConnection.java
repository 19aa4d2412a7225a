package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Outbox;

/** A connection that has become a WebSocket: the one handler in its channel's pipeline. */
public final class WebSocketOverConnection extends ChannelInboundHandlerAdapter
        implements WebSocketWire {
    private final WebSocketHost host;
    private final WebSocketChannel webSocket;

    @SuppressWarnings("NullAway.Init") // set before any other call, by handlerAdded
    private ChannelHandlerContext ctx;

    /** A handler that takes the place of the one that made the upgrade. */
    public WebSocketOverConnection(WebSocketHost host, WebSocketChannel webSocket) {
        this.host = host;
        this.webSocket = webSocket;
    }

    // ---- what Netty tells ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        webSocket.carriedBy(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        webSocket.received((ByteBuf) message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            webSocket.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        webSocket.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        webSocket.broken(cause);
        ctx.close();
    }

    // ---- what the WebSocket asks for ----

    @Override
    public ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    @Override
    public void setReading(boolean reading) {
        ctx.channel().config().setAutoRead(reading);
    }

    @Override
    public boolean drain(Outbox outbox) {
        boolean drained = outbox.drain(ctx, host.corks.pen());
        if (!drained && ctx.channel().isWritable()) {
            webSocket.writable(); // in the next turn, for others have theirs first
        }
        return drained;
    }

    @Override
    public void closeBehindOutput() {
        HangUp.behindOutput(ctx);
    }

    @Override
    public void endOutput() {
        HangUp.endOutput(ctx);
    }

    @Override
    public void close() {
        ctx.close();
    }

    @Override
    public void setNodelay(boolean nodelay) {
        ctx.channel().config().setOption(ChannelOption.TCP_NODELAY, nodelay);
    }
}
