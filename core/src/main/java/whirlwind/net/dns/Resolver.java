package whirlwind.net.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Finds the addresses of a name. Called in coroutines and callbacks of the loop it was made on.
 *
 * <p>Tornado: {@code netutil.Resolver}.
 */
public interface Resolver extends AutoCloseable {
    /**
     * The addresses of a host, in the order in which they should be tried; never empty. Does not
     * wait. Cancelling the future gives the question up.
     *
     * @param host a name, or a literal address, which is its own answer
     * @param port 0 to 65535, taken over into the addresses
     * @return fails with {@link ResolveException}
     */
    CompletableFuture<List<InetSocketAddress>> resolve(String host, int port, Family family);

    /** As {@link #resolve(String, int, Family)} with {@link Family#ANY}. */
    default CompletableFuture<List<InetSocketAddress>> resolve(String host, int port) {
        return resolve(host, port, Family.ANY);
    }

    /** Gives up the open questions and frees what the resolver holds. Twice is once. */
    @Override
    void close();

    /**
     * A resolver of the configured kind for the current loop: as {@link #configure} said last, or
     * else as the system property {@code whirlwind.resolver} says: {@code threaded} (the default),
     * {@code async} or {@code blocking}.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    static Resolver create() {
        return Configured.create();
    }

    /**
     * Chooses the kind of resolver that {@link #create} makes from now on, in the whole process.
     * Any thread. Tornado: {@code Resolver.configure}.
     */
    static void configure(Supplier<? extends Resolver> kind) {
        Configured.set(kind);
    }

    /**
     * Whether a text is a literal IPv4 or IPv6 address: four decimal numbers or the colon form, and
     * nothing else; no shorthand such as {@code 127.1}, no zone, no brackets, no blanks. Tornado:
     * {@code netutil.is_valid_ip}.
     */
    static boolean isValidIp(String text) {
        return Literals.isValid(text);
    }
}
