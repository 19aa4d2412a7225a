package whirlwind.net.dns;

import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;

/** One question of {@link AsyncResolver}, which may be two for name servers. On the own thread. */
final class Lookup {
    /** How long the second kind of address may be late, as RFC 8305 section 8 recommends. */
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    private static final Comparator<InetAddress> PREFERRED_FIRST =
            Comparator.comparing(address ->
                    (address instanceof Inet6Address) != NetUtil.isIpV6AddressesPreferred());

    private final IOLoop loop;
    private final DnsOptions options;
    private final String host;
    private final int port;
    private final CompletableFuture<List<InetSocketAddress>> future;
    private final List<InetAddress> found = new ArrayList<>();
    private final List<Future<List<InetAddress>>> answers = new ArrayList<>();
    private @Nullable Timeout delay;
    private int outstanding;

    Lookup(
            IOLoop loop,
            DnsOptions options,
            String host,
            int port,
            CompletableFuture<List<InetSocketAddress>> future) {
        this.loop = loop;
        this.options = options;
        this.host = host;
        this.port = port;
        this.future = future;
    }

    String host() {
        return host;
    }

    CompletableFuture<List<InetSocketAddress>> future() {
        return future;
    }

    /**
     * Asks both kinds, or one; is done when all have answered, or a moment after the first good
     * answer.
     */
    void ask(DnsNameResolver... whom) {
        outstanding = whom.length;
        for (var resolver : whom) {
            ask(resolver, AsyncResolver.ATTEMPTS);
        }
    }

    /** Datagrams get lost: who hears nothing asks again, RFC 1035 section 4.2.1. */
    private void ask(DnsNameResolver resolver, int attempts) {
        var answer = resolver.resolveAll(host);
        answers.add(answer);
        answer.addListener(done -> {
            answers.remove(answer);
            if (attempts > 1 && !future.isDone() && DnsNameResolver.isTimeoutError(done.cause())) {
                ask(resolver, attempts - 1);
            } else {
                take(answer);
            }
        });
    }

    private void take(Future<List<InetAddress>> answer) {
        outstanding--;
        if (answer.isSuccess()) {
            found.addAll(answer.getNow());
        }
        if (outstanding == 0) {
            finish(answer.cause());
        } else if (!found.isEmpty()) {
            delay = loop.callLater(RESOLUTION_DELAY, () -> finish(null));
        }
    }

    private void finish(@Nullable Throwable lastFailure) {
        if (found.isEmpty()) {
            future.completeExceptionally(failure(lastFailure));
        } else {
            future.complete(
                    found.stream()
                            .sorted(PREFERRED_FIRST)
                            .map(address -> new InetSocketAddress(address, port))
                            .distinct()
                            .toList());
        }
    }

    private ResolveException failure(@Nullable Throwable failure) {
        for (var t = failure; t != null; t = t.getCause()) {
            switch (t) {
                case DnsNameResolverTimeoutException e -> {
                    return new NameServerTimeoutException(
                            host, e.remoteAddress(), options.queryTimeout(), failure);
                }
                case DnsNameResolverException e -> {
                    return new ResolveException(
                            host,
                            "name server "
                                    + e.remoteAddress()
                                    + " can't be asked: "
                                    + e.getMessage(),
                            failure);
                }
                case DnsErrorCauseException e -> {
                    return new ResolveException(
                            host, "the name server says " + e.getCode(), failure);
                }
                default -> {}
            }
        }
        return new ResolveException(host, "no name server knows an address of it", failure);
    }

    void closed() {
        future.completeExceptionally(
                new ResolveException(host, "the resolver has been closed", null));
    }

    void stop() {
        if (delay != null) {
            delay.cancel();
        }
        List.copyOf(answers).forEach(answer -> answer.cancel(false));
    }
}
