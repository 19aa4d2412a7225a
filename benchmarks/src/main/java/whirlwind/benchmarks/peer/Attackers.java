package whirlwind.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.Deflater;

/**
 * Clients that mean no good. It obeys lines on standard input, each of which it answers with a
 * number:
 *
 * <ul>
 *   <li>{@code KIND N}: N of a {@link Kind} begin; N
 *   <li>{@code times 0}: how often they have done it, and were treated as they deserve
 *   <li>{@code stop 0}: they go away, and are counted anew; 0
 * </ul>
 */
public final class Attackers {
    private static final String ECHO = "/echo";
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private static final int POLICY = 1008;
    private static final int TOO_BIG = 1009;

    /** More empty ones than a message may have. */
    private static final int FRAGMENTS = 1001;

    /** Of one connection, which together remain below the rate that a hub allows. */
    private static final int FORGERIES = 50;

    /** Publications that a client of the storm has missed. */
    private static final int MISSED = 10;

    private static final Pattern POSITION =
            Pattern.compile("\"epoch\":\"(?<epoch>\\w+)\",\"offset\":(?<offset>\\d+)");

    private final int port;
    private final byte[] bomb = bomb(100 << 20);
    private final AtomicInteger times = new AtomicInteger();
    private ExecutorService present = Executors.newVirtualThreadPerTaskExecutor();

    /** Where the hub's topic was before what the clients of the storm have missed. */
    private volatile Position position = new Position("", 0);

    private Attackers(int port) {
        this.port = port;
    }

    private record Position(String epoch, long offset) {
        @Override
        public String toString() {
            return "{\"epoch\":\"%s\",\"offset\":%d}".formatted(epoch, offset);
        }
    }

    /** What they do. */
    public enum Kind {
        /** The handshake, a byte a second. */
        SLOW_HANDSHAKES,
        /** A message, a byte a second. */
        SLOW_FRAMES,
        /** Messages that are to be echoed, whose echoes nobody reads. */
        UNREAD_ECHOES,
        /** Pings, whose pongs nobody reads. */
        UNREAD_PONGS,
        /** Empty fragments of a message that doesn't end. */
        ENDLESS_FRAGMENTS,
        /** Announces a gigabyte. */
        OVERSIZED_MESSAGES,
        /** Messages of 100 KB that are 100 MB. */
        COMPRESSION_BOMBS,
        /** Subscribes to one topic after the other, and reads no answer. */
        SUBSCRIBE_FLOODS,
        /** Polls and posts for sessions that there are not. */
        FORGED_SESSIONS,
        /** Subscribes since positions that never were. */
        FORGED_POSITIONS,
        /** Comes, subscribes since a position, takes what it missed, and stays until dropped. */
        RECONNECT_STORM,
        /** Comes to where all are told of each other, and stays until dropped. */
        PRESENCE_STORM;

        /** Whether these are a crowd that stays until it is dropped. */
        public boolean isStorm() {
            return this == RECONNECT_STORM || this == PRESENCE_STORM;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The argument is the port. */
    public static void main(String[] args) throws IOException {
        var attackers = new Attackers(Integer.parseInt(args[0]));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = input.readLine()) != null; ) {
            System.out.println(attackers.obey(line.split(" ")));
        }
        System.exit(0);
    }

    private int obey(String[] words) throws IOException {
        return switch (words[0]) {
            case "times" -> times.get();
            case "stop" -> stop();
            default -> start(Kind.valueOf(words[0]), Integer.parseInt(words[1]));
        };
    }

