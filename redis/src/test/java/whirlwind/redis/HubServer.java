package whirlwind.redis;

import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.ConnectRequest;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.HubUser;
import whirlwind.realtime.TopicOptions;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.testing.JavaProcess;
import whirlwind.web.Application;

/** A server of the hub, in a process of its own: rooms have history and presence. */
final class HubServer implements AutoCloseable {
    private static final String LISTENS = "listens: ";

    private final Process process;
    private final int port;

    private HubServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Lets everybody do everything; the token is the user's name. */
    private static final class Anything implements HubAccess {
        @Override
        public HubUser connect(ConnectRequest request) {
            return new HubUser(request.token().stringValue());
        }

        @Override
        public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
            return true;
        }

        @Override
        public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
            return true;
        }
    }

    /** URL of Redis, and milliseconds of patience, timeout and presence. */
    public static void main(String... args) {
        var engine =
                new RedisEngine(
                        RedisOptions.at(args[0])
                                .withPatience(Duration.ofMillis(Long.parseLong(args[1])))
                                .withTimeout(Duration.ofMillis(Long.parseLong(args[2])))
                                .withPresenceExpiry(Duration.ofMillis(Long.parseLong(args[3]))));
        var rooms =
                TopicOptions.DEFAULTS.withHistory(50_000, Duration.ofHours(1)).withPresence(true);
        var hub =
                new Hub(
                        HubOptions.DEFAULTS
                                .withEngine(engine)
                                .withAccess(new Anything())
                                .withFrameRate(100_000, 100_000)
                                .withTopics("room.*", rooms));
        var application = new Application();
        hub.mount(application);
        System.out.println(LISTENS + application.listen("127.0.0.1", 0).port());
        IOLoop.current().start();
    }

    static HubServer start(String redis, Duration patience, Duration timeout, Duration presence)
            throws IOException {
        var process =
                JavaProcess.of(
                                HubServer.class,
                                redis,
                                "" + patience.toMillis(),
                                "" + timeout.toMillis(),
                                "" + presence.toMillis())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines = process.inputReader();
        String line = lines.readLine();
        while (!line.startsWith(LISTENS)) {
            line = lines.readLine();
        }
        return new HubServer(process, Integer.parseInt(line.substring(LISTENS.length())));
    }

    int port() {
        return port;
    }

    /** Ends it without a word. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
