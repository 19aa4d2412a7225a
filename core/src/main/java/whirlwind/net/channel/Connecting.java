package whirlwind.net.channel;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.connect.ConnectTimeoutException.Stage;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.Family;
import whirlwind.net.dns.Resolver;
import whirlwind.net.tls.TlsException;

/**
 * One connection in the making: name, race, TLS, one after the other on the loop's own thread, with
 * a future that ends it all when it is cancelled or its time is up.
 */
final class Connecting {
    private final IOLoop loop;
    private final Resolver resolver;
    private final Destination destination;
    private final Sockets sockets;
    private final CompletableFuture<Channel> future;

    private final Consumer<Stage> progress;

    private Stage stage = Stage.RESOLVE;
    private List<InetSocketAddress> addresses = List.of();

    /** The answer to a proxy's challenge. */
    private @Nullable String authorization;

    /** What is under way, to be cancelled with all of it. */
    private @Nullable CompletableFuture<?> step;

    private @Nullable CompletableFuture<ClientTls> tls;
    private @Nullable Channel channel;

    /**
     * @param progress told each stage after the first
     */
    Connecting(IOLoop loop, Resolver resolver, Destination destination, Consumer<Stage> progress) {
        this.progress = progress;
        this.loop = loop;
        this.resolver = resolver;
        this.destination = destination;
        this.sockets = new Sockets(loop, destination.sourceAddress(), destination.sourcePort());
        this.future = loop.newFuture();
    }

    CompletableFuture<Channel> start() {
        var limit = destination.timeout();
        if (limit != null) {
            var timer = loop.callLater(limit, () -> timeOut(limit));
            future.whenComplete((connected, failure) -> timer.cancel());
        }
        future.whenComplete((connected, failure) -> {
            if (failure != null) {
                sockets.onOwnThread(this::giveUp);
            }
        });
        sockets.onOwnThread(this::resolve);
        return future;
    }

    private void reach(Stage next) {
        stage = next;
        progress.accept(next);
    }

    private void timeOut(Duration limit) {
        var proxy = destination.proxy();
        var where = destination.hostAndPort();
        var doing =
                switch (stage) {
                    case RESOLVE -> "resolving " + (proxy == null ? destination.host() : proxy);
                    case CONNECT -> "connecting to " + (proxy == null ? where : proxy);
                    case PROXY -> proxy + " connecting to " + where;
                    case TLS -> "the TLS handshake with " + where;
                };
        future.completeExceptionally(
                new ConnectTimeoutException(
                        stage, doing + " has not ended within " + DurationText.of(limit)));
    }

    private void giveUp() {
        if (step != null) {
            step.cancel(true);
        }
        if (channel != null) {
            channel.close();
        }
    }

    /** Goes on with what a step gives, on the loop's own thread, unless it is all over by then. */
    private <T extends @Nullable Object> void then(
            CompletionStage<T> stage, Consumer<? super T> next) {
        step = stage.toCompletableFuture();
        stage.whenComplete((result, failure) ->
                sockets.onOwnThread(() -> {
                    if (future.isDone()) {
                        if (result instanceof Channel late) {
                            late.close();
                        }
                        return;
                    }
                    if (failure != null) {
                        future.completeExceptionally(unwrap(failure));
                        return;
                    }
                    try {
                        next.accept(result);
                    } catch (RuntimeException e) {
                        future.completeExceptionally(e);
                    }
                }));
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private void resolve() {
        if (future.isDone()) {
            return;
        }
        try {
            tls = prepareTls();
            var proxy = destination.proxy();
            var question =
                    proxy == null
                            ? resolver.resolve(destination.host(), destination.port(), family())
                            : resolver.resolve(proxy.host(), proxy.port(), family());
            then(
                    question,
                    found -> {
                        addresses = found;
                        race();
                    });
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    /** From an address of one family only that family can be reached. */
    private Family family() {
        var source = destination.sourceAddress();
        return source == null ? destination.family() : Family.of(source);
    }

    /** The first time this reads files and computes, which others do while we wait for names. */
    private @Nullable CompletableFuture<ClientTls> prepareTls() {
        var options = destination.tls();
        if (options == null) {
            return null;
        }
        var made = ClientTls.made(options, destination.alpn());
        return made != null
                ? CompletableFuture.completedFuture(made)
                : loop.runInExecutor(null, () -> ClientTls.of(options, destination.alpn()));
    }

    private void race() {
        reach(Stage.CONNECT);
        var race = new Race<>(loop, addresses, this::attempt, Channel::close);
        then(race, this::connected);
        race.startNext();
    }

    private CompletableFuture<Channel> attempt(InetSocketAddress address) {
        var proxy = destination.proxy();
        return proxy == null
                ? sockets.open(address, destination.at(address))
                : ProxyHandshake.open(sockets, proxy, address, destination, authorization);
    }

    private void connected(Channel connected) {
        channel = connected;
        var proxy = destination.proxy();
        if (proxy == null) {
            secure(connected);
        } else {
            reach(Stage.PROXY);
            then(
                    ProxyHandshake.start(connected, proxy, destination),
                    answer -> answered(connected, proxy, answer));
        }
    }

    /** The proxy has connected, or wants to know who asks: then once more, and not again. */
    private void answered(Channel connected, Proxy proxy, @Nullable String answer) {
        if (answer == null) {
            secure(connected);
        } else if (authorization == null) {
            connected.close();
            authorization = answer;
            race();
        } else {
            var refused = new IOException("it doesn't accept the user or the password");
            future.completeExceptionally(ProxyHandshake.failure(proxy, destination, refused));
        }
    }

    private void secure(Channel connected) {
        if (tls == null) {
            finish(connected);
        } else {
            reach(Stage.TLS);
            then(tls, ready -> shakeHands(connected, ready));
        }
    }

    private void shakeHands(Channel connected, ClientTls ready) {
        var name = nameOf(connected);
        if (!connected.isActive()) { // gone meanwhile: no handshake would start, nor fail
            future.completeExceptionally(TlsException.of(name, new ClosedChannelException()));
            return;
        }
        var handler = ready.newHandler(connected.alloc(), destination.host(), destination.port());
        connected.pipeline().addFirst(handler);
        handler.handshakeFuture()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        finish(connected);
                    } else {
                        future.completeExceptionally(TlsException.of(name, done.cause()));
                    }
                });
    }

    /** The host, and which of its addresses it is, unless only a proxy knows. */
    private String nameOf(Channel connected) {
        var address = connected.remoteAddress();
        return destination.proxy() != null || address == null
                ? destination.hostAndPort()
                : destination.at(address);
    }

    private void finish(Channel connected) {
        EarlyInput.keepEnd(connected);
        future.complete(connected);
    }
}
