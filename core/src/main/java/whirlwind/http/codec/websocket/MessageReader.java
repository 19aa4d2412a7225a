package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.MemoryQuota;

/**
 * The reading half of a WebSocket: bytes become frames, and frames messages. What is told to the
 * other half are whole messages, the peer's farewell, and its faults.
 */
abstract class MessageReader {
    private static final Logger log = LoggerFactory.getLogger(WebSocketChannel.class);

    /**
     * A buffer that is filled less than one part in so many is not kept for the rest of a frame.
     */
    private static final int KEPT_SHARE = 4;

    /** A part of a message is told when it has so many bytes, or nothing more has come. */
    private static final int PART_BYTES = 64 << 10;

    private final int maxMessageSize;

    /** Whether messages are told in parts. */
    private final boolean inParts;

    /** Whether the peer is a server, whose frames aren't masked. */
    final boolean isClient;

    /** Null: messages are not compressed. */
    final @Nullable MessageDeflate deflate;

    /** The start of a frame. */
    private @Nullable ByteBuf pending;

    /** The start of a message; null while there is none, or what comes is whole. */
    private @Nullable IncomingMessage incoming;

    MessageReader(
            WebSocketTerms terms,
            @Nullable MessageDeflate deflate,
            MemoryQuota quota,
            boolean isClient) {
        this.maxMessageSize = quota.atMost(terms.maxMessageSize());
        this.inParts = terms.inParts();
        this.deflate = deflate;
        this.isClient = isClient;
    }

    /** Bounds what unfinished messages of all take. */
    abstract MemoryQuota quota();

    /** Whether what comes is looked at now. If not, it waits: at last at the peer. */
    abstract boolean isReading();

    /** Whether nothing that comes will be looked at. */
    abstract boolean isDeaf();

    /** A message has come, a control message included. */
    abstract void heard(WebSocketMessage message);

    /** The peer says goodbye. */
    abstract void heardFarewell(int code, String reason);

    /** The peer has broken a rule; nothing more is read. */
    abstract void fail(WebSocketFault fault);

    /** Drops the connection, for a failure of ours. */
    public abstract void drop();

    /** Takes what has come, and reads it if it is time. */
    final void received(ByteBuf in, WebSocketWire wire) {
        if (isDeaf()) {
            in.release();
            return;
        }
        if (pending == null) {
            pending = in;
        } else {
            pending = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(wire.alloc(), pending, in);
        }
        if (isReading()) {
            readPending(wire);
        } else {
            wire.setReading(false); // until somebody wants more
        }
    }

    /** Reads what has come already. */
    final void readPending(WebSocketWire wire) {
        try {
            while (pending != null && isReading() && readSome(pending)) {
                // until it is used up, or the listener has enough
            }
            if (incoming != null && isReading()) {
                settle(incoming);
            }
        } catch (WebSocketFault fault) {
            forgetIncoming(); // may be large, and the peer may take its time to hang up
            fail(fault);
        } catch (RuntimeException e) {
            log.error("WebSocketListener.message failed; the connection is dropped", e);
            drop();
        }
        keepRest(wire);
    }

    private void keepRest(WebSocketWire wire) {
        if (pending == null) {
            return;
        }
        int rest = pending.readableBytes();
        if (rest == 0 || isDeaf()) {
            pending.release();
            pending = null;
        } else if (pending.isDirect() && pending.capacity() > KEPT_SHARE * rest) {
            var small = wire.alloc().directBuffer(rest).writeBytes(pending);
            pending.release();
            pending = small;
        }
    }

