package whirlwind.http.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.client.ClientTransport;
import whirlwind.http.transport.HttpTransport;
import whirlwind.loop.IOLoop;

/**
 * An HTTP client on a loop, in whichever style suits:
 *
 * {@snippet :
 * var client = AsyncHttpClient.current();
 * var body = Async.await(client.fetch(url)).body();              // coroutine
 * client.fetch(url).thenApply(HttpResponse::body);               // future
 * client.fetch(url, response -> use(response.body()));           // callback
 * Async.spawn(() -> queue.put(Async.await(client.fetch(url))));  // queue
 * }
 *
 * <p>{@link #current} is the one of the loop, with {@linkplain #configure configured} options; make
 * another where its options differ. Methods are called in coroutines and callbacks of the loop.
 * Cancelling a future really ends the request: its connection is closed, or its stream reset.
 *
 * <p>Tornado: {@code AsyncHTTPClient}.
 */
public final class AsyncHttpClient implements AutoCloseable {
    private static volatile ClientOptions configured = ClientOptions.DEFAULTS;

    private final IOLoop loop;
    private final ClientOptions options;
    private final HttpRequest defaults;
    private final HttpTransport transport;
    private final Slots slots;
    private final Map<Duration, Line> lines = new HashMap<>();
    private boolean closed;

    /** A client of its own on the current loop, with the configured options. */
    public AsyncHttpClient() {
        this(configured);
    }

    /**
     * A client of its own on the current loop.
     *
     * @throws IllegalStateException if the chosen transport isn't available
     */
    public AsyncHttpClient(ClientOptions options) {
        this.loop = IOLoop.current();
        this.options = options;
        this.defaults = options.defaults().or(HttpRequest.DEFAULTS);
        this.slots = new Slots(options.maxClients());
        HttpTransport.Factory factory =
                options.transport() != null ? options.transport() : ClientTransport::new;
        this.transport = factory.open(loop, options.connections());
    }

    /** The client that everybody on the current loop shares; closed with the loop. */
    public static AsyncHttpClient current() {
        return IOLoop.current().shared(AsyncHttpClient.class, AsyncHttpClient::new);
    }

    /**
     * Sets the options of all clients that are made from now on without any, in the whole process.
     * Any thread.
     */
    public static void configure(ClientOptions options) {
        configured = options;
    }

    /** What {@link #configure} set last. Any thread. */
    public static ClientOptions configured() {
        return configured;
    }

    /** What this client is made of. */
    public ClientOptions options() {
        return options;
    }

    /** Fetches a URL with GET; see {@link #fetch(HttpRequest)}. */
    public CompletableFuture<HttpResponse> fetch(String url) {
        return fetch(HttpRequest.of(url));
    }

    /**
     * Sends a request, and follows it where it leads. A failure that nobody looks at is logged, as
     * that of a {@link whirlwind.loop.Task}.
     *
     * @return fails with {@link HttpStatusException} on a status other than 2xx, unless {@link
     *     HttpRequest#withRaiseError} says otherwise; with another {@link HttpClientException}, or
     *     what the network says, if there is no response; with {@link IllegalArgumentException},
     *     before anything is sent, if the request makes no sense
     * @throws IllegalStateException if the client is closed
     */
    public CompletableFuture<HttpResponse> fetch(HttpRequest request) {
        checkUsable();
        var settings = request.or(defaults);
        boolean raise = Boolean.TRUE.equals(settings.raiseError());
        var fetch = new Fetch(this, request, settings);
        CompletableFuture<HttpResponse> future = loop.newFuture(fetch::cancel);
        fetch.start(response -> {
            var error = response.error();
            if (error == null || (!raise && error instanceof HttpStatusException)) {
                future.complete(response);
            } else {
                if (closed) {
                    future.exceptionally(failure -> null); // who closes it needs no log line
                }
                future.completeExceptionally(error);
            }
        });
        return future;
    }

    /** As {@link #fetch(HttpRequest, Consumer)} with GET. */
    public void fetch(String url, Consumer<? super HttpResponse> callback) {
        fetch(HttpRequest.of(url), callback);
    }

    /**
     * Sends a request and calls back, in a callback of the loop, never before this returns.
     * Whatever goes wrong is in {@link HttpResponse#error}.
     *
     * @throws IllegalStateException if the client is closed
     */
    public void fetch(HttpRequest request, Consumer<? super HttpResponse> callback) {
        checkUsable();
        new Fetch(this, request, request.or(defaults))
                .start(response -> loop.addCallback(() -> callback.accept(response)));
    }

    private void checkUsable() {
        if (closed) {
            throw new IllegalStateException("fetch() called on a closed client");
        }
        if (!loop.isCurrent()) {
            throw new IllegalStateException(
                    "fetch() was called from %s, which %s doesn't run: call it in IOLoop.runSync or"
                                    .formatted(Thread.currentThread(), loop.name())
                            + " IOLoop.addCallback, or use whirlwind.http.client.HttpClient, which"
                            + " waits without a loop");
        }
    }

    /** Fetches that wait for a slot, because {@link ClientOptions#maxClients()} are under way. */
    public int queueLength() {
        return slots.queueLength();
    }

    /**
     * Closes the client and its connections; what is under way fails. Needed for clients made with
     * {@code new} only. Twice is once.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.removeShared(AsyncHttpClient.class, this);
        var failure = new HttpClientException("the client was closed", null);
        var all = new ArrayList<>(slots.waiting());
        lines.values().forEach(line -> all.addAll(line.copy()));
        all.forEach(fetch -> fetch.fail(failure));
        transport.close();
    }

    // ---- for fetches ----

    IOLoop loop() {
        return loop;
    }

    HttpTransport transport() {
        return transport;
    }

    Slots slots() {
        return slots;
    }

    @Nullable CookieJar cookies() {
        return options.cookies();
    }

    /** Those that have begun, with this time for all they do. */
    Line line(Duration requestTimeout) {
        var line = lines.get(requestTimeout);
        if (line == null) {
            line = new Line(loop, requestTimeout, () -> lines.remove(requestTimeout));
            lines.put(requestTimeout, line);
        }
        return line;
    }
}
