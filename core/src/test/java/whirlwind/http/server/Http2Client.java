package whirlwind.http.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client that sends HTTP/2 frame by frame, well formed or not, and reads what comes back. */
final class Http2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    static final int INITIAL_WINDOW_SIZE = 4;

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> fields) {
        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The number at an offset: an error code, a window, the last stream. */
        int number(int offset) {
            return ByteBuffer.wrap(payload).getInt(offset);
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** What came back for one request. */
    record Response(int status, Map<String, String> headers, String body) {}

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final List<Frame> unclaimed = new ArrayList<>();
    private final Map<Integer, Integer> settings = new LinkedHashMap<>();
    private int nextStream = 1;

    private Http2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** Connects, and says what a client says first, with settings given as numbers and values. */
    static Http2Client connect(int port, int... settings) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            return over(socket, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Http2Client over(Socket socket, int... settings) throws IOException {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestServer.PATIENCE_SECONDS));
        var client = new Http2Client(socket);
        var payload = ByteBuffer.allocate(settings.length / 2 * 6);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        client.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        client.send(SETTINGS, 0, 0, payload.array());
        client.readSettings(
                client.find(SETTINGS, 0)); // which count from when they are acknowledged
        return client.send(SETTINGS, ACK, 0, new byte[0]);
    }

    private void readSettings(Frame frame) {
        for (var rest = ByteBuffer.wrap(frame.payload()); rest.hasRemaining(); ) {
            settings.put((int) rest.getShort(), rest.getInt());
        }
    }

    /** What the server has said about itself, by numbers. */
    Map<Integer, Integer> settings() {
        return settings;
    }

    // ---- sending ----

    Http2Client bytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Http2Client send(int type, int flags, int stream, byte[] payload) {
        return bytes(frame(type, flags, stream, payload));
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** A block of fields, names and values in turn. */
    byte[] block(String... fields) {
        var block = Unpooled.buffer();
        try {
            for (int i = 0; i < fields.length; i += 2) { // one by one, for their order
                var field = new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]);
                encoder.encodeHeaders(1, field, block);
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return ByteBufUtil.getBytes(block);
    }

    /** Sends a head of nothing but these fields on a new stream; its number. */
    int head(boolean last, String... fields) {
        int id = nextStream;
        nextStream += 2;
        send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), id, block(fields));
        return id;
    }

    /** Sends the head of a request, with more fields; the number of the stream. */
    int request(String method, String path, boolean last, String... more) {
        var fields = new String[8 + more.length];
        var first =
                new String[] {
                    ":method", method, ":scheme", "http", ":authority", "test", ":path", path
                };
        System.arraycopy(first, 0, fields, 0, 8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return head(last, fields);
    }

    int get(String path, String... more) {
        return request("GET", path, true, more);
    }

    Http2Client data(int stream, byte[] bytes, boolean last) {
        return send(DATA, last ? END_STREAM : 0, stream, bytes);
    }

    Http2Client data(int stream, String text, boolean last) {
        return data(stream, text.getBytes(StandardCharsets.UTF_8), last);
    }

    Http2Client reset(int stream) {
        return send(RST_STREAM, 0, stream, number(CANCEL));
    }

    Http2Client grant(int stream, int bytes) {
        return send(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    // ---- reading ----

    Frame read() throws IOException {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        var payload = in.readNBytes(head >>> 8);
        if (payload.length < head >>> 8) {
            throw new EOFException("connection ended within a frame");
        }
        int type = head & 0xFF;
        var fields = type == HEADERS ? decoded(stream, payload) : Map.<String, String>of();
        return new Frame(type, flags, stream, payload, fields);
    }

    /** The first frame that is looked for and was not found before; others are kept. */
    Frame find(Predicate<Frame> wanted) throws IOException {
        var kept = unclaimed.stream().filter(wanted).findFirst();
        if (kept.isPresent()) {
            unclaimed.remove(kept.get());
            return kept.get();
        }
        for (var frame = read(); ; frame = read()) {
            if (wanted.test(frame)) {
                return frame;
            }
            unclaimed.add(frame);
        }
    }

    Frame find(int type, int stream) throws IOException {
        return find(frame -> frame.type() == type && frame.stream() == stream);
    }

    /** Whether such a frame came before one that was found. */
    boolean hasUnclaimed(int type, int stream) {
        return unclaimed.stream()
                .anyMatch(frame -> frame.type() == type && frame.stream() == stream);
    }

    /** The code with which the server resets a stream. */
    int resetOf(int stream) throws IOException {
        return find(RST_STREAM, stream).number(0);
    }

    /** The code with which the server ends the connection. */
    int goAwayCode() throws IOException {
        return find(GOAWAY, 0).number(4);
    }

    private Map<String, String> decoded(int stream, byte[] payload) {
        var fields = new LinkedHashMap<String, String>();
        try {
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                    .forEach(field ->
                            fields.put(field.getKey().toString(), field.getValue().toString()));
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return fields;
    }

    /** The whole response on a stream. */
    Response response(int stream) throws IOException {
        var head = find(HEADERS, stream);
        var fields = new LinkedHashMap<>(head.fields());
        var body = new ByteArrayOutputStream();
        boolean ended = head.ends();
        while (!ended) {
            var frame = find(next -> next.stream() == stream && next.type() != WINDOW_UPDATE);
            if (frame.type() == DATA) {
                body.write(frame.payload());
                if (frame.payload().length > 0 && !frame.ends()) {
                    grant(0, frame.payload().length);
                    grant(stream, frame.payload().length);
                }
            } else if (frame.type() == HEADERS) {
                fields.putAll(frame.fields()); // trailers
            } else {
                throw new IOException("stream ended by " + frame);
            }
            ended = frame.ends();
        }
        return new Response(
                Integer.parseInt(fields.remove(":status")),
                fields,
                body.toString(StandardCharsets.UTF_8));
    }

    /** Whether the connection ends, whatever comes before. */
    boolean isClosedByServer() {
        try {
            while (true) {
                read();
            }
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
