package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectTimeoutException.Stage;
import whirlwind.net.dns.Resolver;

/**
 * Connects channels of one loop: resolves names, races addresses (RFC 8305), goes through proxies
 * and shakes hands for TLS, within one limit for all of it.
 *
 * <p>A channel from here is connected and registered with the loop, has {@code autoRead} off and
 * {@code TCP_NODELAY} on, and has an {@link SslHandler} if it speaks TLS. Add your handlers last
 * and read when they are ready: what came before is kept until then. Look at {@link
 * Channel#isActive} first, for it may be closed again.
 *
 * <p>Methods may be called in callbacks and coroutines of the loop; what they return completes on
 * the loop, and cancelling it closes every attempt. The failures are {@link
 * whirlwind.net.dns.ResolveException}, {@link whirlwind.net.connect.ConnectFailedException}, {@link
 * whirlwind.net.tls.TlsException} and {@link whirlwind.net.connect.ConnectTimeoutException}.
 */
public final class Connector {
    private final IOLoop loop;
    private final Resolver resolver;

    /** A connector that asks this resolver, which stays the caller's to close. */
    public Connector(IOLoop loop, Resolver resolver) {
        this.loop = loop;
        this.resolver = resolver;
    }

    /** Connects as {@code destination} says. */
    public CompletableFuture<Channel> connect(Destination destination) {
        return connect(destination, stage -> {});
    }

    /**
     * The same for who wants to know how far it has come.
     *
     * @param progress told each stage after {@link Stage#RESOLVE}, on the loop
     */
    public CompletableFuture<Channel> connect(Destination destination, Consumer<Stage> progress) {
        return new Connecting(loop, resolver, destination, progress).start();
    }

    /**
     * Connects to an address of any kind, plainly and without limit: an {@link InetSocketAddress}
     * that is resolved, or a {@link java.net.UnixDomainSocketAddress}.
     *
     * @throws IllegalArgumentException if the address is not resolved
     */
    public CompletableFuture<Channel> connect(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IllegalArgumentException(
                    "address: " + inet + " (resolved; TcpClient connects by name)");
        }
        var future = loop.<Channel>newFuture();
        var sockets = new Sockets(loop, null, 0);
        sockets.onOwnThread(() -> {
            if (future.isDone()) {
                return;
            }
            var attempt = sockets.open(address, Sockets.name(address));
            future.whenComplete((channel, failure) -> attempt.cancel(true));
            attempt.whenComplete((channel, failure) -> {
                if (failure != null) {
                    future.completeExceptionally(failure);
                } else {
                    EarlyInput.keepEnd(channel);
                    if (!future.complete(channel)) {
                        channel.close();
                    }
                }
            });
        });
        return future;
    }

    /**
     * Has the channel stay open for writing when the other end closes its direction, which the
     * handlers are told by an event then. For those that can do with that; call it before they
     * read.
     */
    public static void allowHalfClosure(Channel channel) {
        EarlyInput.allowHalfClosure(channel);
    }

    /** The protocol that was agreed on within TLS; null if none was. */
    public static @Nullable String alpnOf(Channel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? null : tls.applicationProtocol();
    }
}
