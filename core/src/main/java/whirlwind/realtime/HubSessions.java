package whirlwind.realtime;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.realtime.protocol.ErrorCode;

/**
 * The clients of a hub that come by requests, of all loops: a request may arrive on another loop
 * than the one that its session is on. Any thread.
 */
final class HubSessions {
    /** Nobody guesses 144 bits. */
    private static final int TOKEN_BYTES = 18;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final HubOptions options;
    private final ConcurrentHashMap<String, HubSession> byToken = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    HubSessions(HubOptions options) {
        this.options = options;
    }

    /**
     * A new session on this loop.
     *
     * @throws SessionException if there are too many
     */
    HubSession begin(HubLoop home, HttpServerRequest request, boolean streams) {
        var address = request.remoteIp();
        int sameAddress = perAddress.merge(address, 1, Integer::sum);
        if (count.incrementAndGet() > options.maxSessions()) {
            uncount(address);
            throw tooMany("%d sessions".formatted(options.maxSessions()));
        }
        if (sameAddress > options.maxSessionsPerAddress()) {
            uncount(address);
            throw tooMany("%d sessions of one address".formatted(options.maxSessionsPerAddress()));
        }
        var session = new HubSession(home, newToken(), request, streams);
        byToken.put(session.session(), session);
        return session;
    }

    private static SessionException tooMany(String limit) {
        return new SessionException(429, ErrorCode.LIMIT, "at most " + limit);
    }

    private static String newToken() {
        var bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    @Nullable HubSession find(String token) {
        return byToken.get(token);
    }

    /** Forgets a session; twice is once. */
    void end(HubSession session) {
        if (byToken.remove(session.session(), session)) {
            uncount(session.address());
        }
    }

    /** The loop that they are on ends. */
    void endAll(HubLoop home) {
        for (var session : byToken.values()) {
            if (session.home() == home) {
                end(session);
            }
        }
    }

    private void uncount(String address) {
        count.decrementAndGet();
        perAddress.computeIfPresent(address, (key, known) -> known == 1 ? null : known - 1);
    }
}
