package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Members;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.websocket.ClosingHandshake.Farewell;

/**
 * One end of a WebSocket from the upgrade to its end. While it is quiet it is this object and what
 * carries it. The server's {@code WebSocketConnection} says what the public methods do; coroutines
 * call them, all others run on the loop's own thread.
 */
public final class WebSocketChannel extends MessageReader implements Corks.Corked, Members.Member {
    /** How long the peer may take to answer a close frame, or to hang up after its last. */
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(WebSocketChannel.class);

    /** How far the closing handshake is, RFC 6455 section 7. */
    private enum State {
        /** Messages go both ways. */
        OPEN,
        /** Our close frame is out, the peer's isn't in. */
        CLOSING,
        /** Both are, or this end gave up: only the end of the connection is waited for. */
        ENDING,
        /** There is no connection. */
        CLOSED
    }

    private final WebSocketHost host;
    private final @Nullable String subprotocol;

    /** What waits to be written; null for nothing. */
    private @Nullable FrameOutbox outbox;

    /** Null before the upgrade is out. */
    private @Nullable WebSocketWire wire;

    private @Nullable WebSocketListener listener;
    private State state = State.OPEN;

    /** Null while nobody has begun to end it. */
    private @Nullable ClosingHandshake closing;

    private int place;
    private boolean corked;
    private boolean paused;
    private boolean aborting;

    /** The connection has ended, but what has come isn't read to its end. */
    private boolean gone;

    private boolean leavesByItself;

    private WebSocketChannel(
            WebSocketHost host, WebSocketTerms terms, @Nullable MessageDeflate deflate) {
        super(terms, deflate, host.quota, host.masks != null);
        this.host = host;
        this.subprotocol = terms.subprotocol();
    }

    /** This end of what was agreed on. */
    static WebSocketChannel of(
            WebSocketHost host, WebSocketTerms terms, MessageDeflate.@Nullable Terms deflate) {
        return new WebSocketChannel(
                host,
                terms,
                deflate == null ? null : new MessageDeflate(deflate, host.deflateMemory));
    }

    // ---- called by coroutines, too ----

    /** Begins to read; once. */
    public void listen(WebSocketListener listener) {
        host.checkAccess("WebSocketConnection.listen");
        if (this.listener != null) {
            throw new IllegalStateException("this WebSocket has a listener");
        }
        this.listener = listener;
        if (state == State.CLOSED) {
            host.loop.addCallback(this::tellClosed);
        } else {
            cork();
        }
    }

    /** Sends a message. */
    public CompletableFuture<@Nullable Void> send(WebSocketMessage message) {
        return send(message, null);
    }

    /** Sends a message that is encoded already. */
    public CompletableFuture<@Nullable Void> send(SharedFrame frame) {
        return send(frame.message(), frame);
    }

    private CompletableFuture<@Nullable Void> send(
            WebSocketMessage message, @Nullable SharedFrame encoded) {
        host.checkAccess("WebSocketConnection.send");
        if (message instanceof WebSocketMessage.Close(var code, var reason)) {
            close(code, reason);
        } else if (canSend()) {
            put(message, encoded);
        } else {
            return CompletableFuture.failedFuture(closedException());
        }
        return frames().whenTaken();
    }

    /** Sends a message if there is room for it. */
    public SendResult trySend(WebSocketMessage message) {
        return trySend(message, null);
    }

    /** Sends a message that is encoded already if there is room for it. */
    public SendResult trySend(SharedFrame frame) {
        return trySend(frame.message(), frame);
    }

    private SendResult trySend(WebSocketMessage message, @Nullable SharedFrame encoded) {
        host.checkAccess("WebSocketConnection.trySend");
        if (!hasRoom()) {
            return SendResult.DROPPED;
        }
        if (message instanceof WebSocketMessage.Close(var code, var reason)) {
            close(code, reason);
        } else {
            put(message, encoded);
        }
        return outbox != null && outbox.isHigh() ? SendResult.QUEUED : SendResult.SENT;
    }

