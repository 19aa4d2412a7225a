package whirlwind.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.regex.Pattern;
import whirlwind.check.Check;
import whirlwind.check.DurationText;
import whirlwind.escape.Text;

/**
 * Where Redis is, and what to put up with. Start from {@link #at}.
 *
 * @param url {@code redis://[user:password@]host[:port][/database]}, {@code rediss://} for TLS,
 *     {@code redis-socket://path}, or {@code redis-sentinel://host[,host2]/database#master}
 * @param prefix of all keys and channels, so that several hubs may share a Redis; letters, digits,
 *     {@code _}, {@code -} and {@code :}
 * @param patience how long publications, subscriptions and questions wait for a Redis that is out
 *     of reach before they fail; zero: not at all, they fail as soon as an attempt to reach it has
 *     failed
 * @param timeout for connecting, and for an answer: a Redis that is silent for longer is out of
 *     reach
 * @param presenceExpiry after which a server that isn't heard of is taken for dead, and all of its
 *     connections are no longer present
 * @param retention after which a topic in which nothing happens is forgotten; its count then begins
 *     anew. One whose history is kept for longer is kept for that long
 * @param maxPendingBytes how much may wait for Redis; what exceeds it fails at once
 */
public record RedisOptions(
        String url,
        String prefix,
        Duration patience,
        Duration timeout,
        Duration presenceExpiry,
        Duration retention,
        int maxPendingBytes) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_:-]+");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is not kept, or the URL isn't one of Redis
     */
    public RedisOptions {
        RedisURI.create(url);
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix: " + Text.quoted(prefix) + " (expected A-Z a-z 0-9 _ - :)");
        }
        Check.notNegative("patience", patience);
        checkPositive("timeout", timeout);
        checkPositive("presenceExpiry", presenceExpiry);
        checkPositive("retention", retention);
        Check.positive("maxPendingBytes", maxPendingBytes);
    }

    private static void checkPositive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    name + ": " + DurationText.of(value) + " (at least 1 ms)");
        }
    }

    /**
     * The defaults: prefix {@code whirlwind}, patience and timeout of 5 seconds, presence for 30
     * seconds, retention for a day, and 16 MiB that may wait.
     */
    public static RedisOptions at(String url) {
        return new RedisOptions(
                url,
                "whirlwind",
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                16 << 20);
    }

    /** These options for another Redis. */
    public RedisOptions withUrl(String url) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with another prefix. */
    public RedisOptions withPrefix(String prefix) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with more or less patience. */
    public RedisOptions withPatience(Duration patience) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with another timeout. */
    public RedisOptions withTimeout(Duration timeout) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with another time until a silent server is taken for dead. */
    public RedisOptions withPresenceExpiry(Duration presenceExpiry) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with another time until an unused topic is forgotten. */
    public RedisOptions withRetention(Duration retention) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** These options with another limit for what waits. */
    public RedisOptions withMaxPendingBytes(int maxPendingBytes) {
        return new RedisOptions(
                url, prefix, patience, timeout, presenceExpiry, retention, maxPendingBytes);
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
        return ("RedisOptions[%s, prefix=%s, patience=%s, timeout=%s, presenceExpiry=%s,"
                        + " retention=%s, maxPendingBytes=%d]")
                .formatted(
                        address(),
                        prefix,
                        patience,
                        timeout,
                        presenceExpiry,
                        retention,
                        maxPendingBytes);
    }

    /** For messages: the host and port, the path, or the name of the master. */
    String address() {
        var uri = RedisURI.create(url);
        if (uri.getSocket() != null) {
            return uri.getSocket();
        }
        if (uri.getSentinelMasterId() != null) {
            return uri.getSentinelMasterId() + " (by sentinels)";
        }
        var host = uri.getHost();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + uri.getPort();
    }
}