    /**
     * Whether there is something that was not read, and will be if somebody comes for it; as that
     * is not sure, it is left to the garbage collector.
     */
    final boolean leavesPending() {
        if (pending == null) {
            return false;
        }
        var left = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(pending));
        pending.release();
        pending = left;
        return true;
    }

    /** Whether nothing that has come waits. */
    final boolean isUpToDate() {
        return pending == null;
    }

    /** Lets go of what was kept. */
    final void forget() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        forgetIncoming();
        if (deflate != null) {
            deflate.close();
        }
    }

    private void forgetIncoming() {
        if (incoming != null) {
            incoming.release();
            incoming = null;
        }
    }

    /** Whether some of a message that isn't whole has come since this was last asked. */
    public final boolean hasProgressed() {
        return incoming != null && incoming.hasGrown();
    }

    private boolean readSome(ByteBuf in) {
        if (incoming != null && incoming.isWithinFrame()) {
            if (!in.isReadable()) {
                return false;
            }
            incoming.read(in);
            told(incoming);
            return true;
        }
        var frame = Frames.readHeader(in, !isClient, deflate != null);
        if (frame == null) {
            return false;
        }
        switch (frame.opcode()) {
            case Frames.CLOSE -> farewell(Frames.readPayload(in, frame));
            case Frames.PING -> heard(new WebSocketMessage.Ping(Frames.readPayload(in, frame)));
            case Frames.PONG -> heard(new WebSocketMessage.Pong(Frames.readPayload(in, frame)));
            case Frames.CONTINUATION -> continued(frame, in);
            default -> begun(frame, in);
        }
        return true;
    }

    private void begun(Frames.Header frame, ByteBuf in) {
        if (incoming != null) {
            throw WebSocketFault.protocolError("message within a message");
        }
        boolean whole = frame.fin() && frame.length() <= in.readableBytes();
        if (whole && !frame.rsv1() && frame.length() <= maxMessageSize) {
            whole(frame.opcode(), Frames.readPayload(in, frame));
            return;
        }
        var message =
                new IncomingMessage(
                        frame.opcode(),
                        frame.rsv1() ? deflate : null,
                        maxMessageSize,
                        inParts,
                        quota());
        message.begin(frame);
        incoming = message;
        message.read(in);
        told(message);
    }

    private void continued(Frames.Header frame, ByteBuf in) {
        var message = incoming;
        if (message == null) {
            throw WebSocketFault.protocolError("nothing to continue");
        }
        message.begin(frame);
        message.read(in);
        told(message);
    }

    /** Most messages are whole when they are looked at. */
    private void whole(int opcode, byte[] payload) {
        if (opcode == Frames.TEXT) {
            var text = IncomingMessage.text(payload, 0, payload.length);
            heard(
                    inParts
                            ? new WebSocketMessage.TextPart(text, true)
                            : new WebSocketMessage.Text(text));
        } else {
            heard(
                    inParts
                            ? new WebSocketMessage.BinaryPart(payload, true)
                            : new WebSocketMessage.Binary(payload));
        }
    }

    /** Some has been read. */
    private void told(IncomingMessage message) {
        if (message.isWhole()) {
            var whole = inParts ? message.part() : message.whole();
            forgetIncoming();
            heard(whole);
        } else if (inParts && message.length() >= PART_BYTES) {
            heard(message.part());
        } else if (!message.isWithinFrame()) {
            message.check();
        }
    }

    /** For now that is all: a text that is none is not waited for until it ends. */
    private void settle(IncomingMessage message) {
        if (inParts && message.length() > 0) {
            heard(message.part());
        } else {
            message.check();
        }
    }

    /** RFC 6455 section 5.5.1: nothing, or a code and perhaps a reason. */
    private void farewell(byte[] payload) {
        if (payload.length == 0) {
            heardFarewell(WebSocketMessage.Close.NO_CODE, "");
            return;
        }
        if (payload.length == 1) {
            throw WebSocketFault.protocolError("malformed close frame");
        }
        int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        if (!WebSocketMessage.Close.isSendable(code)) {
            throw WebSocketFault.protocolError("invalid close code");
        }
        heardFarewell(code, IncomingMessage.text(payload, 2, payload.length));
    }
}
