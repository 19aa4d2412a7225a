package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The client's end of a WebSocket, frame by frame: it sends whatever it is told, right or wrong.
 */
final class WsClient implements AutoCloseable {
    private static final byte[] MASK = {0x12, (byte) 0xAB, 0x34, (byte) 0xCD};

    private final RawClient raw;
    private final String extensions;
    private final Deflater deflater = new Deflater(-1, true);
    private final Inflater inflater = new Inflater(true);

    private WsClient(RawClient raw, String extensions) {
        this.raw = raw;
        this.extensions = extensions;
    }

    /**
     * @param headers whole lines for the handshake
     */
    static WsClient open(RawClient raw, String headers, byte[]... early) throws IOException {
        var handshake =
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + headers
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        raw.send(joined(handshake.getBytes(UTF_8), joined(early)));
        var response = raw.readHead();
        if (response.status() != 101) {
            throw new AssertionError("handshake answered with " + response);
        }
        return new WsClient(raw, response.header("Sec-WebSocket-Extensions"));
    }

    String extensions() {
        return extensions;
    }

    void send(int opcode, String text) {
        send(opcode, text.getBytes(UTF_8));
    }

    void send(int opcode, byte[] payload) {
        sendRaw(masked(0x80 | opcode, payload));
    }

    void sendRaw(byte[] bytes) {
        raw.send(bytes);
    }

    /** The next frame, as it came. */
    byte[] read() {
        try {
            int first = raw.read(1)[0];
            int length = raw.read(1)[0] & 0xFF;
            if (length == 126) {
                length = (raw.read(1)[0] & 0xFF) << 8 | (raw.read(1)[0] & 0xFF);
            } else if (length == 127) {
                var bytes = raw.read(8);
                length = 0;
                for (byte b : bytes) {
                    length = length << 8 | (b & 0xFF);
                }
            }
            return frame(first, raw.read(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void readByte() throws IOException {
        raw.read(1);
    }

    void drain() throws IOException {
        while (!raw.isClosedByServer()) {
            // what was sent before
        }
    }

    boolean isClosedByServer() {
        return raw.isClosedByServer();
    }

    // ---- compression ----

    /** Sends text compressed, and reads its echo; how long that was on the wire. */
    int deflateAndInflate(String text) {
        sendRaw(deflated(text));
        var frame = read();
        var echo = inflate(frame);
        if (!echo.equals(text)) {
            throw new AssertionError("echoed: " + echo);
        }
        return frame.length;
    }

    byte[] deflated(String text) {
        if (extensions.contains("client_no_context_takeover")) {
            deflater.reset();
        }
        deflater.setInput(text.getBytes(UTF_8));
        var out = new byte[text.length() + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return masked(0xC1, text.isEmpty() ? new byte[1] : Arrays.copyOf(out, length - 4));
    }

    /** A compressed payload that another may follow in the same message. */
    byte[] deflatedPart(byte[] payload) {
        deflater.setInput(payload);
        var out = new byte[payload.length / 100 + 1000];
        return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
    }

    String inflate(byte[] frame) {
        if ((frame[0] & 0xFF) != 0xC1) {
            throw new AssertionError("not compressed: " + Arrays.toString(frame));
        }
        try {
            inflater.setInput(joined(payload(frame), new byte[] {0, 0, -1, -1}));
            var out = new byte[200_000];
            int length = inflater.inflate(out);
            return new String(out, 0, length, UTF_8);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }

    // ---- frames ----

    /** What a server's frame carries. */
    static byte[] payload(byte[] frame) {
        int length = frame[1] & 0x7F;
        return Arrays.copyOfRange(frame, length == 126 ? 4 : length == 127 ? 10 : 2, frame.length);
    }

    static byte[] text(String text) {
        return frame(0x81, text.getBytes(UTF_8));
    }

    /** A server's frame. */
    static byte[] frame(int first, byte[] payload) {
        return joined(header(first, payload.length, 0), payload);
    }

    static byte[] masked(int first, String text) {
        return masked(first, text.getBytes(UTF_8));
    }

    /** A client's frame. */
    static byte[] masked(int first, byte[] payload) {
        var masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % 4];
        }
        return joined(header(first, payload.length, 0x80), MASK, masked);
    }

    private static byte[] header(int first, int length, int bit) {
        if (length < 126) {
            return new byte[] {(byte) first, (byte) (length | bit)};
        }
        if (length < 65_536) {
            return new byte[] {
                (byte) first, (byte) (126 | bit), (byte) (length >> 8), (byte) length
            };
        }
        return new byte[] {
            (byte) first,
            (byte) (127 | bit),
            0,
            0,
            0,
            0,
            (byte) (length >> 24),
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length
        };
    }

    static byte[] closing(int code, String reason) {
        return joined(new byte[] {(byte) (code >> 8), (byte) code}, reason.getBytes(UTF_8));
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        raw.close();
        deflater.end();
        inflater.end();
    }
}
