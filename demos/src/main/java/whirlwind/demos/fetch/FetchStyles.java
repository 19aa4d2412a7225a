package whirlwind.demos.fetch;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.process.LoopGroup;
import whirlwind.sync.Queue;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/** Fetches in every style from a server of its own, and once what is not there. */
public final class FetchStyles {
    private FetchStyles() {}

    private static final class Greeting extends RequestHandler {
        @Override
        protected void get() {
            if (getPathArgument("style").equals("nobody")) {
                throw new HttpError(404);
            }
            write("Hello, " + getPathArgument("style"));
        }
    }

    /** Prints what each style got. */
    public static void run(PrintStream out) {
        var address = new CompletableFuture<String>();
        try (var servers = LoopGroup.start(1, () -> serve(address));
                var loop = IOLoop.current()) {
            var url = address.join();
            print(out, "synchronous", Fetching.synchronousFetch(url + "synchronous"));
            loop.runSync(() -> {
                runOnLoop(out, url);
                return null;
            });
        }
    }

    private static HttpServer serve(CompletableFuture<String> address) {
        var server = new Application("/{style}", Greeting::new).listen("127.0.0.1", 0);
        address.complete("http://127.0.0.1:" + server.port() + "/");
        return server;
    }

    private static void runOnLoop(PrintStream out, String url) {
        var fetching = new Fetching(AsyncHttpClient.current());

        var called = IOLoop.current().<byte[]>newFuture();
        fetching.callbackFetch(url + "callback", called::complete);
        print(out, "callback", Async.await(called));

        print(out, "future", Async.await(fetching.futureFetch(url + "future")));

        print(out, "coroutine", fetching.coroutineFetch(url + "coroutine"));

        var bodies = new Queue<byte[]>();
        fetching.queueFetch(url + "queue", bodies);
        print(out, "queue", bodies.get());

        try {
            fetching.coroutineFetch(url + "nobody");
        } catch (RuntimeException e) {
            print(out, "an error", String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void print(PrintStream out, String style, byte[] body) {
        out.printf("%-12s %s%n", style, new String(body, StandardCharsets.UTF_8));
    }
}
