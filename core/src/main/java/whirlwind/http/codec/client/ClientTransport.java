package whirlwind.http.codec.client;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketOpening;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.http.transport.HttpRoute;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Connector;
import whirlwind.net.channel.Destination;
import whirlwind.net.connect.ConnectTimeoutException.Stage;
import whirlwind.net.dns.Resolver;

/** The built-in transport: HTTP over Netty's channels, with a pool of connections per route. */
public final class ClientTransport implements HttpTransport {
    /** A connection is kept for up to one part in so many longer than it should. */
    private static final int TICKS_PER_TIMEOUT = 4;

    private final ClientContext context;
    private final Resolver resolver;
    private final Connector connector;
    private final Map<HttpRoute, ClientPool> pools = new HashMap<>();
    private boolean watching;
    private boolean closed;

    /** A transport on {@code loop}. */
    public ClientTransport(IOLoop loop, ConnectionOptions options) {
        this.context = new ClientContext(loop, options);
        var made = options.resolver();
        this.resolver = made == null ? Resolver.create() : made.get();
        this.connector = new Connector(loop, resolver);
    }

    @Override
    public Exchange send(TransportRequest request, ResponseListener listener) {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
        if (request.hook() != null && !(request.hook() instanceof WebSocketOpening)) {
            throw new IllegalArgumentException(
                    "%s is not for the built-in transport"
                            .formatted(request.hook().getClass().getName()));
        }
        var route = request.route();
        var pool = pools.get(route);
        if (pool == null) {
            pool = new ClientPool(context, this, route);
            pools.put(route, pool);
        }
        var call = new ClientCall(request, listener, pool, context.loop);
        pool.submit(call);
        return call;
    }

    CompletableFuture<Channel> connect(Destination destination, Consumer<Stage> progress) {
        return connector.connect(destination, progress);
    }

    /** Sees that what is kept too long is closed. */
    void watchIdle() {
        if (!watching) {
            watching = true;
            var tick = context.options.idleTimeout().dividedBy(TICKS_PER_TIMEOUT);
            context.loop.callLater(tick.plus(Duration.ofNanos(1)), this::tick);
        }
    }

    private void tick() {
        watching = false;
        context.tick++;
        boolean left = false;
        for (var pool : List.copyOf(pools.values())) {
            left |= pool.closeIdle(context.tick - TICKS_PER_TIMEOUT);
        }
        if (left) {
            watchIdle();
        }
    }

    void dropIfEmpty(ClientPool pool) {
        if (pool.isEmpty()) {
            pools.remove(pool.route(), pool);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            List.copyOf(pools.values()).forEach(ClientPool::close);
            context.webSockets.copy().forEach(WebSocketChannel::drop);
            resolver.close();
        }
    }
}
