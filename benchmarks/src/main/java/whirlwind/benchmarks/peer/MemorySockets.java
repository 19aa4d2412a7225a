package whirlwind.benchmarks.peer;

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
import whirlwind.net.channel.MemoryListener;
import whirlwind.net.connect.MemoryAddress;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;

/**
 * A server of ours and its clients in one process, connected in memory. It obeys lines on standard
 * input, each of which it answers with a number:
 *
 * <ul>
 *   <li>{@code open N PATH}: opens N connections; how many there are
 *   <li>{@code publish N}: sends a message to all, N times; how many have arrived
 *   <li>{@code longest}: for how long another coroutine had to wait meanwhile, in microseconds
 *   <li>{@code pings}: how many pings have been answered since the last time
 *   <li>{@code close}: closes all; how many are left
 * </ul>
 *
 * The paths {@code /echo} and {@code /read} are of WebSockets without a hub. With {@code
 * /whirlwind/ws}, {@code /whirlwind/events} and {@code /whirlwind/poll} they subscribe to one topic
 * of a hub.
 */
public final class MemorySockets {
    /** Between two looks at everything else that the loop has to do. */
    private static final int AT_ONCE = 5_000;

    /** So many are opening at a time: what they need for that fits a small young generation. */
    private static final int OPENING = 500;

    /** Connections for what those with a stream have to say. */
    private static final int POSTING = 200;

    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final int NO_LIMIT = 10_000_000;
    private static final String TEXT = "m".repeat(64);

    private final MemoryAddress address = new MemoryAddress("bench");
    private final IOLoop loop = new IOLoop();
    private final Hub hub;
    private final MemoryClient.Count count = new MemoryClient.Count();
    private final List<Member> members = new ArrayList<>();
    private final List<MemoryClient> clients = new ArrayList<>();
    private boolean subscribed;
    private long longestNanos;

    private MemorySockets(Duration pingInterval) {
        hub =
                new Hub(
                        HubOptions.DEFAULTS
                                .withHeartbeat(pingInterval)
                                .withMaxSessions(NO_LIMIT, NO_LIMIT));
    }

    /** The argument is the interval of pings in seconds. */
    public static void main(String[] args) throws Exception {
        var interval = Duration.ofSeconds(Integer.parseInt(args[0]));
        new MemorySockets(interval).run(interval);
    }

    private void run(Duration pingInterval) throws Exception {
        var settings =
                ApplicationSettings.DEFAULTS
                        .withWebsocketPingInterval(pingInterval)
                        .withServer(HttpServerOptions.DEFAULTS.withMaxConnections(NO_LIMIT));
        var application =
                new Application(settings).route("/echo", Echo::new).route("/read", Reader::new);
        hub.mount(application);
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
            case "longest" -> Math.toIntExact(longestNanos / 1000);
            case "pings" -> {
                int answered = count.pings;
                count.pings = 0;
                yield answered;
            }
            case "close" -> close();
            default -> throw new IllegalArgumentException("command: '" + words[0] + "'");
        };
    }

    private int open(int number, String path) throws ConnectException {
        subscribed = path.startsWith("/whirlwind/");
        while (count.posts.size() < POSTING) {
            count.posts.add(connect("/whirlwind/messages"));
        }
        for (int i = 1; i <= number; i++) {
            clients.add(connect(path));
            if (i % OPENING == 0 || i == number) {
                while (joined() < clients.size()) {
                    Async.moment();
                }
            }
        }
        return joined();
    }

    private MemoryClient connect(String path) throws ConnectException {
        var client = MemoryClient.of(path, count);
        client.server = MemoryListener.connect(address, client);
        client.begin(path);
        return client;
    }

    private int joined() {
        return subscribed ? count.ready : Math.min(count.ready, members.size());
    }

    private int publish(int times) {
        count.messages = 0;
        longestNanos = 0;
        for (int n = 1; n <= times; n++) {
            if (subscribed) {
                Async.await(hub.publish(MemoryClient.TOPIC, TEXT));
            } else {
                tellMembers();
            }
            while (count.messages < n * clients.size()) {
                long start = System.nanoTime();
                Async.moment();
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
            }
        }
        return count.messages;
    }

    private void tellMembers() {
        var message = new PreparedMessage(new WebSocketMessage.Text(TEXT));
        for (int i = 0; i < members.size(); i++) {
            members.get(i).send(message);
            if (i % AT_ONCE == 0) {
                Async.moment();
            }
        }
    }

    private int close() {
        Async.sleep(SETTLING); // a session between two polls would outlive its client
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).server.end();
            if (i % AT_ONCE == 0) {
                Async.moment();
            }
        }
        while (!members.isEmpty() || !Async.await(hub.connections()).isEmpty()) {
            Async.moment();
        }
        clients.clear();
        count.ready = 0;
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
}
