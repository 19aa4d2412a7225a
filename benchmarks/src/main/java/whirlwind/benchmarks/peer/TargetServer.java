package whirlwind.benchmarks.peer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.TopicOptions;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/**
 * What is attacked: {@code /echo}, which compresses, and a hub that keeps the history of each
 * topic, and presence, except of {@code room}, where a crowd would be told of each of its members.
 * Anybody may publish. {@code /drop} ends all connections to the hub. All limits are the defaults.
 */
public final class TargetServer {
    private static final TopicOptions TOPICS =
            TopicOptions.DEFAULTS.withHistory(100, Duration.ofHours(1));

    private TargetServer() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        var hub =
                new Hub(
                        HubOptions.DEFAULTS
                                .withTopics("room", TOPICS)
                                .withTopics("**", TOPICS.withPresence(true))
                                .withAccess(new Open()));
        var application =
                new Application().route("/echo", Echo::new).route("/drop", () -> new Drop(hub));
        hub.mount(application);
        application.listen("127.0.0.1", Integer.parseInt(args[0]));
        IOLoop.current().start();
    }

    /** Hears no more of a client while that doesn't take its echoes. */
    private static final class Echo extends WebSocketHandler {
        @Override
        protected @Nullable DeflateOptions getCompressionOptions() {
            return DeflateOptions.DEFAULTS;
        }

        @Override
        protected void onMessage(String message) {
            Async.await(writeMessage(message));
        }

        @Override
        protected void onMessage(byte[] message) {
            Async.await(writeMessage(message));
        }
    }

    private static final class Drop extends RequestHandler {
        /** Between two looks at everything else that the loop has to do. */
        private static final int AT_ONCE = 100;

        private final Hub hub;

        Drop(Hub hub) {
            this.hub = hub;
        }

        @Override
        protected void post() {
            int count = 0;
            for (var connection : Async.await(hub.connections())) {
                connection.disconnect("dropped", "come again", true);
                if (++count % AT_ONCE == 0) {
                    Async.moment();
                }
            }
        }
    }

    private static final class Open implements HubAccess {
        @Override
        public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
            return true;
        }
    }
}
