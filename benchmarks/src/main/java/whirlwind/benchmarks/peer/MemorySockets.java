package whirlwind.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.server.PreparedMessage;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.MemoryChannel;
import whirlwind.net.channel.MemoryEnd;
import whirlwind.net.channel.MemoryListener;
import whirlwind.net.connect.MemoryAddress;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;

/**
 * A server of ours and its clients in one process, connected in memory. It obeys lines on standard
 * input, each of which it answers with a number:
 *
 * <ul>
 *   <li>{@code open N PATH}: opens N WebSockets, {@code /echo} or {@code /read}; how many there are
 *   <li>{@code publish N}: sends a message to all, N times; how many have arrived
 *   <li>{@code pings}: how many pings have been answered since the last time
 *   <li>{@code close}: closes all; how many are left
 * </ul>
 *
 * The clients are as little as can be: 16 bytes each, that answer pings and count messages.
 */
public final class MemorySockets {
    /** Between two looks at everything else that the loop has to do. */
    private static final int AT_ONCE = 5_000;

    private static final String REQUEST =
            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /** An empty masked frame. */
    private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};

    private static final int PING = 0x89;
    private static final int TEXT = 0x81;

    private final MemoryAddress address = new MemoryAddress("bench");
    private final IOLoop loop = new IOLoop();
    private final List<Member> members = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuf pong = Unpooled.directBuffer().writeBytes(PONG);
    private int upgraded;
    private int messages;
    private int pings;

    private MemorySockets() {}

    /** The argument is the interval of pings in seconds. */
    public static void main(String[] args) throws Exception {
        new MemorySockets().run(Duration.ofSeconds(Integer.parseInt(args[0])));
    }

    private void run(Duration pingInterval) throws Exception {
        var settings =
                ApplicationSettings.DEFAULTS
                        .withWebsocketPingInterval(pingInterval)
                        .withServer(HttpServerOptions.DEFAULTS.withMaxConnections(10_000_000));
        var application =
                new Application(settings).route("/echo", Echo::new).route("/read", Reader::new);
        new HttpServer(application, settings.server()).listen(address);
        Thread.ofPlatform().daemon().start(this::obeyLines);
        loop.start();
    }

    private void obeyLines() {
        try (var input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line; (line = input.readLine()) != null; ) {
                var words = line.split(" ");
                System.out.println(onLoop(() -> obey(words)));
            }
        } catch (IOException | InterruptedException | ExecutionException e) {
            System.err.println("no more commands: " + e);
        }
        System.exit(0);
    }

    private int onLoop(Callable<Integer> body) throws InterruptedException, ExecutionException {
        var answer = loop.<Integer>newFuture();
        loop.spawnCallback(() -> {
            try {
                answer.complete(body.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get();
    }

    private int obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "open" -> open(Integer.parseInt(words[1]), words[2]);
            case "publish" -> publish(Integer.parseInt(words[1]));
            case "pings" -> {
                int answered = pings;
                pings = 0;
                yield answered;
            }
            case "close" -> close();
            default -> throw new IllegalArgumentException("command: '" + words[0] + "'");
        };
    }

    private int open(int count, String path) throws ConnectException {
        var request =
                Unpooled.wrappedBuffer(REQUEST.formatted(path).getBytes(StandardCharsets.US_ASCII));
        for (int i = 1; i <= count; i++) {
            var client = new Client(this);
            client.server = MemoryListener.connect(address, client);
            client.server.receive(request.duplicate());
            clients.add(client);
            if (i % AT_ONCE == 0 || i == count) {
                while (Math.min(upgraded, members.size()) < clients.size()) {
                    Async.moment();
                }
            }
        }
        return members.size();
    }

    private int publish(int times) {
        messages = 0;
        for (int n = 1; n <= times; n++) {
            var message = new PreparedMessage(new WebSocketMessage.Text("m".repeat(64)));
            for (int i = 0; i < members.size(); i++) {
                members.get(i).send(message);
                if (i % AT_ONCE == 0) {
                    Async.moment();
                }
            }
            while (messages < n * members.size()) {
                Async.moment();
            }
        }
        return messages;
    }

    private int close() {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).server.end();
            if (i % AT_ONCE == 0) {
                Async.moment();
            }
        }
        while (!members.isEmpty()) {
            Async.moment();
        }
        clients.clear();
        upgraded = 0;
        return members.size();
    }

    /** Who gets what is published. */
    private interface Member {
        void send(PreparedMessage message);
    }

    private final class Echo extends WebSocketHandler implements Member {
        @Override
        protected void open() {
            members.add(this);
        }

        @Override
        public void send(PreparedMessage message) {
            writeMessage(message);
        }

        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }

        @Override
        protected void onClose() {
            members.removeLast(); // all leave together
        }
    }

    /** The same with a coroutine that waits. */
    private final class Reader extends WebSocketHandler implements Member {
        @Override
        protected void open() throws Exception {
            members.add(this);
            while (readMessage() instanceof WebSocketMessage.Text(var text)) {
                writeMessage(text);
            }
            members.removeLast();
        }

        @Override
        public void send(PreparedMessage message) {
            writeMessage(message);
        }
    }

    /** What the server sees of a client. */
    private static final class Client implements MemoryEnd {
        private final MemorySockets all;

        @SuppressWarnings("NullAway.Init") // set before anything comes
        MemoryChannel server;

        Client(MemorySockets all) {
            this.all = all;
        }

        @Override
        public void receive(ByteBuf bytes) {
            while (bytes.isReadable()) {
                switch (bytes.readUnsignedByte()) {
                    case 'H' -> { // TTP/1.1 101 ..., which is all that comes then
                        all.upgraded++;
                        bytes.skipBytes(bytes.readableBytes());
                    }
                    case PING -> {
                        all.pings++;
                        bytes.skipBytes(1 + bytes.getUnsignedByte(bytes.readerIndex()));
                        server.receive(all.pong.readerIndex(0));
                    }
                    case TEXT -> {
                        all.messages++;
                        bytes.skipBytes(1 + bytes.getUnsignedByte(bytes.readerIndex()));
                    }
                    default -> throw new IllegalStateException("not a frame that is expected");
                }
            }
        }

        @Override
        public void end() {
            // it is the client that ends it
        }
    }
}
