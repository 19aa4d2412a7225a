package whirlwind.demos.fetch;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpClient;
import whirlwind.http.client.HttpResponse;
import whirlwind.loop.Async;
import whirlwind.sync.Queue;

/** The styles, one method each. But for the synchronous one they belong to the client's loop. */
public final class Fetching {
    private final AsyncHttpClient client;

    /** With the client that the asynchronous styles use. */
    public Fetching(AsyncHttpClient client) {
        this.client = client;
    }

    /** Blocks the thread; not for loops. */
    public static byte[] synchronousFetch(String url) {
        try (var client = new HttpClient()) {
            return client.fetch(url).body();
        }
    }

    /** Returns at once, and calls back with the body. */
    public void callbackFetch(String url, Consumer<byte[]> callback) {
        client.fetch(url, response -> callback.accept(response.body()));
    }

    /** Returns at once a placeholder for the body, or for why there is none. */
    public CompletableFuture<byte[]> futureFetch(String url) {
        return client.fetch(url).thenApply(HttpResponse::body);
    }

    /** Reads like the synchronous one, but only its coroutine waits. */
    public byte[] coroutineFetch(String url) {
        return Async.await(client.fetch(url)).body();
    }

    /** Returns at once; the body will be in the queue, which makes this wait for room. */
    public void queueFetch(String url, Queue<byte[]> bodies) {
        Async.spawn(() -> bodies.put(coroutineFetch(url)));
    }
}