    private void put(WebSocketMessage message, @Nullable SharedFrame encoded) {
        if (encoded == null) {
            frames().put(message);
        } else {
            frames().put(encoded);
        }
        cork();
    }

    private boolean hasRoom() {
        return isOpen() && (outbox == null || outbox.hasRoom());
    }

    private boolean canSend() {
        if (hasRoom()) {
            return true;
        }
        if (isOpen()) {
            giveUp(frames());
        }
        return false;
    }

    private void abortIfExceeding() {
        if (isOpen() && outbox != null && outbox.exceedsQuota()) {
            giveUp(outbox);
        }
    }

    /** Drops this, for which too much waits; memory that others need is given back at once. */
    private void giveUp(FrameOutbox outbox) {
        log.warn(
                "A WebSocket is dropped: {} bytes wait for it, and {}",
                outbox.size(),
                outbox.complaint());
        boolean needed = outbox.exceedsQuota();
        abort();
        if (needed) {
            outbox.fail(closedException());
        }
    }

    private static WebSocketClosedException closedException() {
        return new WebSocketClosedException("the WebSocket is closed");
    }

    /** Begins the closing handshake. */
    public void close(int code, String reason) {
        host.checkAccess("WebSocketConnection.close");
        var farewell = new WebSocketMessage.Close(code, reason);
        if (state != State.OPEN || aborting) {
            return;
        }
        state = State.CLOSING;
        put(farewell, null);
        closing();
    }

    /** Drops the connection. */
    public void abort() {
        host.checkAccess("WebSocketConnection.abort");
        aborting = true;
        cork();
    }

    /** Whether messages can be sent. */
    public boolean isOpen() {
        return state == State.OPEN && !aborting && !gone;
    }

    /** Stops handing out messages. */
    public void pause() {
        host.checkAccess("WebSocketConnection.pause");
        paused = true;
    }

    /** Whether messages wait because somebody said so. */
    public boolean isPaused() {
        return paused;
    }

    /** Goes on handing out messages. */
    public void resume() {
        host.checkAccess("WebSocketConnection.resume");
        if (paused) {
            paused = false;
            cork();
        }
    }

    /** Whoever holds this says goodbye when the server drains. */
    public void leaveByItself() {
        host.checkAccess("WebSocketConnection.leaveByItself");
        leavesByItself = true;
    }

    /** Whether it does. */
    public boolean leavesByItself() {
        return leavesByItself;
    }

    /** Switches {@code TCP_NODELAY}. */
    public void setNodelay(boolean nodelay) {
        host.checkAccess("WebSocketConnection.setNodelay");
        host.loop.addCallback(() -> {
            if (wire != null && state != State.CLOSED) {
                wire.setNodelay(nodelay);
            }
        });
    }

    /** The subprotocol that was agreed on. */
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    /** Whether messages are compressed. */
    public boolean isCompressed() {
        return deflate != null;
    }

    private void cork() {
        if (!corked) {
            corked = true;
            host.corks.add(this);
        }
    }

    /** From the first time on, the peer has so long to do its part. */
    private ClosingHandshake closing() {
        if (closing == null) {
            closing = new ClosingHandshake(host.loop.callLater(CLOSE_LIMIT, this::drop));
        }
        return closing;
    }

    // ---- life ----

    /** The upgrade is out. */
    public void carriedBy(WebSocketWire wire) {
        this.wire = wire;
        cork();
    }

    /** What waits to be written, for a wire that looks into it at times of its own. */
    public Outbox outbox() {
        return frames();
    }

    private FrameOutbox frames() {
        if (outbox == null) {
            outbox = new FrameOutbox(deflate, host);
        }
        return outbox;
    }

    /** What carried it is no more. A client may still read what came before. */
    public void ended() {
        host.left.accept(this);
        gone = isClient && isOpen() && leavesPending();
        if (!gone) {
            lost();
        } else if (outbox != null) {
            outbox.fail(closedException());
        }
    }

    /** Reads on, up to what came last. */
    private void readLast(WebSocketWire wire) {
        if (isReading()) {
            readPending(wire);
        }
        if (isReading() || isUpToDate() || isDeaf()) {
            lost();
        }
    }

