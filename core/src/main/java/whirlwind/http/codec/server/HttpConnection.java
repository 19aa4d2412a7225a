package whirlwind.http.codec.server;

import io.netty.channel.ChannelHandlerContext;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.Scratch;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.ExchangeWire;
import whirlwind.http.codec.exchange.Refusal;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.request.StreamedBody;

/**
 * One connection from its start to its end, or to its upgrade: requests are answered one at a time,
 * and the next only when the answer to the last has been taken by the client. The one handler in
 * its channel's pipeline.
 *
 * <p>Methods are called on the loop's own thread, but for those that say that coroutines call them.
 */
final class HttpConnection extends RequestIntake implements ExchangeWire, Corks.Corked {
    private static final byte[] CONTINUE = Scratch.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final Outbox outbox = new Outbox();
    private int place;
    private boolean corked;
    private boolean aborting;

    /** The handler has read what there was of a streamed body, and the client is to send more. */
    private boolean resuming;

    private @Nullable Http1Exchange exchange;
    private @Nullable Successor successor;

    /** With the client's address if a proxy has told it; else it is the other end's. */
    HttpConnection(ConnectionContext context, @Nullable SocketAddress client) {
        super(context, client);
    }

    // ---- life ----

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context.connections().add(this);
        awaitHead();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        lost();
        super.channelInactive(ctx);
    }

    private void lost() {
        if (isClosed()) {
            return;
        }
        context.connections().left(this);
        outbox.fail(ServerExchange.clientGone());
        var answered = exchange;
        exchange = null;
        var unread = stop();
        if (answered != null) {
            answered.lost();
        }
        if (unread != null) {
            unread.fail(ServerExchange.clientGone());
        }
        if (successor != null) {
            successor.lost();
        }
    }

    /** Closes unless a request is being read or answered. */
    @Override
    public void drain() {
        if (isIdle()) {
            closeWhenWritten();
        }
    }

    @Override
    public void drop() {
        ctx().close();
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    // ---- what is read ----

    @Override
    void begin(HttpServerRequest request, @Nullable StreamedBody streamed) {
        exchange = new Http1Exchange(this, request, streamed);
        exchange.begin();
    }

    @Override
    boolean isAnswered() {
        return exchange != null && exchange.isFinished();
    }

    @Override
    void refuse(int status) {
        exchange = null;
        send(ResponseHead.of(Refusal.of(status), context.fields()));
    }

    // ---- called by coroutines, too ----

    ConnectionContext context() {
        return context;
    }

    void send(Output output) {
        outbox.add(output);
        cork();
    }

    @Override
    public void invite() {
        send(new Output.Bytes(CONTINUE));
    }

    @Override
    public void taken(int bytes, boolean room) {
        if (room) {
            resuming = true;
            cork();
        }
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public void releaseBody(ServerExchange answering) {
        if (exchange == answering) {
            releaseBody();
        }
    }

    @Override
    public void abort(ServerExchange answering) {
        if (exchange == answering) { // else it is another's by now
            aborting = true;
            answering.lose();
            cork();
        }
    }

    /** Goes on as something else when all has been written. */
    void become(Successor successor) {
        this.successor = successor;
        cork();
    }

    /** At the end of the turn what there is to write goes out, and what there is to do is done. */
    void cork() {
        if (!corked) {
            corked = true;
            context.corks().add(this);
        }
    }

    // ---- writing ----

    @Override
    public void uncork() {
        corked = false;
        if (isClosed()) {
            return;
        }
        if (aborting) {
            ctx().close();
            return;
        }
        if (resuming) {
            resuming = false;
            readMore();
        }
        if (!outbox.drain(ctx(), context.corks().pen())) {
            goOnLater();
        } else if (successor != null) {
            switchTo(successor);
        } else if (isLingering()) {
            HangUp.endOutput(ctx()); // and the client has time to read why
        } else if (exchange != null && exchange.isFinished()) {
            next(exchange.keepAlive());
        }
    }

    /** In the next turn if others are to have theirs, or else when the client has taken some. */
    private void goOnLater() {
        if (ctx().channel().isWritable()) {
            cork();
        } else if (exchange == null || exchange.isFinished()) {
            awaitClient();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !outbox.isEmpty()) {
            cork();
        }
    }

    private void next(boolean keepAlive) {
        exchange = null;
        if (!endRequest()) {
            HangUp.endOutput(ctx());
        } else if (!keepAlive || context.connections().isDraining()) {
            closeWhenWritten();
        } else {
            expectRequest();
        }
    }

    private void switchTo(Successor next) {
        exchange = null;
        successor = null;
        stop();
        var handler = next.takeOver(ctx().channel(), this);
        if (handler == null) {
            ctx().pipeline().remove(this); // which hands on what has come
        } else {
            ctx().pipeline().replace(this, null, handler);
        }
    }
}
