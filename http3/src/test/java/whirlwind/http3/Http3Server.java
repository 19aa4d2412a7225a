package whirlwind.http3;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.IOLoop;

/** A server on a loop on a thread of its own. */
final class Http3Server implements AutoCloseable {
    static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<IOLoop> ready = new CompletableFuture<>();
    private final Thread thread;
    private HttpServer server;

    private Http3Server(HttpHandler handler, HttpServerOptions options) {
        thread =
                Thread.ofPlatform()
                        .name("test-server")
                        .start(() -> {
                            try (var loop = new IOLoop()) {
                                server = new HttpServer(handler, options);
                                server.listen("127.0.0.1", 0);
                                ready.complete(loop);
                                loop.start();
                                server.close();
                            } catch (Throwable e) {
                                ready.completeExceptionally(e);
                            }
                        });
        ready.join();
    }

    static Http3Server start(HttpHandler handler, HttpServerOptions options) {
        return new Http3Server(handler, options);
    }

    HttpServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    /** The result of a call in a coroutine of the loop. */
    <T> T call(Callable<T> body) throws Exception {
        return begin(body).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    <T> CompletableFuture<T> begin(Callable<T> body) {
        var result = new CompletableFuture<T>();
        ready.join()
                .spawnCallback(() -> {
                    try {
                        result.complete(body.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    /** Waits for something that becomes true on the loop. */
    void await(BooleanSupplier condition) throws Exception {
        var met = new CompletableFuture<Boolean>();
        ready.join().addCallback(() -> look(condition, met));
        met.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void look(BooleanSupplier condition, CompletableFuture<Boolean> met) {
        if (condition.getAsBoolean()) {
            met.complete(true);
        } else if (!met.isDone()) {
            ready.join().callLater(Duration.ofMillis(2), () -> look(condition, met));
        }
    }

    @Override
    public void close() throws InterruptedException {
        ready.join().stop();
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("the server's loop didn't end");
        }
    }
}
