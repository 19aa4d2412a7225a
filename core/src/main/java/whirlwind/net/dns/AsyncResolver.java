package whirlwind.net.dns;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * Asks name servers itself, over UDP and, where an answer doesn't fit, TCP, on the loop and without
 * any other thread: ten thousand questions are no more trouble than one, and a server that is slow
 * or dead holds up nobody but those who asked it. Answers are kept as long as they are valid. A
 * question to which nobody answers in half of its time is asked once more: datagrams get lost.
 *
 * <p>It knows name servers and {@code /etc/hosts}, and nothing else that the operating system may
 * know (mDNS, other sources in {@code nsswitch.conf}). Its limits are real time, whatever the
 * loop's clock.
 *
 * <p>For either family it asks for both kinds of addresses at once and, when it has the one, waits
 * 50 ms for the other (RFC 8305 section 3). IPv4 comes first, unless the system property {@code
 * java.net.preferIPv6Addresses} is true, as in all of the JDK.
 *
 * <p>Tornado: {@code CaresResolver}, which it has no more.
 */
public final class AsyncResolver implements Resolver {
    /** How often servers are asked that don't answer, as {@code attempts} of resolv.conf. */
    static final int ATTEMPTS = 2;

    private static final int MOST_QUESTIONS_SHARED = 1024;

    /** The answers to some thousand questions, if the system allows so much. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    private static final HostsFileEntriesResolver NO_HOSTS_FILE = (host, types) -> null;

    private final IOLoop loop = IOLoop.current();
    private final EventLoop own = loop.io().eventLoop();
    private final DnsOptions options;
    private final Set<Lookup> open = new HashSet<>();
    private @Nullable DnsNameResolver ipv4;
    private @Nullable DnsNameResolver ipv6;
    private boolean closed;

    /** A resolver for the current loop that asks whom the system would ask. */
    public AsyncResolver() {
        this(DnsOptions.DEFAULTS);
    }

    /** A resolver for the current loop. */
    public AsyncResolver(DnsOptions options) {
        this.options = options;
    }

    /**
     * {@inheritDoc} A server that doesn't answer is a {@link NameServerTimeoutException}, after
     * {@link DnsOptions#queryTimeout} for each server there is.
     */
    @Override
    public CompletableFuture<List<InetSocketAddress>> resolve(
            String host, int port, Family family) {
        var literal = Literals.answer(host, port, family);
        if (literal != null) {
            return literal;
        }
        var future = loop.<List<InetSocketAddress>>newFuture();
        onOwnThread(() -> ask(new Lookup(loop, options, host, port, future), family));
        return future;
    }

    private void ask(Lookup lookup, Family family) {
        if (closed) {
            lookup.closed();
            return;
        }
        open.add(lookup);
        lookup.future()
                .whenComplete((addresses, failure) ->
                        onOwnThread(() -> {
                            open.remove(lookup);
                            lookup.stop();
                        }));
        try {
            switch (family) {
                case ANY -> lookup.ask(ipv4(), ipv6());
                case IPV4 -> lookup.ask(ipv4());
                case IPV6 -> lookup.ask(ipv6());
            }
        } catch (RuntimeException e) {
            lookup.future().completeExceptionally(e);
        }
    }

    private DnsNameResolver ipv4() {
        if (ipv4 == null) {
            ipv4 = newResolver(ResolvedAddressTypes.IPV4_ONLY);
        }
        return ipv4;
    }

    private DnsNameResolver ipv6() {
        if (ipv6 == null) {
            ipv6 = newResolver(ResolvedAddressTypes.IPV6_ONLY);
        }
        return ipv6;
    }

    private DnsNameResolver newResolver(ResolvedAddressTypes types) {
        var transport = loop.io().transport();
        var builder =
                new DnsNameResolverBuilder(own)
                        .datagramChannelFactory(this::newDatagramChannel)
                        .socketChannelFactory(transport::newSocketChannel)
                        .resolvedAddressTypes(types)
                        .queryTimeoutMillis(attemptTimeout().toMillis())
                        .consolidateCacheSize(MOST_QUESTIONS_SHARED)
                        .ndots(options.ndots());
        int maxTtl = seconds(options.maxTtl());
        if (maxTtl > 0) {
            builder.ttl(0, maxTtl).negativeTtl(seconds(options.negativeTtl()));
        } else {
            builder.resolveCache(NoopDnsCache.INSTANCE).cnameCache(NoopDnsCnameCache.INSTANCE);
        }
        if (!options.nameServers().isEmpty()) {
            builder.nameServerProvider(
                    new SequentialDnsServerAddressStreamProvider(options.nameServers()));
        }
        var searchDomains = options.searchDomains();
        if (searchDomains != null) {
            builder.searchDomains(searchDomains);
        }
        if (!options.hostsFile()) {
            builder.hostsFileEntriesResolver(NO_HOSTS_FILE);
        }
        return builder.build();
    }

    private Duration attemptTimeout() {
        var share = options.queryTimeout().dividedBy(ATTEMPTS);
        return share.toMillis() > 0 ? share : Duration.ofMillis(1); // 0 would be no limit
    }

    private DatagramChannel newDatagramChannel() {
        var channel = loop.io().transport().newDatagramChannel();
        channel.config().setOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER);
        return channel;
    }

    private static int seconds(Duration duration) {
        return (int) Math.min(duration.toSeconds(), Integer.MAX_VALUE);
    }

    private void onOwnThread(Runnable action) {
        if (own.inEventLoop()) {
            action.run();
        } else {
            loop.addCallback(action);
        }
    }

    @Override
    public void close() {
        onOwnThread(() -> {
            closed = true;
            List.copyOf(open).forEach(Lookup::closed);
            if (ipv4 != null) {
                ipv4.close();
            }
            if (ipv6 != null) {
                ipv6.close();
            }
        });
    }
}
