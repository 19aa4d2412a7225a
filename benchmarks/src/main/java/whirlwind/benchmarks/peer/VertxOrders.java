package whirlwind.benchmarks.peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** {@link Orders} on Vert.x Web: one loop, the native transport. */
public final class VertxOrders {
    private static final int BACKLOG = 4096;

    private VertxOrders() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException("no native transport");
        }
        var options =
                new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(Integer.parseInt(args[0]))
                        .setAcceptBacklog(BACKLOG);
        try {
            vertx.createHttpServer(options)
                    .requestHandler(router(vertx))
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            vertx.close();
            throw e;
        }
    }

    private static Router router(Vertx vertx) {
        var router = Router.router(vertx);
        for (var path : Orders.OTHERS) {
            router.get(path.replace('{', ':').replace("}", ""))
                    .handler(context ->
                            context.response()
                                    .putHeader("Content-Type", Orders.TEXT)
                                    .end(context.normalizedPath()));
        }
        router.get("/json").handler(context -> context.json(new Orders.Greeting()));
        router.post("/orders")
                .handler(BodyHandler.create(false))
                .handler(context -> {
                    var order = context.body().asPojo(Orders.Order.class);
                    context.json(Objects.requireNonNull(order, "no body").receipt());
                });
        return router;
    }
}
