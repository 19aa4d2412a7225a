package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Utf8;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.Output;

/** Frames of a WebSocket as bytes and back, RFC 6455 section 5.2. */
final class Frames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    private static final int OTHER_RSV = 0x30;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASK_BYTES = 4;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Frames() {}

    /** What stands before a frame's payload; a mask of 0 changes nothing. */
    record Header(int opcode, boolean fin, boolean rsv1, long length, int mask) {
        boolean isControl() {
            return opcode >= CLOSE;
        }
    }

    // ---- writing: a client's frames are masked, a server's aren't ----

    /** A whole message in one frame. */
    static byte[] encode(WebSocketMessage message) {
        return frame(FIN | opcode(message), payload(message));
    }

    static int opcode(WebSocketMessage message) {
        return switch (message) {
            case WebSocketMessage.Text _, WebSocketMessage.TextPart _ -> TEXT;
            case WebSocketMessage.Binary _, WebSocketMessage.BinaryPart _ -> BINARY;
            case WebSocketMessage.Ping _ -> PING;
            case WebSocketMessage.Pong _ -> PONG;
            case WebSocketMessage.Close _ -> CLOSE;
        };
    }

    static byte[] payload(WebSocketMessage message) {
        return switch (message) {
            case WebSocketMessage.Text(var text) -> Utf8.encode(text);
            case WebSocketMessage.TextPart(var text, _) -> Utf8.encode(text);
            case WebSocketMessage.Binary(var bytes) -> bytes;
            case WebSocketMessage.BinaryPart(var bytes, _) -> bytes;
            case WebSocketMessage.Ping(var bytes) -> bytes;
            case WebSocketMessage.Pong(var bytes) -> bytes;
            case WebSocketMessage.Close(var code, var reason) -> closePayload(code, reason);
        };
    }

    private static byte[] closePayload(int code, String reason) {
        if (code == WebSocketMessage.Close.NO_CODE) {
            return Output.NOTHING;
        }
        var text = reason.getBytes(StandardCharsets.UTF_8);
        var payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return payload;
    }

    static byte[] frame(int firstByte, byte[] payload) {
        int header = headerLength(payload.length);
        var frame = new byte[header + payload.length];
        putHeader(frame, firstByte, payload.length);
        System.arraycopy(payload, 0, frame, header, payload.length);
        return frame;
    }

    /** A client's. */
    static byte[] maskedFrame(int firstByte, byte[] payload, int mask) {
        int header = headerLength(payload.length);
        int start = header + MASK_BYTES;
        var frame = new byte[start + payload.length];
        putHeader(frame, firstByte, payload.length);
        frame[1] |= (byte) MASKED;
        for (int i = 0; i < MASK_BYTES; i++) {
            frame[header + i] = (byte) (mask >>> (24 - 8 * i));
        }
        System.arraycopy(payload, 0, frame, start, payload.length);
        unmask(frame, start, payload.length, mask);
        return frame;
    }

    static byte[] header(int firstByte, int length) {
        var header = new byte[headerLength(length)];
        putHeader(header, firstByte, length);
        return header;
    }

    private static int headerLength(int length) {
        return length < LENGTH_16 ? 2 : length < 1 << 16 ? 4 : 10;
    }

    private static void putHeader(byte[] frame, int firstByte, int length) {
        frame[0] = (byte) firstByte;
        int header = headerLength(length);
        if (header == 2) {
            frame[1] = (byte) length;
            return;
        }
        frame[1] = (byte) (header == 4 ? LENGTH_16 : LENGTH_64);
        for (int i = header - 1, rest = length; i >= 2; i--, rest >>>= 8) {
            frame[i] = (byte) rest;
        }
    }

    // ---- reading ----

    /**
     * Takes the header of a frame off {@code in}, and that of a control frame only if its payload
     * is there, too; null if it isn't. What can be told from the first bytes is told at once.
     *
     * @param masked whether it has to be: by clients, and by nobody else
     * @param compression whether {@link #RSV1} has a meaning
     * @throws WebSocketFault if nobody may send that
     */
    static @Nullable Header readHeader(ByteBuf in, boolean masked, boolean compression) {
        int readable = in.readableBytes();
        if (readable < 2) {
            return null;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        checkBits(first, second, masked, compression);
        int short7 = second & LENGTH;
        int size =
                2
                        + (short7 == LENGTH_16 ? 2 : short7 == LENGTH_64 ? 8 : 0)
                        + (masked ? MASK_BYTES : 0);
        int opcode = first & OPCODE;
        if (readable < size || (opcode >= CLOSE && readable < size + short7)) {
            return null;
        }
        long length = checkedLength(in, at, short7);
        int mask = masked ? in.getInt(at + size - MASK_BYTES) : 0;
        in.skipBytes(size);
        return new Header(opcode, (first & FIN) != 0, (first & RSV1) != 0, length, mask);
    }

    private static void checkBits(int first, int second, boolean masked, boolean compression) {
        int opcode = first & OPCODE;
        boolean control = opcode >= CLOSE;
        if ((first & OTHER_RSV) != 0) {
            throw WebSocketFault.protocolError("reserved bit set");
        }
        if ((first & RSV1) != 0 && (!compression || control || opcode == CONTINUATION)) {
            throw WebSocketFault.protocolError("reserved bit set");
        }
        if (opcode > PONG || (opcode > BINARY && !control)) {
            throw WebSocketFault.protocolError("unknown opcode");
        }
        if ((second & MASKED) == 0 == masked) {
            throw WebSocketFault.protocolError(masked ? "frame not masked" : "frame masked");
        }
        if (control && (first & FIN) == 0) {
            throw WebSocketFault.protocolError("control frame fragmented");
        }
        if (control && (second & LENGTH) > WebSocketMessage.MAX_CONTROL_BYTES) {
            throw WebSocketFault.protocolError("control frame too long");
        }
    }

    /** Of the three forms a length must be in the shortest that it fits. */
    private static long checkedLength(ByteBuf in, int at, int short7) {
        if (short7 < LENGTH_16) {
            return short7;
        }
        boolean is16 = short7 == LENGTH_16;
        long length = is16 ? in.getUnsignedShort(at + 2) : in.getLong(at + 2);
        if (length < (is16 ? LENGTH_16 : 1 << 16)) { // a negative one has the top bit set
            throw WebSocketFault.protocolError("malformed length");
        }
        return length;
    }

    /** The payload that comes next, which is there. */
    static byte[] readPayload(ByteBuf in, Header header) {
        var payload = new byte[(int) header.length()];
        in.readBytes(payload);
        unmask(payload, 0, payload.length, header.mask());
        return payload;
    }

    /**
     * Masks, or undoes it, eight bytes at a time: that is most of what a large message costs.
     *
     * @return the mask for what follows
     */
    static int unmask(byte[] payload, int from, int size, int mask) {
        if (mask == 0) {
            return 0;
        }
        long twice = (mask & 0xFFFFFFFFL) << 32 | (mask & 0xFFFFFFFFL);
        int i = from;
        int to = from + size;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            LONGS.set(payload, i, (long) LONGS.get(payload, i) ^ twice);
        }
        for (int shift = 24; i < to; i++, shift = (shift - 8) & 31) {
            payload[i] ^= (byte) (mask >>> shift);
        }
        return Integer.rotateLeft(mask, 8 * (size & 3));
    }
}
