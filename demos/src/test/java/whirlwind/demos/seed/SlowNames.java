package whirlwind.demos.seed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What the JDK asks for the addresses of names in these tests: the system, but for the names of a
 * domain, whose answers take as long as a test wants. It blocks the thread that asks, as the system
 * does. The JDK remembers answers, so each test asks for a name of its own.
 */
public final class SlowNames extends InetAddressResolverProvider {
    static final String DOMAIN = ".slow.test";

    private static volatile CompletableFuture<Boolean> asked = new CompletableFuture<>();
    private static volatile CompletableFuture<Boolean> answer = new CompletableFuture<>();

    /** For the JDK. */
    public SlowNames() {}

    /** Done when the next question for a slow name has come. */
    static CompletableFuture<Boolean> nextQuestion() {
        answer = new CompletableFuture<>();
        asked = new CompletableFuture<>();
        return asked;
    }

    static void answer() {
        answer.complete(true);
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        var system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                    throws UnknownHostException {
                if (!host.endsWith(DOMAIN)) {
                    return system.lookupByName(host, policy);
                }
                asked.complete(true);
                var _ = answer.join();
                return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "slow names";
    }
}