    /** The client went away between the request and the 101. */
    public void lostBeforeItOpened() {
        lost();
    }

    private void lost() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        if (outbox != null) {
            outbox.fail(closedException());
        }
        forget();
        if (closing != null) {
            closing.ended();
        }
        tellClosed();
    }

    private void tellClosed() {
        if (listener != null) { // else it hears of it when there is one
            ClosingHandshake.tell(listener, closing);
        }
    }

    /** What carries it has failed, and will end. */
    void broken(Throwable cause) {
        if (HangUp.isEveryday(cause)) {
            log.debug("A WebSocket's connection broke", cause);
        } else {
            log.error("Error on a WebSocket; it is dropped", cause);
        }
    }

    @Override
    public void drop() {
        aborting = true;
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    // ---- writing ----

    @Override
    public void uncork() {
        corked = false;
        if (wire == null || state == State.CLOSED) {
            return;
        }
        if (gone) {
            readLast(wire);
            return;
        }
        if (aborting) {
            wire.close();
            return;
        }
        if (isReading()) {
            wire.setReading(true);
            readPending(wire);
        }
        if (outbox == null || wire.drain(outbox)) {
            drained(wire);
        } else if (outbox.exceedsQuota()) {
            host.loop.addCallback(this::abortIfExceeding); // a stream has had its turn by then
        }
    }

    private void drained(WebSocketWire wire) {
        var owed = outbox == null ? null : outbox.takeOwed();
        if (owed != null && state == State.OPEN) {
            put(new WebSocketMessage.Pong(owed), null);
            return;
        }
        if (outbox != null && !outbox.isWithinMessage() && !wire.keepsOutbox()) {
            outbox = null;
        }
        if (closing != null) {
            closing.hangUp(wire);
        }
    }

    /** More can be written, or all has been. */
    public void writable() {
        boolean waits = outbox != null && !outbox.isEmpty();
        if (waits || (closing != null && closing.isToHangUp())) {
            cork();
        }
    }

    /** Something has come; it belongs to this. */
    public void received(ByteBuf bytes) {
        if (wire == null) {
            throw new IllegalStateException("bytes before the upgrade");
        }
        received(bytes, wire);
    }

    // ---- what is read ----

    @Override
    MemoryQuota quota() {
        return host.quota;
    }

    /** A peer's close frame is waited for even while paused. */
    @Override
    boolean isReading() {
        return switch (state) {
            case OPEN -> listener != null && !paused && !aborting;
            case CLOSING -> !aborting;
            case ENDING, CLOSED -> false;
        };
    }

    @Override
    boolean isDeaf() {
        return aborting || state == State.ENDING || state == State.CLOSED;
    }

    @Override
    void heard(WebSocketMessage message) {
        if (state != State.OPEN || listener == null) {
            return; // we said goodbye
        }
        boolean answered =
                message instanceof WebSocketMessage.Ping(var bytes)
                        && isOpen()
                        && frames().answer(bytes);
        if (answered) {
            cork();
        }
        listener.message(message);
    }

    /** Its code is echoed, unless it answers ours; then the server hangs up, section 7.1.1. */
    @Override
    void heardFarewell(int code, String reason) {
        end(code, reason, "", isClient ? Farewell.NONE : Farewell.CLOSE);
    }

    /** The peer is told what it did; it is the server that hangs up, section 7.1.1. */
    @Override
    void fail(WebSocketFault fault) {
        log.debug("A WebSocket is closed with {}: {}", fault.code(), fault.reason());
        end(
                fault.code(),
                fault.reason(),
                fault.reason(),
                isClient ? Farewell.NONE : Farewell.CLOSE_OUTPUT);
    }

    /** Sends the last frame, unless it has been sent, and hangs up behind it. */
    private void end(int code, String heard, String said, Farewell farewell) {
        closing().decide(code, heard, farewell);
        if (state == State.OPEN) {
            put(new WebSocketMessage.Close(code, said), null);
        }
        state = State.ENDING;
        if (isClient && wire != null) {
            wire.setReading(true); // to see it hang up
        }
        cork();
    }
}
