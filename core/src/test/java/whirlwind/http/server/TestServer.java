package whirlwind.http.server;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.testing.Eventually;
import whirlwind.testing.VirtualTime;

/** A server on a loop on a thread of its own; for the tests of other modules, too. */
public final class TestServer implements AutoCloseable {
    static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<IOLoop> ready = new CompletableFuture<>();
    private final Thread thread;
    private HttpServer server;

    private TestServer(HttpHandler handler, HttpServerOptions options, Supplier<IOLoop> newLoop) {
        thread =
                Thread.ofPlatform()
                        .name("test-server")
                        .start(() -> {
                            try (var loop = newLoop.get()) {
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

    static TestServer start(HttpHandler handler) {
        return start(handler, HttpServerOptions.DEFAULTS);
    }

    public static TestServer start(HttpHandler handler, HttpServerOptions options) {
        return new TestServer(handler, options, IOLoop::new);
    }

    /** One for which time passes when a test says so. */
    static TestServer start(HttpHandler handler, HttpServerOptions options, VirtualTime time) {
        return new TestServer(handler, options, time::newLoop);
    }

    public HttpServer server() {
        return server;
    }

    IOLoop loop() {
        return ready.join();
    }

    public int port() {
        return server.port();
    }

    RawClient connect() {
        return RawClient.connect(port());
    }

    /** The result of a call in a coroutine of the loop. */
    public <T> T call(Callable<T> body) throws Exception {
        return begin(body).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The same, without waiting for it. */
    public <T> CompletableFuture<T> begin(Callable<T> body) {
        var result = new CompletableFuture<T>();
        loop().spawnCallback(() -> {
            try {
                result.complete(body.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    void run(CheckedRunnable body) throws Exception {
        call(() -> {
            body.run();
            return true;
        });
    }

    /** Waits for something that becomes true on the loop. */
    public void await(BooleanSupplier condition) throws Exception {
        Eventually.holds(() -> {
            var met = new CompletableFuture<Boolean>();
            loop().addCallback(() -> met.complete(condition.getAsBoolean()));
            return met.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    @Override
    public void close() throws InterruptedException {
        loop().stop();
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("the server's loop didn't end");
        }
    }
}
