package whirlwind.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.check.DurationText;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.IOLoop;

/**
 * Answers clients that ask too often with 429, and tells all of them how much they have left. Each
 * client has a bucket of tokens, which fills evenly and of which every request takes one.
 *
 * {@snippet :
 * application
 *     .filter(RateLimit.perClient(600, Duration.ofMinutes(1)).under("/api"))
 *     .filter(RateLimit.perClient(5, Duration.ofMinutes(1)).under("/login"))
 * }
 *
 * <p>A client is an address, of IPv6 its first 64 bits, for the others are its own to choose;
 * {@link #withKey} takes something else. Behind a proxy, let the server trust it, or all its
 * clients are one. Memory is bounded: beyond {@link #withMaxClients} the client that was quiet for
 * the longest time is forgotten, and with it what it used.
 *
 * <p>Responses say {@code RateLimit-Policy} and {@code RateLimit} (the IETF's draft of RateLimit
 * header fields), those with 429 {@code Retry-After} too. Where several limits hold, the last one
 * is told. An instance counts for the one application, on the one loop, that it was added to: with
 * a loop for each core, make one in each, with a share of the whole.
 */
public final class RateLimit implements Filter {
    private static final int DEFAULT_MAX_CLIENTS = 10_000;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int requests;
    private final Duration per;
    private final Function<HttpServerRequest, @Nullable String> key;
    private final int maxClients;

    /** What a token takes to come back. */
    private final long tokenNanos;

    /** What an empty bucket takes to fill. */
    private final Duration whole;

    /** Of each client, least recently seen first: when its bucket will be full again. */
    private final SequencedMap<String, Instant> fullAt = new LinkedHashMap<>(16, 0.75f, true);

    private @Nullable IOLoop loop;

    private RateLimit(
            int requests,
            Duration per,
            Function<HttpServerRequest, @Nullable String> key,
            int maxClients) {
        Check.positive("requests", requests);
        if (per.isNegative() || per.isZero() || per.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(
                    "per: " + DurationText.of(per) + " (more than 0, at most a year)");
        }
        Check.positive("maxClients", maxClients);
        this.requests = requests;
        this.per = per;
        this.key = key;
        this.maxClients = maxClients;
        this.tokenNanos = Math.max(1, per.toNanos() / requests);
        this.whole = Duration.ofNanos(tokenNanos).multipliedBy(requests);
    }

    /**
     * So many requests at once, and as many in each such time: one comes back after {@code per /
     * requests}.
     *
     * @param requests at least 1
     * @param per more than zero, at most a year
     */
    public static RateLimit perClient(int requests, Duration per) {
        return new RateLimit(requests, per, RateLimit::network, DEFAULT_MAX_CLIENTS);
    }

    /** This, with clients told apart by something else; a request whose key is null passes. */
    public RateLimit withKey(Function<HttpServerRequest, @Nullable String> key) {
        return new RateLimit(requests, per, key, maxClients);
    }

    /** This, with memory for so many clients. Default: 10,000, which take some 2 MB. */
    public RateLimit withMaxClients(int maxClients) {
        return new RateLimit(requests, per, key, maxClients);
    }

    private static String network(HttpServerRequest request) {
        var ip = request.remoteIp();
        if (ip.indexOf(':') < 0) {
            return ip;
        }
        try {
            return InetAddress.ofLiteral(ip) instanceof Inet6Address v6
                    ? HexFormat.of().formatHex(Arrays.copyOf(v6.getAddress(), IPV6_NETWORK_BYTES))
                    : ip;
        } catch (IllegalArgumentException e) {
            return ip; // whatever a proxy calls its client
        }
    }

    /** Takes a token, or answers 429. */
    @Override
    public @Nullable RequestHandler answer(HttpServerRequest request) {
        checkLoop();
        var client = key.apply(request);
        if (client == null) {
            return null;
        }
        var now = IOLoop.current().time();
        var full = later(fullAt.get(client), now).plusNanos(tokenNanos);
        var wait = Duration.between(now, full).minus(whole);
        if (wait.isPositive()) {
            return new ErrorHandler(429, Headers.of("Retry-After", Long.toString(roundedUp(wait))));
        }
        fullAt.put(client, full);
        if (fullAt.size() > maxClients) {
            fullAt.pollFirstEntry();
        }
        return null;
    }

    /** Says how much the client has left. */
    @Override
    public void complete(HttpServerRequest request, int status, Headers headers) {
        var client = key.apply(request);
        if (client == null) {
            return;
        }
        var now = IOLoop.current().time();
        var used = Duration.between(now, later(fullAt.get(client), now));
        long left = Math.max(0, whole.minus(used).toNanos() / tokenNanos);
        headers.set("RateLimit-Policy", "\"default\";q=" + requests + ";w=" + roundedUp(per));
        headers.set("RateLimit", "\"default\";r=" + left + ";t=" + roundedUp(used));
    }

    private void checkLoop() {
        if (loop == null) {
            loop = IOLoop.current();
        } else if (!loop.isCurrent()) {
            throw new IllegalStateException(
                    "a RateLimit counts for one loop: make one for each application");
        }
    }

    private static Instant later(@Nullable Instant full, Instant now) {
        return full == null || full.isBefore(now) ? now : full;
    }

    private static long roundedUp(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }
}
