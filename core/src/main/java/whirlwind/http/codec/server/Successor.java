package whirlwind.http.codec.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketOverConnection;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;
import whirlwind.net.channel.Detached;

/**
 * What an HTTP connection is to become when all that was sent on it before has gone out. On the
 * loop's own thread.
 */
sealed interface Successor {
    /**
     * The time has come.
     *
     * @return the handler that takes the place of the connection's; null if one has been added
     */
    @Nullable ChannelHandler takeOver(Channel channel, ServerConnection before);

    /** The client has gone before. */
    void lost();

    /** A WebSocket. */
    record Conversation(ConnectionContext context, WebSocketChannel webSocket)
            implements Successor {
        @Override
        public ChannelHandler takeOver(Channel channel, ServerConnection before) {
            context.connections().switched(before, webSocket);
            channel.config().setAutoRead(true);
            return new WebSocketOverConnection(context.webSocketHost(), webSocket);
        }

        @Override
        public void lost() {
            webSocket.lostBeforeItOpened();
        }
    }

    /** The bare connection, which is no concern of the server's any more. */
    record Bare(
            ConnectionContext context, StreamOptions options, CompletableFuture<IOStream> stream)
            implements Successor {
        @Override
        public @Nullable ChannelHandler takeOver(Channel channel, ServerConnection before) {
            context.connections().left(before);
            var made = IOStream.of(new Detached(context.loop(), channel), options);
            if (!stream.complete(made)) {
                made.close(); // who wanted it has been cancelled
            }
            return null;
        }

        @Override
        public void lost() {
            stream.completeExceptionally(ServerExchange.clientGone());
        }
    }
}
