package whirlwind.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** Frames of HTTP/2 byte by byte, right and wrong, and servers that send them; RFC 9113. */
final class Http2Script {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PUSH = 5;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int WINDOW = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    private static final int PREFACE_BYTES = 24;
    private static final int FRAME_HEAD_BYTES = 9;

    /** What a server does with a request. */
    @FunctionalInterface
    interface Answer {
        void to(ScriptedServer.Peer peer, int stream) throws IOException;
    }

    private Http2Script() {}

    /** Does that with each request. */
    static ScriptedServer.Script answering(Answer answer) {
        return peer -> {
            greet(peer);
            while (true) {
                answer.to(peer, request(peer));
            }
        };
    }

    /** Does that with the first request, and hangs up. */
    static ScriptedServer.Script hangingUp(Answer answer) {
        return peer -> {
            greet(peer);
            answer.to(peer, request(peer));
        };
    }

    private static void greet(ScriptedServer.Peer peer) throws IOException {
        peer.read(PREFACE_BYTES);
        peer.write(joined(frame(SETTINGS, 0, 0), frame(SETTINGS, ACK, 0)));
    }

    /** Sends these bytes. */
    static Answer bytes(IntFunction<byte[]> answer) {
        return (peer, stream) -> peer.write(answer.apply(stream));
    }

    /** The same over and over, until the client hangs up. */
    static Answer endlessly(IntFunction<byte[]> start, IntFunction<byte[]> more) {
        return (peer, stream) -> {
            peer.write(start.apply(stream));
            while (true) {
                peer.write(more.apply(stream));
            }
        };
    }

    /** Reads up to a request's head; the stream that it is on. */
    private static int request(ScriptedServer.Peer peer) throws IOException {
        var frame = awaitFrame(peer, HEADERS);
        return frame.charAt(7) << 8 | frame.charAt(8);
    }

    /** Reads up to a frame of that type; its bytes as Latin-1. */
    static String awaitFrame(ScriptedServer.Peer peer, int type) throws IOException {
        while (true) {
            var head = peer.read(FRAME_HEAD_BYTES);
            if (head.length() < FRAME_HEAD_BYTES) {
                throw new IOException("the client hung up");
            }
            var payload = peer.read(head.charAt(0) << 16 | head.charAt(1) << 8 | head.charAt(2));
            if (head.charAt(3) == type) {
                return head + payload;
            }
        }
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return announcing(payload.length, type, flags, stream, payload);
    }

    /** A frame that says it is that long. */
    static byte[] announcing(int length, int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(FRAME_HEAD_BYTES + payload.length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A whole head, or trailers. */
    static byte[] fields(int flags, int stream, String... namesAndValues) {
        return frame(HEADERS, flags | END_HEADERS, stream, block(namesAndValues));
    }

    /** A head with status 200 and more. */
    static byte[] ok(int stream, String... namesAndValues) {
        return fields(0, stream, ok(namesAndValues));
    }

    static String[] ok(String... namesAndValues) {
        var all = new String[namesAndValues.length + 2];
        all[0] = ":status";
        all[1] = "200";
        System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
        return all;
    }

    static byte[] data(int flags, int stream, String text) {
        return frame(DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] ints(int... values) {
        var buffer = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    /** A setting and its value. */
    static byte[] setting(int name, int value) {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) name).putInt(value).array());
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Fields as they are, neither compressed nor remembered; RFC 7541 section 6.2.2. */
    static byte[] block(String... namesAndValues) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            text(block, namesAndValues[i]);
            text(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 0x7F) {
            block.write(length);
        } else {
            block.write(0x7F);
            for (length -= 0x7F; length >= 0x80; length >>= 7) {
                block.write(length & 0x7F | 0x80);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
