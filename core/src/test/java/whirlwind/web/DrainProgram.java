package whirlwind.web;

import static whirlwind.web.Verbs.onGet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.sse.SseStream;
import whirlwind.realtime.websocket.WebSocketHandler;

/** What {@link DrainTest} ends by signals: {@code LIMIT_MILLIS}. Says on which port it listens. */
final class DrainProgram {
    private DrainProgram() {}

    public static void main(String... arguments) {
        var settings =
                ApplicationSettings.DEFAULTS.withDrainLimit(
                        Duration.ofMillis(Long.parseLong(arguments[0])));
        var released = new CompletableFuture<String>();
        var application = new Application(settings);
        application
                .route("/quick", onGet(h -> h.write("quick")))
                .route(
                        "/slow",
                        onGet(h -> {
                            System.out.println("slow is running");
                            h.write(Async.await(Async.shield(released)));
                        }))
                .route(
                        "/stubborn",
                        onGet(h -> {
                            System.out.println("stubborn is running");
                            Async.await(new CompletableFuture<>());
                        }))
                .route(
                        "/told",
                        onGet(h -> {
                            var draining = new CompletableFuture<String>();
                            try (var _ = application.onDrain(() -> draining.complete("told"))) {
                                System.out.println("told is running");
                                h.write(Async.await(draining));
                            }
                        }));
        application.route(
                "/socket",
                () ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                System.out.println("socket is open");
                            }
                        });
        application.route(
                "/events",
                onGet(h -> {
                    SseStream.open(h);
                    System.out.println("events are open");
                }));
        application.onDrain(() -> {
            System.out.println("draining");
            IOLoop.current().callLater(Duration.ofMillis(200), () -> released.complete("finished"));
        });
        var server = application.listen("127.0.0.1", 0);
        System.out.println("port " + server.port());
        IOLoop.current().start();
        System.out.println("start() has returned");
    }
}
