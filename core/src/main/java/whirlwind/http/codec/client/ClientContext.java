package whirlwind.http.codec.client;

import io.netty.handler.codec.http.HttpDecoderConfig;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.Members;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketHost;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.IOLoop;

/** What all connections of one transport share. Confined to the loop. */
final class ClientContext {
    /** As much as a server by default lets wait for a client. */
    private static final int MAX_WRITE_BUFFER = 16 << 20;

    /** What may wait for a slow server before whoever writes is told to wait. */
    static final int WRITE_HIGH_WATER = 64 << 10;

    final IOLoop loop;
    final ConnectionOptions options;
    final HttpDecoderConfig decoderConfig;
    final Corks corks;

    /** The WebSockets that have come of its requests. */
    final Members<WebSocketChannel> webSockets = new Members<>();

    private @Nullable WebSocketHost webSocketHost;

    /** Counts while connections are kept: what they are idle by. */
    int tick;

    ClientContext(IOLoop loop, ConnectionOptions options) {
        this.loop = loop;
        this.options = options;
        this.decoderConfig = ClientReader.config(options.maxHeaderSize());
        this.corks = new Corks(loop, () -> {});
    }

    /** What its WebSockets share. */
    WebSocketHost webSocketHost() {
        if (webSocketHost == null) {
            webSocketHost =
                    WebSocketHost.ofClient(
                            loop, corks, WRITE_HIGH_WATER, MAX_WRITE_BUFFER, webSockets::remove);
        }
        return webSocketHost;
    }

    /** Whether a connection may serve more than one request. */
    boolean keepsAlive() {
        return !options.idleTimeout().isZero();
    }
}
