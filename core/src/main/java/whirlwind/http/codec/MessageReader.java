package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.WebSocketMessage;

/**
 * The reading half of a WebSocket: bytes become frames, and frames messages. What is told to the
 * other half are whole messages, the peer's farewell, and its faults.
 */
abstract class MessageReader {
    private static final Logger log = LoggerFactory.getLogger(HttpAcceptor.class);

    /**
     * A buffer that is filled less than one part in so many is not kept for the rest of a frame.
     */
    private static final int KEPT_SHARE = 4;

    private final int maxMessageSize;

    /** Null: messages are not compressed. */
    final @Nullable MessageDeflate deflate;

    /** The start of a frame. */
    private @Nullable ByteBuf pending;

    /** The start of a message. */
    private @Nullable Fragments fragments;

    MessageReader(WebSocketTerms terms) {
        this.maxMessageSize = terms.maxMessageSize();
        this.deflate = terms.deflate() == null ? null : new MessageDeflate(terms.deflate());
    }

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
            while (pending != null && isReading() && readFrame(pending)) {
                // until it is used up, or the listener has enough
            }
        } catch (WebSocketFault fault) {
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
        } else if (pending.capacity() > KEPT_SHARE * rest) {
            var small = wire.alloc().directBuffer(rest).writeBytes(pending);
            pending.release();
            pending = small;
        }
    }

    /** Lets go of what was kept. */
    final void forget() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        fragments = null;
        if (deflate != null) {
            deflate.close();
        }
    }

    private boolean readFrame(ByteBuf in) {
        int room = fragments == null ? maxMessageSize : maxMessageSize - fragments.length();
        var frame = Frames.read(in, room, deflate != null);
        if (frame == null) {
            return false;
        }
        switch (frame.opcode()) {
            case Frames.CLOSE -> farewell(frame.payload());
            case Frames.PING -> heard(new WebSocketMessage.Ping(frame.payload()));
            case Frames.PONG -> heard(new WebSocketMessage.Pong(frame.payload()));
            case Frames.CONTINUATION -> continued(frame);
            default -> begun(frame);
        }
        return true;
    }

    private void begun(Frames.Frame frame) {
        if (fragments != null) {
            throw WebSocketFault.protocolError("message within a message");
        }
        if (frame.fin()) {
            whole(frame.opcode(), frame.rsv1(), frame.payload());
        } else {
            fragments = new Fragments(frame);
        }
    }

    private void continued(Frames.Frame frame) {
        var message = fragments;
        if (message == null) {
            throw WebSocketFault.protocolError("nothing to continue");
        }
        message.add(frame.payload());
        if (frame.fin()) {
            fragments = null;
            whole(message.opcode(), message.compressed(), message.bytes());
        }
    }

    private void whole(int opcode, boolean compressed, byte[] payload) {
        var bytes =
                compressed && deflate != null ? deflate.inflate(payload, maxMessageSize) : payload;
        heard(
                opcode == Frames.TEXT
                        ? new WebSocketMessage.Text(Fragments.text(bytes, 0))
                        : new WebSocketMessage.Binary(bytes));
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
        heardFarewell(code, Fragments.text(payload, 2));
    }
}
