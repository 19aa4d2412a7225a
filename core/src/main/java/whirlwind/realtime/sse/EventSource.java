package whirlwind.realtime.sse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Url;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpProtocolException;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpStreamClosedException;
import whirlwind.http.client.HttpTimeoutException;
import whirlwind.http.client.RetryPolicy;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Task;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.tls.TlsException;
import whirlwind.sync.Condition;

/**
 * Listens to a server's events, as {@code EventSource} does in a browser: when the stream ends or
 * breaks it connects again, and asks for what came after the last id that it heard.
 *
 * {@snippet :
 * try (var source = EventSource.open("http://localhost:8888/prices")) {
 *     for (SseEvent event; (event = source.next()) != null; ) {          // coroutine
 *         show(event.name(), event.data());
 *     }
 * }
 * EventSource.open(url).forEach(event -> show(event.data()));            // callback
 * }
 *
 * <p>The status 204 ends it. What another attempt doesn't mend ends it with a failure: another type
 * than {@code text/event-stream}, a status other than 200, an event that is too large. Unlike in a
 * browser, 429 and those from 500 on count as trouble that passes. Between attempts it waits as
 * long as the server's {@code retry} says, or {@link EventSourceOptions#retry}; attempts that fail
 * double that, by half of it at random.
 *
 * <p>Events that nobody takes wait, sixteen of them, and then the server does. Confined to its
 * loop.
 */
public final class EventSource implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventSource.class);

    private static final int MAX_WAITING = 16;
    private static final Duration MIN_PAUSE = Duration.ofMillis(100);

    private final HttpRequest request;
    private final EventSourceOptions options;
    private final Task<@Nullable Void> connecting;
    private final ArrayDeque<SseEvent> arrived = new ArrayDeque<>();
    private final Condition news = new Condition();
    private final Condition room = new Condition();
    private Duration retry;
    private int failures;
    private String lastEventId = "";
    private boolean over;
    private @Nullable RuntimeException failure;

    private EventSource(HttpRequest request, EventSourceOptions options) {
        this.request = request;
        this.options = options;
        this.retry = options.retry();
        this.connecting = Async.spawn("event source", this::run);
    }

    /** Listens to a URL, with {@link EventSourceOptions#DEFAULTS}. */
    public static EventSource open(String url) {
        return open(HttpRequest.of(url), EventSourceOptions.DEFAULTS);
    }

    /**
     * Listens to what answers a request, of whatever method, with its headers, credentials and TLS
     * options. Its limits of time for the whole, of size, and its retries don't count.
     */
    public static EventSource open(HttpRequest request, EventSourceOptions options) {
        return new EventSource(request, options);
    }

    /**
     * The next event; null when there will be none, because the server has said so with 204 or this
     * was closed. Suspends the calling coroutine.
     *
     * @throws EventSourceException if connecting again would not help
     * @throws RuntimeException if the request makes no sense or the server's certificate is wrong,
     *     as {@link AsyncHttpClient#fetch(HttpRequest)} says
     */
    public @Nullable SseEvent next() {
        while (arrived.isEmpty() && !over) {
            news.await();
        }
        var event = arrived.poll();
        if (event != null) {
            room.signal();
        } else if (failure != null) {
            throw failure;
        }
        return event;
    }

    /**
     * Calls back with each event, in a coroutine, one after the other.
     *
     * @return done at the end; fails as {@link #next} does, or as the callback did, which closes
     *     this; cancelling it closes this, too
     */
    public CompletableFuture<@Nullable Void> forEach(Consumer<? super SseEvent> callback) {
        return Async.spawn(
                "events",
                () -> {
                    try (this) {
                        for (SseEvent event; (event = next()) != null; ) {
                            callback.accept(event);
                        }
                    }
                });
    }

    /** The last id that came with an event, or will come with one that has not been taken yet. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Hangs up, and connects no more; events that nobody has taken are gone. Twice is once. */
    @Override
    public void close() {
        if (!over) {
            arrived.clear();
            end(null);
            connecting.cancel();
        }
    }

    private void end(@Nullable RuntimeException why) {
        if (!over) {
            over = true;
            failure = why;
            news.signalAll();
            room.signalAll();
        }
    }

    // ---- the coroutine ----

    private void run() {
        try {
            while (listen()) {
                Async.sleep(pause());
            }
            end(null);
        } catch (CancellationException closed) {
            end(null); // by close(), or by the end of the loop
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /** Connects, and listens to the end of the stream; whether to connect again. */
    private boolean listen() {
        try (var stream = new Listening(this)) {
            return stream.run(client(), requestFrom(lastEventId));
        } catch (HttpTimeoutException
                | HttpStreamClosedException
                | HttpProtocolException
                | ConnectFailedException
                | TlsException.HungUp
                | ResolveException
                | Listening.Trouble e) {
            log.debug("{}: {}", url(), e.getMessage());
            failures++;
            if (failures >= options.maxFailures()) {
                throw new EventSourceException(
                        "%s: %d attempts failed".formatted(url(), failures), e);
            }
            return true;
        }
    }

    private Duration pause() {
        var pause = retry;
        if (failures > 0) {
            long most = Math.max(retry.toMillis(), options.maxRetry().toMillis());
            long doubled = Math.min(retry.toMillis() << Math.min(failures, 16), most);
            pause =
                    Duration.ofMillis(
                            doubled - ThreadLocalRandom.current().nextLong(doubled / 2 + 1));
        }
        return pause.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : pause;
    }

    private HttpRequest requestFrom(String lastEventId) {
        var asking =
                request.withHeader("Accept", "text/event-stream")
                        .withHeader("Cache-Control", "no-store")
                        .withRequestTimeout(Duration.ZERO)
                        .withMaxBodySize(Long.MAX_VALUE)
                        .withRetryPolicy(RetryPolicy.NONE)
                        .withRaiseError(false);
        if (lastEventId.isEmpty()) {
            return asking;
        }
        var utf8 = lastEventId.getBytes(StandardCharsets.UTF_8);
        try {
            return asking.withHeader(
                    "Last-Event-ID", new String(utf8, StandardCharsets.ISO_8859_1));
        } catch (HeaderSyntaxException e) {
            return asking; // it has characters that no header can have
        }
    }

    // ---- from the stream ----

    EventSourceOptions options() {
        return options;
    }

    /** To be shown. */
    String url() {
        return Url.withoutUser(request.url());
    }

    /** The server has answered with a stream. */
    void connected() {
        failures = 0;
    }

    void retry(Duration pause) {
        retry = pause;
    }

    void heardId(String id) {
        lastEventId = id;
    }

    /** Suspends while many wait. */
    void arrive(SseEvent event) {
        while (arrived.size() >= MAX_WAITING && !over) {
            room.await();
        }
        if (!over) {
            arrived.add(event);
            news.signal();
        }
    }

    // ---- the loop's client for streams ----

    private static AsyncHttpClient client() {
        return IOLoop.current().shared(Client.class, Client::new).client;
    }

    /** Streams last: they take no slots from the requests of {@link AsyncHttpClient#current}. */
    private static final class Client implements AutoCloseable {
        final AsyncHttpClient client =
                new AsyncHttpClient(AsyncHttpClient.configured().withMaxClients(Integer.MAX_VALUE));

        @Override
        public void close() {
            client.close();
        }
    }

    /** For example {@code EventSource[http://localhost:8888/prices]}. */
    @Override
    public String toString() {
        return "EventSource[" + url() + (over ? ", ended]" : "]");
    }
}
