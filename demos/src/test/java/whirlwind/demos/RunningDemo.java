package whirlwind.demos;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;

/** An application that listens on a loop and a thread of its own, as in a program. */
public final class RunningDemo implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int PATIENCE_SECONDS = 30;

    private final Thread thread;
    private final CompletableFuture<HttpServer> listening = new CompletableFuture<>();
    private final int port;
    private volatile IOLoop loop;

    private RunningDemo(Supplier<IOLoop> loops, Supplier<Application> application, int wantedPort) {
        thread = Thread.ofPlatform().name("demo").start(() -> run(loops, application, wantedPort));
        port = listening.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().port();
    }

    /** Starts an application on a free port. */
    public static RunningDemo start(Supplier<Application> application) {
        return start(application, 0);
    }

    /** Starts an application on a port. */
    public static RunningDemo start(Supplier<Application> application, int port) {
        return new RunningDemo(IOLoop::new, application, port);
    }

    /** Starts an application on a free port and a loop of your own making. */
    public static RunningDemo start(Supplier<IOLoop> loop, Supplier<Application> application) {
        return new RunningDemo(loop, application, 0);
    }

    private void run(Supplier<IOLoop> loops, Supplier<Application> application, int wantedPort) {
        try (var mine = loops.get()) {
            loop = mine;
            // Made on the thread that runs the loop, as a program does.
            var server = application.get().listen("127.0.0.1", wantedPort);
            listening.complete(server);
            mine.start();
        } catch (Throwable e) {
            listening.completeExceptionally(e);
            throw e;
        }
    }

    public int port() {
        return port;
    }

    /** An address of the application, for example {@code uri("/")}. */
    public URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    /** The same for a WebSocket. */
    public URI socket(String path) {
        return URI.create("ws://localhost:" + port + path);
    }

    /** Runs {@code body} in a coroutine of the application's loop and waits for its result. */
    public <T> T onLoop(Callable<T> body) {
        var result = new CompletableFuture<T>();
        loop.spawnCallback(() -> {
            try {
                result.complete(body.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Drains and stops, as a program does that is told to end. */
    @Override
    public void close() throws InterruptedException {
        onLoop(() -> {
            listening.join().drain(DRAIN);
            return null;
        });
        loop.stop();
        thread.join(Duration.ofSeconds(PATIENCE_SECONDS));
    }
}
