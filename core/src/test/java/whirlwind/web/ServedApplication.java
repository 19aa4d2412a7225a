package whirlwind.web;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;

/** An application on a loop and a free port of its own, and a client for it. */
public final class ServedApplication implements AutoCloseable {
    private final IOLoop loop;
    private final HttpServer server;
    private final Thread thread;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ServedApplication(IOLoop loop, HttpServer server) {
        this.loop = loop;
        this.server = server;
        this.thread = Thread.ofPlatform().name("served-application").start(loop::start);
    }

    public static ServedApplication of(Application application) {
        var loop = new IOLoop();
        return new ServedApplication(loop, application.listen("127.0.0.1", 0));
    }

    /** With one route, {@code /}. */
    public static ServedApplication of(Supplier<? extends RequestHandler> handler) {
        return of(ApplicationSettings.DEFAULTS, handler);
    }

    /** With one route, {@code /}. */
    public static ServedApplication of(
            ApplicationSettings settings, Supplier<? extends RequestHandler> handler) {
        return of(new Application(settings).route("/", handler));
    }

    /** On a loop of yours, which is stopped but stays open when this is closed. */
    public static ServedApplication on(IOLoop loop, Application application) {
        return new ServedApplication(loop, application.listen("127.0.0.1", 0));
    }

    public IOLoop loop() {
        return loop;
    }

    public HttpServer server() {
        return server;
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A client of the JDK. */
    public HttpClient client() {
        return client;
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    public HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends raw text, and returns all that comes back until the server closes. */
    public String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** All that comes back for one GET, head and body, as it is on the wire. */
    public String rawGet(String path) throws IOException {
        return raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    /** Runs something in a coroutine of the loop and waits for its result. */
    public <T> T onLoop(Callable<T> body) throws Exception {
        var result = new CompletableFuture<T>();
        loop.spawnCallback(() -> {
            try {
                result.complete(body.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get();
    }

    @Override
    public void close() throws Exception {
        loop.stop();
        thread.join();
        loop.close();
    }
}
