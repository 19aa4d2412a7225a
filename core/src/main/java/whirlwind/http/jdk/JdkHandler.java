package whirlwind.http.jdk;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/**
 * Serves a handler of the JDK's web server, with its body and response streamed: reading waits for
 * the client's bytes, writing waits until it takes them, and the server's limits hold. The handler
 * runs on a thread of a pool, so it may block, and must be ready for several requests at once.
 *
 * {@snippet :
 * new HttpServer(new JdkHandler(SimpleFileServer.createFileHandler(root))).listen(8888);
 * application.route("/old/{path:*}", () -> new FallbackHandler(new JdkHandler("/old", handler)));
 * }
 *
 * <p>What differs from the JDK's server: the exchange ends when the handler returns. If it has sent
 * no headers by then, or throws before it has, the client gets 500 and the log the reason; if it
 * throws later, the connection is dropped. It is interrupted when its client goes away, and then
 * streams throw {@link java.io.IOException}. An exchange knows neither the client's port nor the
 * JDK's server, and the context has no filters and no authenticator.
 *
 * <p>This needs the module {@code jdk.httpserver}, which a program on the module path has to
 * require itself. Tornado: {@code WSGIContainer}.
 */
@SuppressWarnings("exports") // who has a handler of that kind requires the module that it is of
public final class JdkHandler implements HttpHandler {
    /** They wait more than they work, for slow clients for example. */
    private static final int THREADS = 32;

    /** Longer than that, clients are better told to come back. */
    private static final int MAX_WAITING = 512;

    private static final long IDLE_SECONDS = 30;
    private static final byte[] NO_BODY = new byte[0];
    private static final Logger log = LoggerFactory.getLogger(JdkHandler.class);

    private final MountContext context;
    private final Executor executor;

    /** Serves {@code handler} for all paths, on up to 32 threads of its own. */
    public JdkHandler(com.sun.net.httpserver.HttpHandler handler) {
        this("/", handler);
    }

    /**
     * Serves {@code handler}, telling it that it is mounted at {@code path}; on up to 32 daemon
     * threads of its own, and with up to 512 requests that wait for one. Further ones get 503.
     *
     * @param path begins with a slash
     */
    public JdkHandler(String path, com.sun.net.httpserver.HttpHandler handler) {
        this(path, handler, newPool());
    }

    /**
     * The same on threads of your own, which are none of the loop's; what {@code executor} rejects
     * gets 503.
     */
    public JdkHandler(String path, com.sun.net.httpserver.HttpHandler handler, Executor executor) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: \"" + path + "\" (begins with a slash)");
        }
        this.context = new MountContext(path, handler);
        this.executor = executor;
    }

    private static Executor newPool() {
        var numbers = new AtomicInteger();
        var pool =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MAX_WAITING),
                        work -> {
                            var thread =
                                    new Thread(work, "jdk-handler-" + numbers.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Always: the handler reads what it wants of the body. */
    @Override
    public boolean streamsBody(HttpServerRequest head) {
        return true;
    }

    /** Runs the handler in the pool and waits for it, in the request's coroutine. */
    @Override
    public void handle(HttpExchange exchange) {
        var jdk = new JdkExchange(IOLoop.current(), exchange, context);
        var work = IOLoop.current().runInExecutor(executor, () -> run(jdk));
        if (work.isDone()) {
            // Nothing else is known of it before the loop's next turn: it was rejected.
            log.warn("{} gets 503: no thread is free", exchange.request().startLine());
            exchange.respond(503, new Headers(), NO_BODY);
            return;
        }
        try {
            Async.await(work);
            if (!exchange.isFinished()) {
                throw new IllegalStateException("the handler has returned within a response");
            }
        } finally {
            work.cancel(true); // when this coroutine is cancelled, for the client has gone
        }
    }

    private @Nullable Void run(JdkExchange exchange) throws Exception {
        context.getHandler().handle(exchange);
        exchange.end();
        return null;
    }
}
