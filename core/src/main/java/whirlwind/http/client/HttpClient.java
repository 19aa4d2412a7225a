package whirlwind.http.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;

/**
 * An HTTP client that waits: for programs without a loop, and for threads beside it. It has a loop
 * and a thread of its own, and may be used by any number of threads at a time, virtual ones too;
 * but not on a loop, which it would hold.
 *
 * {@snippet :
 * try (var client = new HttpClient()) {
 *     System.out.println(client.fetch("https://example.com/").text());
 * }
 * }
 *
 * <p>Tornado: {@code HTTPClient}.
 */
public final class HttpClient implements AutoCloseable {
    private final IOLoop loop = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false));
    private final Thread thread;
    private final AsyncHttpClient client;
    private volatile boolean closed;

    /** Threads, and what each waits for. */
    private final Map<Thread, CompletableFuture<HttpResponse>> waiting = new ConcurrentHashMap<>();

    /** A client with the {@linkplain AsyncHttpClient#configure configured} options. */
    public HttpClient() {
        this(AsyncHttpClient.configured());
    }

    /**
     * A client with options of its own.
     *
     * @throws IllegalStateException if the chosen transport isn't available
     */
    public HttpClient(ClientOptions options) {
        var opened = new CompletableFuture<AsyncHttpClient>();
        loop.addCallback(() -> {
            try {
                opened.complete(new AsyncHttpClient(options));
            } catch (RuntimeException e) {
                opened.completeExceptionally(e);
            }
        });
        thread = Thread.ofPlatform().daemon().name("whirlwind-http-client").start(loop::start);
        try {
            client = result(opened);
        } catch (RuntimeException e) {
            end(() -> {});
            throw e;
        }
    }

    /** Fetches a URL with GET; see {@link #fetch(HttpRequest)}. */
    public HttpResponse fetch(String url) {
        return fetch(HttpRequest.of(url));
    }

    /**
     * Sends a request and waits for what comes of it. An interrupt ends the request.
     *
     * @throws HttpClientException what {@link AsyncHttpClient#fetch(HttpRequest)} fails with is
     *     thrown here
     * @throws IllegalStateException if the caller is run by a loop, which must not wait; or if the
     *     client is closed
     */
    public HttpResponse fetch(HttpRequest request) {
        var running = IOLoop.currentOrNull();
        if (running != null && running.isCurrent()) {
            throw new IllegalStateException(
                    "HttpClient.fetch() would hold "
                            + running.name()
                            + ": use Async.await(AsyncHttpClient.current().fetch(...)) here");
        }
        var answer = new CompletableFuture<HttpResponse>();
        // First, so that close() finds it, or it finds the client closed.
        waiting.put(Thread.currentThread(), answer);
        try {
            if (closed) {
                throw new IllegalStateException("fetch() called on a closed client");
            }
            loop.addCallback(() -> begin(request, answer));
            return result(answer);
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }

    private void begin(HttpRequest request, CompletableFuture<HttpResponse> answer) {
        try {
            var fetched = client.fetch(request);
            fetched.whenComplete((response, failure) -> {
                if (response != null) {
                    answer.complete(response);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            answer.whenComplete((response, failure) -> {
                if (answer.isCancelled()) {
                    loop.addCallback(() -> fetched.cancel(true));
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static <T> T result(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new HttpClientException("interrupted while waiting for the response", e);
        }
    }

    /** Closes its connections and its loop; requests under way fail. Twice is once. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        end(client::close);
        var failure = new HttpClientException("the client was closed", null);
        waiting.values().forEach(answer -> answer.completeExceptionally(failure));
    }

    private void end(Runnable before) {
        loop.addCallback(() -> {
            before.run();
            loop.stop();
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        loop.close();
    }
}
