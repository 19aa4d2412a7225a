package whirlwind.http.codec.exchange;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.RequestStartLine;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.LoopAccess;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.request.Lines;
import whirlwind.http.codec.request.Origin;
import whirlwind.http.codec.request.RequestBodies;
import whirlwind.http.codec.websocket.WebSocketHost;
import whirlwind.loop.IOLoop;

/** What all connections of one server share. Confined to the loop. */
public final class ConnectionContext {
    private final IOLoop loop;
    private final ConnectionLimits limits;
    private final boolean encrypted;
    private final String protocol;
    private final Connections connections;
    private final WebSocketHost webSocketHost;
    private final RequestBodies bodies;
    private final ServerFields fields;
    private final Http2Fields http2Fields;
    private final Lines lines = new Lines();
    private final Corks corks;
    private final Deadlines deadlines;

    /** Who answers requests. */
    final Exchanges exchanges;

    /**
     * For one server.
     *
     * @param encrypted whether connections are
     * @param onFewer told when there is one connection less
     */
    public ConnectionContext(
            IOLoop loop,
            ConnectionLimits limits,
            boolean encrypted,
            Exchanges exchanges,
            Runnable onFewer) {
        this.loop = loop;
        this.limits = limits;
        this.encrypted = encrypted;
        this.protocol = Objects.requireNonNullElse(limits.protocol(), encrypted ? "https" : "http");
        this.exchanges = exchanges;
        this.connections = new Connections(loop, onFewer);
        this.fields = new ServerFields(loop, limits.serverHeader());
        this.http2Fields = new Http2Fields(fields);
        this.corks = new Corks(loop, fields::beginTurn);
        this.deadlines = new Deadlines(loop, connections.https, limits);
        var quota = MemoryQuota.ofServer(limits.memoryQuota());
        this.bodies =
                new RequestBodies(
                        loop,
                        limits.maxBodySize(),
                        limits.decompress(),
                        quota,
                        exchanges::streamsBody);
        this.webSocketHost =
                WebSocketHost.ofServer(
                        loop,
                        corks,
                        limits.writeHighWater(),
                        limits.maxWriteBuffer(),
                        quota,
                        connections::left);
    }

    /** A request without its body, over a connection from {@code remoteIp}. */
    public HttpServerRequest newRequest(
            RequestStartLine startLine,
            Headers headers,
            String remoteIp,
            @Nullable SSLSession tlsSession) {
        var origin =
                limits.proxies().isEmpty() || !limits.proxies().contains(remoteIp)
                        ? Origin.UNKNOWN
                        : Origin.of(limits.proxies(), headers);
        var request =
                new HttpServerRequest(
                        startLine,
                        headers,
                        Output.NOTHING,
                        Objects.requireNonNullElse(origin.ip(), remoteIp),
                        Objects.requireNonNullElse(origin.protocol(), protocol),
                        limits.formLimits());
        if (tlsSession != null) {
            request = request.withTlsSession(tlsSession);
        }
        return origin.host() == null ? request : request.withHost(origin.host());
    }

    // ---- the loop ----

    /** Where all of it runs. */
    public IOLoop loop() {
        return loop;
    }

    /** The time on the loop's clock. */
    public Instant time() {
        return loop.time();
    }

    /** Where channels are registered. */
    public EventLoop eventLoop() {
        return loop.io().eventLoop();
    }

    /** A channel that can be registered there, for UDP. */
    public DatagramChannel newDatagramChannel() {
        return loop.io().transport().newDatagramChannel();
    }

    /** Throws unless the caller is run by the loop; {@code what} is what it called. */
    void checkAccess(String what) {
        LoopAccess.check(loop, what);
    }

    // ---- the connections ----

    /** What they put up with. */
    public ConnectionLimits limits() {
        return limits;
    }

    /** Whether TLS is spoken on them. */
    public boolean isEncrypted() {
        return encrypted;
    }

    /** Those that are open. */
    public Connections connections() {
        return connections;
    }

    /** Whether there are as many as there may be. */
    public boolean isFull() {
        return connections.count() >= limits.maxConnections();
    }

    /** When they have to be done. */
    public Deadlines deadlines() {
        return deadlines;
    }

    /** Those that have something to write. */
    public Corks corks() {
        return corks;
    }

    // ---- what they read and write ----

    /** Where a line is put to be looked at. */
    public Lines lines() {
        return lines;
    }

    /** How the bodies of requests are taken. */
    public RequestBodies bodies() {
        return bodies;
    }

    /** What all responses say. */
    public ServerFields fields() {
        return fields;
    }

    /** The fields of responses in the form of HTTP/2 and HTTP/3. */
    public Http2Fields http2Fields() {
        return http2Fields;
    }

    /** What those share that become WebSockets. */
    public WebSocketHost webSocketHost() {
        return webSocketHost;
    }
}