    private int start(Kind kind, int count) throws IOException {
        position = findPosition();
        present = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < count; i++) {
            var source = "127.0.0." + (2 + i % 250);
            present.execute(() -> goOn(kind, source));
        }
        return count;
    }

    private int stop() {
        present.shutdownNow(); // which closes the sockets that they wait for
        present.close();
        times.set(0);
        return 0;
    }

    private Position findPosition() throws IOException {
        try (var socket = new RawSocket("127.0.0.1", port)) {
            enterHub(socket);
            socket.sendText(subscription("room", ""));
            var match = POSITION.matcher(socket.await("\"subscribed\""));
            if (!match.find()) {
                throw new ProtocolException("no position");
            }
            for (int i = 0; i < MISSED; i++) {
                socket.sendText(
                        "{\"type\":\"publish\",\"id\":3,\"topic\":\"room\",\"data\":\"hi\"}");
                socket.await("\"published\"");
            }
            return new Position(match.group("epoch"), Long.parseLong(match.group("offset")));
        }
    }

    /** Whoever is thrown out comes back. */
    private void goOn(Kind kind, String source) {
        while (!Thread.currentThread().isInterrupted()) {
            try (var socket = new RawSocket(source, port)) {
                attack(kind, socket);
                times.incrementAndGet();
            } catch (IOException e) {
                // it doesn't count
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void attack(Kind kind, RawSocket socket) throws IOException, InterruptedException {
        switch (kind) {
            case SLOW_HANDSHAKES -> dribble(socket, RawSocket.handshake(ECHO, ""));
            case SLOW_FRAMES -> {
                socket.upgrade(ECHO);
                dribble(socket, RawSocket.frame(RawSocket.BINARY, new byte[1000]));
            }
            case UNREAD_ECHOES -> {
                socket.upgrade(ECHO);
                flood(socket, RawSocket.frame(RawSocket.BINARY, new byte[4096]));
            }
            case UNREAD_PONGS -> {
                socket.upgrade(ECHO);
                flood(socket, RawSocket.frame(RawSocket.PING, new byte[125]));
            }
            case ENDLESS_FRAGMENTS -> {
                socket.upgrade(ECHO);
                socket.send(RawSocket.frame(0x01, new byte[0]));
                for (int i = 0; i < FRAGMENTS; i++) {
                    socket.send(RawSocket.frame(0x00, new byte[0]));
                }
                socket.awaitClose(POLICY);
            }
            case OVERSIZED_MESSAGES -> {
                socket.upgrade(ECHO);
                socket.send(
                        new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0});
                socket.awaitClose(TOO_BIG);
            }
            case COMPRESSION_BOMBS -> {
                socket.upgrade(ECHO, DEFLATE);
                socket.send(bomb);
                socket.awaitClose(TOO_BIG);
            }
            case SUBSCRIBE_FLOODS -> floodWithSubscriptions(socket);
            case FORGED_SESSIONS -> forgeSessions(socket);
            case FORGED_POSITIONS -> forgePositions(socket);
            case RECONNECT_STORM -> {
                comeAgain(socket);
                stay(socket);
            }
            case PRESENCE_STORM -> {
                enterHub(socket);
                socket.sendText(subscription("hall", ""));
                socket.await("\"subscribed\"");
                stay(socket);
            }
        }
    }

    /** A byte a second. */
    private static void dribble(RawSocket socket, byte[] bytes)
            throws IOException, InterruptedException {
        for (byte one : bytes) {
            socket.send(one);
            Thread.sleep(1000);
        }
    }

    private static void flood(RawSocket socket, byte[] frame) {
        flood(socket, () -> frame);
    }

    /** As fast as it goes, until it is thrown out. */
    private static void flood(RawSocket socket, Supplier<byte[]> frames) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                socket.send(frames.get());
            }
        } catch (IOException thrownOut) {
            // as it should be
        }
    }

    private static void enterHub(RawSocket socket) throws IOException {
        socket.upgrade("/whirlwind/ws");
        socket.sendText("{\"type\":\"connect\",\"id\":1,\"version\":1}");
        socket.await("\"connected\"");
    }

    private static String subscription(String topic, String since) {
        return "{\"type\":\"subscribe\",\"id\":2,\"topic\":\"" + topic + "\"" + since + "}";
    }

    private static void floodWithSubscriptions(RawSocket socket) throws IOException {
        enterHub(socket);
        flood(socket, () -> RawSocket.text(subscription("flood." + random(), "")));
    }

    private void forgeSessions(RawSocket socket) throws IOException {
        for (int i = 0; i < FORGERIES; i++) {
            var session = "?session=" + random() + random();
            socket.post("/whirlwind/poll" + session, "[]", 410);
            socket.post("/whirlwind/messages" + session, "[{\"type\":\"pong\"}]", 410);
        }
    }

    private static String random() {
        return Long.toString(ThreadLocalRandom.current().nextLong(1L << 50, 1L << 53), 36);
    }

    /** Of another epoch, and of the future of this one. */
    private void forgePositions(RawSocket socket) throws IOException {
        enterHub(socket);
        for (int i = 0; i < FORGERIES; i++) {
            long offset = ThreadLocalRandom.current().nextLong(1L << 40, 1L << 53);
            var epoch = i % 2 == 0 ? random() : position.epoch();
            socket.sendText(subscription("room", since(new Position(epoch, offset))));
            socket.await("\"recovered\":false");
            socket.sendText("{\"type\":\"unsubscribe\",\"id\":3,\"topic\":\"room\"}");
            socket.await("\"unsubscribed\"");
        }
    }

    private void comeAgain(RawSocket socket) throws IOException {
        enterHub(socket);
        socket.sendText(subscription("room", since(position)));
        socket.await("\"recovered\":true");
        socket.await("\"offset\":%d,".formatted(position.offset() + MISSED));
    }

    private void stay(RawSocket socket) throws IOException {
        times.incrementAndGet();
        socket.await("nothing that ever comes");
    }

    private static String since(Position position) {
        return ",\"since\":" + position;
    }

    /** A message of so many zeros, compressed. */
    private static byte[] bomb(int size) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(new byte[size]);
            var compressed = new byte[size / 500];
            int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
            int tail = 4; // which is left out, RFC 7692
            return RawSocket.frame(0xC2, Arrays.copyOf(compressed, length - tail));
        }
    }
}
