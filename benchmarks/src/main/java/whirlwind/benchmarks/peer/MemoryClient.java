package whirlwind.benchmarks.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import whirlwind.net.channel.MemoryChannel;
import whirlwind.net.channel.MemoryEnd;

/**
 * What a server sees of a client in the same process: as little as can be, 16 bytes each, that
 * answer pings and count messages.
 */
abstract class MemoryClient implements MemoryEnd {
    /** What clients of a hub subscribe to. */
    static final String TOPIC = "bench";

    private static final String SUBSCRIBE =
            "{\"type\":\"subscribe\",\"id\":2,\"topic\":\"" + TOPIC + "\"}";
    private static final String CONNECT = "{\"type\":\"connect\",\"id\":1,\"version\":1}";

    private static final String HUB_PONG = "{\"type\":\"pong\"}";

    /** Before the first letter of a frame's type. */
    private static final int BEFORE_TYPE = "{\"type\":\"".length();

    private static final String GET = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String UPGRADE =
            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final int TEXT = 0x81;
    private static final int TWO_BYTES = 126;

    /** What all clients count together. */
    static final class Count {
        int ready;
        int messages;
        int pings;

        /** Other connections, for what those with a stream have to say: each has one at a time. */
        final List<MemoryClient> posts = new ArrayList<>();

        private int posted;

        MemoryClient nextForPost() {
            return posts.get(posted++ % posts.size());
        }
    }

    final Count count;

    @SuppressWarnings("NullAway.Init") // set before anything comes
    MemoryChannel server;

    private MemoryClient(Count count) {
        this.count = count;
    }

    /** A client for one of the paths of {@link MemorySockets}. */
    static MemoryClient of(String path, Count count) {
        return switch (path) {
            case "/echo", "/read" -> new OfSocket(count);
            case "/whirlwind/ws" -> new OfHub(count);
            case "/whirlwind/events" -> new OfHubByRequests(count, false);
            case "/whirlwind/poll" -> new OfHubByRequests(count, true);
            case "/whirlwind/messages" -> new Posts(count);
            default -> throw new IllegalArgumentException("path: '" + path + "'");
        };
    }

    /** Sends its first request. */
    abstract void begin(String path);

    @Override
    public void end() {
        // it is the client that ends it
    }

    /** What they send, made once. */
    private static final class Sent {
        static final ByteBuf ECHO = ascii(UPGRADE.formatted("/echo"));
        static final ByteBuf READ = ascii(UPGRADE.formatted("/read"));
        static final ByteBuf HUB = ascii(UPGRADE.formatted("/whirlwind/ws"));
        static final ByteBuf PONG_FRAME = frame(PONG, "");
        static final ByteBuf HELLO =
                Unpooled.wrappedBuffer(frame(TEXT, CONNECT), frame(TEXT, SUBSCRIBE)).copy();
        static final ByteBuf PONG_TO_HUB = frame(TEXT, HUB_PONG);

        /** A short frame, masked with nothing. */
        private static ByteBuf frame(int kind, String text) {
            return Unpooled.directBuffer()
                    .writeByte(kind)
                    .writeByte(0x80 | text.length())
                    .writeInt(0)
                    .writeBytes(ascii(text));
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }

    final void send(ByteBuf bytes) {
        server.receive(bytes.readerIndex(0));
    }

    /** The type of a hub's frame by its first letter. */
    final char type(ByteBuf bytes, int start) {
        char type = (char) bytes.getByte(start + BEFORE_TYPE);
        switch (type) {
            case 'c' -> {} // onnected
            case 's' -> count.ready++; // ubscribed
            case 'm' -> count.messages++; // essage
            case 'p' -> count.pings++; // ing
            default -> throw unexpected(bytes);
        }
        return type;
    }

    static IllegalStateException unexpected(ByteBuf bytes) {
        return new IllegalStateException(
                "not expected: '" + bytes.toString(StandardCharsets.ISO_8859_1) + "'");
    }

    /** A WebSocket without a hub. */
    private static final class OfSocket extends MemoryClient {
        OfSocket(Count count) {
            super(count);
        }

        @Override
        void begin(String path) {
            send(path.equals("/read") ? Sent.READ : Sent.ECHO);
        }

