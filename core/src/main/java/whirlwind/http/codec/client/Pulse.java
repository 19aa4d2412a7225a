package whirlwind.http.codec.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * Whether a server that speaks HTTP/2 is still there. One behind a cut cable says nothing, as one
 * does that works; a PING tells them apart, for it takes no work to answer. It is sent along with
 * requests and resets, so that no connection needs a timer.
 */
final class Pulse {
    /** A server that owes an answer for longer gets no more requests until it gives a sign. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What is sent after so long without a sign has a PING with it. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final IOLoop loop;
    private final Runnable ping;
    private Instant heardAt;

    /** Since when the server owes an answer to a PING; null if it doesn't. */
    private @Nullable Instant askedAt;

    /**
     * @param ping sends a PING
     */
    Pulse(IOLoop loop, Runnable ping) {
        this.loop = loop;
        this.ping = ping;
        this.heardAt = loop.time();
    }

    /** Something has come. */
    void heard() {
        heardAt = loop.time();
        askedAt = null;
    }

    /** Whether it may be given a request. */
    boolean isTrusted() {
        return askedAt == null || !isLonger(PATIENCE, askedAt, loop.time());
    }

    /**
     * A request goes out.
     *
     * @return now
     */
    Instant sending() {
        var now = loop.time();
        if (isLonger(SILENCE, heardAt, now)) {
            askSince(now);
        }
        return now;
    }

    /** A request that went out at that time is given up. */
    void givenUp(Instant sentAt) {
        var silentSince = sentAt.isAfter(heardAt) ? sentAt : heardAt;
        if (isLonger(PATIENCE, silentSince, loop.time())) {
            askSince(silentSince);
        }
    }

    private void askSince(Instant since) {
        if (askedAt == null) {
            ping.run();
        }
        if (askedAt == null || since.isBefore(askedAt)) {
            askedAt = since;
        }
    }

    private static boolean isLonger(Duration limit, Instant since, Instant now) {
        return Duration.between(since, now).compareTo(limit) >= 0;
    }
}
