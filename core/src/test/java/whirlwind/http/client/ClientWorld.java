package whirlwind.http.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.transport.HttpTransport;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.tls.Identity;
import whirlwind.testing.OpenDescriptors;

/** What a test of the client needs: a loop, a client on it, and servers for it to talk to. */
public final class ClientWorld implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private static final ScriptedServer.Script GREETING =
            peer -> {
                while (true) {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                }
            };

    private final HttpTransport.Factory transport;
    private final IOLoop loop = new IOLoop();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private AsyncHttpClient client;
    private Site site;

    /** What runs in a coroutine of the world's loop. */
    @FunctionalInterface
    public interface Body {
        void run(ClientWorld world) throws Exception;
    }

    /** A world whose clients use this transport. */
    public ClientWorld(HttpTransport.Factory transport) {
        this.transport = transport;
    }

    /** Runs a test. */
    public void run(Body body) {
        loop.runSync(
                PATIENCE,
                () -> {
                    body.run(this);
                    return null;
                });
    }

    /** Runs a test, twice, and sees that no descriptor is left of it. */
    public void runWithoutLeaks(Body body) {
        run(w ->
                OpenDescriptors.noneIsLeftBy(() -> {
                    body.run(w);
                    closeAll();
                }));
    }

    /** The options of {@link #client()}. */
    public ClientOptions options() {
        return ClientOptions.DEFAULTS.withTransport(transport);
    }

    /** A client with default options. */
    public AsyncHttpClient client() {
        if (client == null) {
            client = client(options());
        }
        return client;
    }

    /** A client that is closed with the world. */
    public AsyncHttpClient client(ClientOptions options) {
        return closing(new AsyncHttpClient(options));
    }

    /** The server of this world. */
    public Site site() throws Exception {
        if (site == null) {
            site = closing(new Site(HttpServerOptions.DEFAULTS));
        }
        return site;
    }

    /** A server that does to each connection what the script says. */
    public ScriptedServer scripted(ScriptedServer.Script script) throws Exception {
        return closing(new ScriptedServer(script));
    }

    /** A server that answers every connection's first request with these bytes, and hangs up. */
    public ScriptedServer answering(String response) throws Exception {
        return scripted(peer -> {
            peer.readHead();
            peer.write(response);
        });
    }

    /** As {@link #answering}, but the connection stays open until the client closes it. */
    public ScriptedServer answeringAndHolding(String response) throws Exception {
        return scripted(peer -> {
            peer.readHead();
            peer.write(response);
            peer.awaitClose();
        });
    }

    /** A server of https that says hello to every request. */
    public ScriptedServer secure(Identity identity) throws Exception {
        return closing(new ScriptedServer(TlsSockets.listen(identity, null), GREETING));
    }

    /** The same, for clients that this authority knows. */
    public ScriptedServer secureForKnown(Identity identity, Path authority) throws Exception {
        return closing(new ScriptedServer(TlsSockets.listen(identity, authority), GREETING));
    }

    public <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    /** A GET of a path of the site. */
    public HttpRequest get(String path) throws Exception {
        return HttpRequest.of(site().url(path));
    }

    public HttpResponse fetch(String url) {
        return Async.await(client().fetch(url));
    }

    public HttpResponse fetch(HttpRequest request) {
        return Async.await(client().fetch(request));
    }

    /** What a fetch fails with. */
    public Throwable failure(HttpRequest request) {
        return failure(client(), request);
    }

    public Throwable failure(AsyncHttpClient client, HttpRequest request) {
        var failed = new Throwable[1];
        var done = client.fetch(request).handle((response, failure) -> failed[0] = failure);
        Async.await(done);
        return failed[0];
    }

    /** Waits for something that becomes true while the loop runs. */
    public void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Async.sleep(Duration.ofMillis(2));
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static Headers headers(String... namesAndValues) {
        return Headers.of(namesAndValues);
    }

    /** Closes its clients and servers; it makes new ones when it is asked again. */
    private void closeAll() throws Exception {
        for (var resource : toClose.reversed()) {
            resource.close();
        }
        toClose.clear();
        client = null;
        site = null;
    }

    @Override
    public void close() throws Exception {
        loop.runSync(
                PATIENCE,
                () -> {
                    closeAll();
                    return null;
                });
        loop.close();
    }
}
