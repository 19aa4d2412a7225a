package whirlwind.http.client;

import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When what happened in a fetch, worked out when somebody asks, which is rare. */
final class TimeInfo extends AbstractMap<String, Duration> {
    private final Instant called;
    private final Instant started;
    private final Instant connected;
    private final Instant answered;
    private final Instant ended;
    private final Map<String, Duration> measured;
    private @Nullable Map<String, Duration> all;

    /**
     * @param measured what the transport knows better
     */
    TimeInfo(
            Instant called,
            Instant started,
            Instant connected,
            Instant answered,
            Instant ended,
            Map<String, Duration> measured) {
        this.called = called;
        this.started = started;
        this.connected = connected;
        this.answered = answered;
        this.ended = ended;
        this.measured = measured;
    }

    @Override
    public Set<Entry<String, Duration>> entrySet() {
        var known = all;
        if (known == null) {
            var times = new HashMap<String, Duration>();
            times.put("queue", Duration.between(called, started));
            times.put("connect", Duration.between(started, connected));
            times.put("starttransfer", Duration.between(started, answered));
            times.put("total", Duration.between(started, ended));
            times.putAll(measured);
            known = Map.copyOf(times);
            all = known;
        }
        return known.entrySet();
    }
}