        @Override
        public void receive(ByteBuf bytes) {
            while (bytes.isReadable()) {
                switch (bytes.readUnsignedByte()) {
                    case 'H' -> { // TTP/1.1 101 ..., which is all that comes then
                        count.ready++;
                        bytes.skipBytes(bytes.readableBytes());
                    }
                    case PING -> {
                        count.pings++;
                        bytes.skipBytes(1 + bytes.getUnsignedByte(bytes.readerIndex()));
                        send(Sent.PONG_FRAME);
                    }
                    case TEXT -> {
                        count.messages++;
                        bytes.skipBytes(1 + bytes.getUnsignedByte(bytes.readerIndex()));
                    }
                    default -> throw unexpected(bytes);
                }
            }
        }
    }

    /** A WebSocket to a hub. */
    private static final class OfHub extends MemoryClient {
        OfHub(Count count) {
            super(count);
        }

        @Override
        void begin(String path) {
            send(Sent.HUB);
        }

        @Override
        public void receive(ByteBuf bytes) {
            while (bytes.isReadable()) {
                switch (bytes.readUnsignedByte()) {
                    case 'H' -> {
                        bytes.skipBytes(bytes.readableBytes());
                        send(Sent.HELLO);
                    }
                    case TEXT -> {
                        int length = bytes.readUnsignedByte();
                        if (length == TWO_BYTES) {
                            length = bytes.readUnsignedShort();
                        }
                        if (type(bytes, bytes.readerIndex()) == 'p') {
                            send(Sent.PONG_TO_HUB);
                        }
                        bytes.skipBytes(length);
                    }
                    default -> throw unexpected(bytes);
                }
            }
        }
    }

    /** A hub's session: a stream of events or polls. */
    private static final class OfHubByRequests extends MemoryClient {
        private static final String POST =
                "POST /whirlwind/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: %d\r\n\r\n%s";

        private static final String SESSION = "\"session\":\"";

        private final boolean polls;
        private byte[] session = {};

        OfHubByRequests(Count count, boolean polls) {
            super(count);
            this.polls = polls;
        }

        @Override
        void begin(String path) {
            send(post("session" + (polls ? "" : "?transport=sse"), CONNECT));
        }

        private static ByteBuf post(String path, String body) {
            return ascii(POST.formatted(path, body.length(), body));
        }

        @Override
        public void receive(ByteBuf bytes) {
            int end = bytes.writerIndex();
            int at = bytes.readerIndex();
            if (bytes.getByte(at) == 'H' && bytes.getByte(at + "HTTP/1.1 ".length()) != '2') {
                throw unexpected(bytes);
            }
            boolean heard = false;
            while ((at = bytes.indexOf(at, end, (byte) '{')) >= 0) {
                heard = true;
                switch (type(bytes, at)) {
                    case 'c' -> connected(bytes.toString(at, end - at, US_ASCII));
                    case 'p' -> say(count.nextForPost(), HUB_PONG);
                    default -> {}
                }
                at++;
            }
            if (polls && bytes.indexOf(bytes.readerIndex(), end, (byte) ']') >= 0) {
                count.pings += heard ? 0 : 1;
                poll();
            }
            bytes.readerIndex(end);
        }

        private void connected(String frame) {
            int from = frame.indexOf(SESSION) + SESSION.length();
            session = frame.substring(from, frame.indexOf('"', from)).getBytes(US_ASCII);
            say(this, SUBSCRIBE);
            if (polls) {
                poll();
            } else {
                send(ascii(GET.formatted("/whirlwind/events?session=" + token())));
            }
        }

        private String token() {
            return new String(session, US_ASCII);
        }

        private void say(MemoryClient through, String frame) {
            through.send(post("messages?session=" + token(), "[" + frame + "]"));
        }

        private void poll() {
            send(post("poll?session=" + token(), ""));
        }
    }

    /** Answers to posts, which say nothing. */
    private static final class Posts extends MemoryClient {
        Posts(Count count) {
            super(count);
        }

        @Override
        void begin(String path) {}

        @Override
        public void receive(ByteBuf bytes) {
            bytes.skipBytes(bytes.readableBytes());
        }
    }
}
