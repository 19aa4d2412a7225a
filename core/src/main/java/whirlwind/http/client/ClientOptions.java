package whirlwind.http.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.http.transport.HttpTransport;

/**
 * What a client is made of. Start from {@link #DEFAULTS}. Tornado: the arguments of {@code
 * AsyncHTTPClient.configure} and of {@code SimpleAsyncHTTPClient}.
 *
 * @param maxClients requests under way at a time; more wait in a queue, first come first served
 * @param defaults for what requests don't say themselves
 * @param cookies what keeps cookies between requests; null for nothing
 * @param connections how connections are held
 * @param transport what moves the bytes; null: the built-in one
 */
public record ClientOptions(
        int maxClients,
        HttpRequest defaults,
        @Nullable CookieJar cookies,
        ConnectionOptions connections,
        HttpTransport.@Nullable Factory transport) {

    /** Ten requests at a time, no cookies, the built-in transport. */
    public static final ClientOptions DEFAULTS =
            new ClientOptions(10, HttpRequest.DEFAULTS, null, ConnectionOptions.DEFAULTS, null);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code maxClients} isn't positive
     */
    public ClientOptions {
        Check.positive("maxClients", maxClients);
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(connections, "connections");
    }

    /** These options with another number of requests at a time. */
    public ClientOptions withMaxClients(int maxClients) {
        return new ClientOptions(maxClients, defaults, cookies, connections, transport);
    }

    /**
     * These options with other defaults for requests; best made from {@link HttpRequest#DEFAULTS}.
     */
    public ClientOptions withDefaults(HttpRequest defaults) {
        return new ClientOptions(maxClients, defaults, cookies, connections, transport);
    }

    /** These options with a cookie jar. */
    public ClientOptions withCookies(@Nullable CookieJar cookies) {
        return new ClientOptions(maxClients, defaults, cookies, connections, transport);
    }

    /** These options with connections held otherwise. */
    public ClientOptions withConnections(ConnectionOptions connections) {
        return new ClientOptions(maxClients, defaults, cookies, connections, transport);
    }

    /** These options with another transport. */
    public ClientOptions withTransport(HttpTransport.@Nullable Factory transport) {
        return new ClientOptions(maxClients, defaults, cookies, connections, transport);
    }
}
