package whirlwind.realtime.session;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.web.Application;

/**
 * The sessions of all loops: a request may arrive on another loop than the one that its session is
 * on. Any thread.
 */
public final class Sessions {
    /** Nobody guesses 144 bits. */
    private static final int TOKEN_BYTES = 18;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final int max;
    private final int maxPerAddress;
    private final ConcurrentHashMap<String, Session> byToken = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * None yet.
     *
     * @param max how many there may be
     * @param maxPerAddress how many of them for one address
     */
    public Sessions(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /**
     * Lets clients come to an application of a loop: adds the routes of sessions.
     *
     * @param base a path, without a slash at the end
     */
    public void mount(Application application, String base, SessionHost host) {
        application
                .route(base + "/session", () -> new SessionHandlers.Begin(host))
                .route(base + "/messages", () -> new SessionHandlers.Messages(host))
                .route(base + "/events", () -> new SessionHandlers.Events(host))
                .route(base + "/poll", () -> new SessionHandlers.Poll(host));
    }

    /**
     * A new session on this loop.
     *
     * @throws SessionException if there are too many
     */
    Session begin(SessionHost home, HttpServerRequest request, boolean streams) {
        var address = request.remoteIp();
        int sameAddress = perAddress.merge(address, 1, Integer::sum);
        if (count.incrementAndGet() > max) {
            uncount(address);
            throw tooMany("%d sessions".formatted(max));
        }
        if (sameAddress > maxPerAddress) {
            uncount(address);
            throw tooMany("%d sessions of one address".formatted(maxPerAddress));
        }
        var session = home.newSession(new Session.Start(newToken(), request, streams));
        byToken.put(session.token(), session);
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

    @Nullable Session find(String token) {
        return byToken.get(token);
    }

    /** Forgets a session; twice is once. */
    void end(Session session) {
        if (byToken.remove(session.token(), session)) {
            uncount(session.address());
        }
    }

    /** The loop that they are on ends. */
    public void endAll(SessionHost home) {
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
