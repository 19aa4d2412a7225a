package whirlwind.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import whirlwind.curl.CurlTransport;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/**
 * A client that keeps so many GETs of 13 bytes under way: {@code KIND URL IN_FLIGHT}. For each line
 * on standard input, which is how many are to be under way from now on, at most, it says how many
 * have succeeded and how many failed.
 */
public final class Gets {
    private static final int LENGTH = 13;
    private static final int GETS_EACH = 1000;

    /** Written by the client's one thread. */
    private static volatile long succeeded;

    private static volatile long failed;
    private static volatile int limit;

    private Gets() {}

    /** Runs until standard input ends. */
    public static void main(String[] args) throws IOException {
        int inFlight = Integer.parseInt(args[2]);
        limit = inFlight;
        switch (args[0]) {
            case "netty" -> NettyGets.start(URI.create(args[1]), inFlight);
            case "vertx" -> VertxGets.start(URI.create(args[1]), inFlight);
            case "whirlwind" -> onLoop(() -> coroutines(ClientOptions.DEFAULTS, args[1], inFlight));
            case "whirlwind-futures" -> onLoop(() -> futures(args[1], inFlight));
            case "whirlwind-curl" ->
                    onLoop(() ->
                            coroutines(
                                    ClientOptions.DEFAULTS.withTransport(CurlTransport::new),
                                    args[1],
                                    inFlight));
            default -> throw new IllegalArgumentException("no client " + args[0]);
        }
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            limit = Integer.parseInt(line);
            System.out.println(succeeded + " " + failed);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Counts a response, and says whether the one with this number is to go on. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // there is one writer
    static boolean done(int number, int status, int length) {
        if (status == 200 && length == LENGTH) {
            succeeded++;
        } else {
            failed++;
        }
        return number < limit;
    }

    private static void onLoop(Runnable body) {
        Thread.ofPlatform()
                .name("client")
                .start(() -> {
                    var loop = new IOLoop();
                    loop.addCallback(body);
                    loop.start();
                });
    }

    private static void coroutines(ClientOptions options, String url, int inFlight) {
        var client = new AsyncHttpClient(options.withMaxClients(inFlight));
        for (int i = 0; i < inFlight; i++) {
            int number = i;
            Async.spawn(() -> get(client, url, number));
        }
    }

    /** Another coroutine goes on after a while: frames of the first ones stay interpreted. */
    private static void get(AsyncHttpClient client, String url, int number) {
        for (int i = 0; i < GETS_EACH; i++) {
            var response = Async.await(client.fetch(url));
            if (!done(number, response.code(), response.body().length)) {
                return;
            }
        }
        Async.spawn(() -> get(client, url, number));
    }

    private static void futures(String url, int inFlight) {
        var client = new AsyncHttpClient(ClientOptions.DEFAULTS.withMaxClients(inFlight));
        for (int i = 0; i < inFlight; i++) {
            next(client, url, i);
        }
    }

    private static void next(AsyncHttpClient client, String url, int number) {
        client.fetch(url)
                .whenComplete((response, failure) -> {
                    boolean more =
                            response == null
                                    ? done(number, 0, 0)
                                    : done(number, response.code(), response.body().length);
                    if (more) {
                        next(client, url, number);
                    }
                });
    }
}
