package whirlwind.demos.realtime;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.page.PageHandler;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.Async;
import whirlwind.realtime.ConnectRequest;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.HubUser;
import whirlwind.realtime.TopicOptions;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.MemoryEngine;
import whirlwind.web.Application;
import whirlwind.web.ErrorHandler;
import whirlwind.web.Filter;
import whirlwind.web.RequestHandler;

/** A server with a hub that can be restarted, and an engine that keeps what it knows meanwhile. */
final class TestHub implements AutoCloseable {
    private final HubEngine engine = outlivingHubs(new MemoryEngine());
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> connects = new ConcurrentLinkedQueue<>();
    private Duration heartbeat = Duration.ofSeconds(25);
    private RunningDemo server;
    private volatile @Nullable Hub hub;

    TestHub() {
        server = RunningDemo.start(this::application);
    }

    /** As a database would. */
    private static HubEngine outlivingHubs(HubEngine engine) {
        return (HubEngine)
                Proxy.newProxyInstance(
                        TestHub.class.getClassLoader(),
                        new Class<?>[] {HubEngine.class},
                        (_, method, arguments) ->
                                method.getName().equals("close")
                                        ? CompletableFuture.completedFuture(null)
                                        : method.invoke(engine, arguments));
    }

    private Application application() {
        var topics = TopicOptions.DEFAULTS.withHistory(10_000, Duration.ofHours(1));
        var options =
                HubOptions.DEFAULTS
                        .withTopics("room.*", topics.withPresence(true))
                        .withAccess(new Access())
                        .withEngine(engine)
                        .withHeartbeat(heartbeat);
        var made = new Hub(options);
        hub = made;
        var application = new Application().filter(new Blockade());
        application
                .route("/", PageHandler.of(TestHub.class, "index.html"))
                .route("/page.js", PageHandler.of(TestHub.class, "page.js"));
        made.mount(application);
        return application;
    }

    private final class Blockade implements Filter {
        @Override
        public @Nullable RequestHandler answer(HttpServerRequest request) {
            return blocked.stream().anyMatch(request.path()::endsWith)
                    ? new ErrorHandler(403)
                    : null;
        }
    }

    /** Everybody may do everything, though slowly in one topic, and is called as the token says. */
    private final class Access implements HubAccess {
        @Override
        public HubUser connect(ConnectRequest request) {
            connects.add(request.transport());
            var token = request.token();
            return token == null ? HubUser.ANONYMOUS : new HubUser(token.asString());
        }

        @Override
        public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
            Async.sleep(topic.equals("slow") ? Duration.ofMillis(600) : Duration.ZERO);
            return true;
        }

        @Override
        public Object onRequest(HubConnection connection, String name, JsonNode data) {
            return Map.of("name", name, "data", data);
        }
    }

    Hub hub() {
        return Objects.requireNonNull(hub, "the server has been started");
    }

    int port() {
        return server.port();
    }

    /** By which transports clients have been let in. */
    ConcurrentLinkedQueue<String> connects() {
        return connects;
    }

    /** Refuses requests whose paths end so. */
    void block(String... ends) {
        blocked.addAll(Set.of(ends));
    }

    /** Publishes a number, and waits until it has been taken. */
    void publish(String topic, int number) {
        hub().publish(topic, number).orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Ends as a program does that is told to, and starts again at the same port. */
    void restart() throws InterruptedException {
        stop();
        start();
    }

    /** The same; from then on it wants a sign of life this often. */
    void restart(Duration heartbeat) throws InterruptedException {
        this.heartbeat = heartbeat;
        restart();
    }

    void stop() throws InterruptedException {
        server.close();
    }

    void start() {
        server = RunningDemo.start(this::application, server.port());
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
