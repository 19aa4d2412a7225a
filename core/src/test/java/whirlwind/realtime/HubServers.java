package whirlwind.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** Servers of one hub, each on a loop of its own, for tests of what clients can do there. */
abstract class HubServers {
    /** Lets everybody do everything; the token is the user's name. */
    static class Anything implements HubAccess {
        final BlockingQueue<String> gone = new LinkedBlockingQueue<>();

        @Override
        public HubUser connect(ConnectRequest request) {
            return request.token() == null
                    ? HubUser.ANONYMOUS
                    : new HubUser(
                            request.token().stringValue(),
                            Map.of("name", request.token().stringValue()));
        }

        @Override
        public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
            return true;
        }

        @Override
        public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
            return true;
        }

        @Override
        public @Nullable Object onRequest(HubConnection connection, String name, JsonNode data)
                throws Exception {
            return Map.of("echo", data);
        }

        @Override
        public void onDisconnect(HubConnection connection) {
            gone.add(connection.user().id());
        }
    }

    final Anything access = new Anything();

    final HubOptions options =
            HubOptions.DEFAULTS
                    .withAccess(access)
                    .withTopics(
                            "room.*",
                            TopicOptions.DEFAULTS
                                    .withHistory(100, Duration.ofHours(1))
                                    .withPresence(true));

    Hub hub; // there when something is served

    final List<ServedApplication> servers = new ArrayList<>();

    @AfterEach
    void closeServers() throws Exception {
        for (var server : servers) {
            server.close();
        }
    }

    /** The port of a server on a loop of its own, of the one hub. */
    int serve(HubOptions options) throws Exception {
        return serve(new IOLoop(), options);
    }

    /** The same, on a loop of the test's making. */
    int serve(IOLoop loop, HubOptions options) throws Exception {
        if (hub == null) {
            hub = new Hub(options);
        }
        var application = new Application();
        var server = ServedApplication.on(loop, application);
        servers.add(server);
        server.onLoop(() -> {
            hub.mount(application);
            return true;
        });
        return server.port();
    }

    int serve() throws Exception {
        return serve(options);
    }
}
