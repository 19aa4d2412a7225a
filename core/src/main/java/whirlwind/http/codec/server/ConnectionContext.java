package whirlwind.http.codec.server;

import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
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
import whirlwind.http.codec.Members;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketHost;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.ServerTls;

/**
 * What all connections of one server share. Confined to the loop; what is public is for another
 * module's connections.
 */
public final class ConnectionContext {
    /** When Netty calls a channel not writable: then what waits, waits in the outbox. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 64 << 10);

    final IOLoop loop;
    final ConnectionLimits limits;
    final Exchanges exchanges;

    /** Null: connections are not encrypted. */
    final @Nullable ServerTls tls;

    final Members<ServerConnection> https = new Members<>();
    final Members<WebSocketChannel> webSockets = new Members<>();
    final MemoryQuota quota;
    final WebSocketHost webSocketHost;
    final ReadBuffers readBuffers;
    final ServerFields serverFields;
    final Http2Fields http2Fields;
    final Lines lines = new Lines();
    final Corks corks;
    final Deadlines deadlines;
    private final String protocol;
    private final Runnable onFewer;
    private boolean draining;

    /** With whom to tell when there is one connection less. */
    ConnectionContext(
            IOLoop loop,
            ConnectionLimits limits,
            @Nullable ServerTls tls,
            Exchanges exchanges,
            Runnable onFewer) {
        this.loop = loop;
        this.limits = limits;
        this.tls = tls;
        this.protocol =
                limits.protocol() != null ? limits.protocol() : tls == null ? "http" : "https";
        this.exchanges = exchanges;
        this.onFewer = onFewer;
        this.readBuffers = new ReadBuffers(loop.io().transport());
        this.serverFields = new ServerFields(loop, limits.serverHeader());
        this.http2Fields = new Http2Fields(serverFields);
        this.corks = new Corks(loop, serverFields::beginTurn);
        this.quota = MemoryQuota.ofServer(limits.memoryQuota());
        this.webSocketHost =
                WebSocketHost.ofServer(
                        loop,
                        corks,
                        limits.writeHighWater(),
                        limits.maxWriteBuffer(),
                        quota,
                        this::left);
        this.deadlines = new Deadlines(loop, https, limits);
    }

    /** A request without its body, over a connection from {@code remoteIp}. */
    HttpServerRequest newRequest(
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

    /** What connections put up with. */
    public ConnectionLimits limits() {
        return limits;
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

    /** Whether there are as many connections as there may be. */
    public boolean isFull() {
        return connectionCount() >= limits.maxConnections();
    }

    /** What undoes the coding of a request's body, whose head is changed accordingly; or null. */
    @Nullable RequestDecoding decoding(Headers headers) {
        return limits.decompress() ? RequestDecoding.of(headers) : null;
    }

    int connectionCount() {
        return https.size() + webSockets.size();
    }

    void left(ServerConnection connection) {
        https.remove(connection);
        onFewer.run();
    }

    void left(WebSocketChannel connection) {
        webSockets.remove(connection);
        onFewer.run();
    }

    /** A connection goes on with another version of HTTP. */
    void switched(ServerConnection before, ServerConnection after) {
        https.add(after);
        https.remove(before);
    }

    /** An HTTP connection goes on as a WebSocket; not for long if the server is ending. */
    void switched(ServerConnection before, WebSocketChannel after) {
        webSockets.add(after);
        https.remove(before);
        if (draining) {
            loop.addCallback(() -> sayGoodbye(after));
        }
    }

    /** Tells the client of a WebSocket that this server ends, unless somebody else does. */
    static void sayGoodbye(WebSocketChannel webSocket) {
        if (!webSocket.leavesByItself()) {
            webSocket.close(1001, "server is going away");
        }
    }

    /** From now on a connection closes when its request is answered. */
    void startDraining() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Throws unless the caller is run by the loop; {@code what} is what it called. */
    void checkAccess(String what) {
        LoopAccess.check(loop, what);
    }
}
