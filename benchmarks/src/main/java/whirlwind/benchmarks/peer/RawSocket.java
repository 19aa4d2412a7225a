package whirlwind.benchmarks.peer;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client by hand, so that it can do what it shouldn't. It closes by a reset. */
public final class RawSocket implements Closeable {
    /** The first byte of a frame that is a whole message. */
    public static final int TEXT = 0x81;

    static final int BINARY = 0x82;
    static final int PING = 0x89;

    private static final String HOST = "127.0.0.1";
    private static final int CLOSE = 0x88;

    private final Socket socket;
    private final DataInputStream input;

    /**
     * Connects.
     *
     * @param source one of this machine's addresses
     */
    public RawSocket(String source, int port) throws IOException {
        socket = new Socket();
        socket.setSoLinger(true, 0);
        socket.setTcpNoDelay(true);
        try {
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(new InetSocketAddress(HOST, port));
            input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What begins a WebSocket, with more header lines or none. */
    static byte[] handshake(String path, String headers) {
        return ascii(
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + headers
                        + "\r\n");
    }

    /** A frame, masked with zeros. */
    public static byte[] frame(int first, byte[] payload) {
        var frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload).flip();
        var bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** A text message. */
    static byte[] text(String ascii) {
        return frame(TEXT, ascii(ascii));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends anything. */
    public void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void sendText(String ascii) throws IOException {
        send(text(ascii));
    }

    /** Begins a WebSocket. */
    public void upgrade(String path) throws IOException {
        upgrade(path, "");
    }

    void upgrade(String path, String headers) throws IOException {
        send(handshake(path, headers));
        expectStatus(101);
    }

    /** Posts JSON that has to be answered with some status. */
    public void post(String target, String json, int status) throws IOException {
        send(
                ascii(
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        .formatted(target)
                                + "Content-Length: %d\r\n\r\n%s".formatted(json.length(), json)));
        input.skipNBytes(expectStatus(status));
    }

    /** Reads the head of a response and answers the length of its body. */
    private int expectStatus(int status) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) input.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 " + status)) {
            throw new ProtocolException(head.toString());
        }
        return head.toString()
                .toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    /** The payload of the next frame. */
    public byte[] read() throws IOException {
        int first = input.readUnsignedByte();
        int length = input.readUnsignedByte();
        var payload = new byte[length == 126 ? input.readUnsignedShort() : length];
        input.readFully(payload);
        if (first == CLOSE) {
            throw new ProtocolException("closed");
        }
        return payload;
    }

    /** Reads a hub's frames up to one that contains {@code text}. */
    String await(String text) throws IOException {
        while (true) {
            var frame = new String(read(), StandardCharsets.US_ASCII);
            if (frame.contains(text)) {
                return frame;
            }
            if (frame.contains("\"type\":\"error\"") || frame.contains("\"type\":\"disconnect\"")) {
                throw new ProtocolException(frame);
            }
        }
    }

    /** Reads the frame that closes, with some code. */
    void awaitClose(int code) throws IOException {
        if (input.readUnsignedByte() != CLOSE
                || input.readUnsignedByte() < 2
                || input.readUnsignedShort() != code) {
            throw new ProtocolException("expected to be closed with " + code);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
