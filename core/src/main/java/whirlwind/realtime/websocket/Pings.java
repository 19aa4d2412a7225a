package whirlwind.realtime.websocket;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.PeriodicCallback;
import whirlwind.web.Application;

/**
 * Pings all open WebSockets of an application, with one timer for all of them: every interval each
 * is asked for a sign of life, and one that has given none since it was last asked is closed.
 */
final class Pings {
    private final Set<Conversation> open = new LinkedHashSet<>();
    private final PeriodicCallback timer;

    private Pings(Application application) {
        timer = new PeriodicCallback(this::pingAll, application.settings().websocketPingInterval());
    }

    /** The pings of an application; null if its settings want none. */
    static @Nullable Pings of(Application application) {
        return application.settings().websocketPingInterval().isZero()
                ? null
                : application.attachment(Pings.class, () -> new Pings(application));
    }

    void add(Conversation conversation) {
        open.add(conversation);
        timer.start();
    }

    void remove(Conversation conversation) {
        open.remove(conversation);
        if (open.isEmpty()) {
            timer.stop();
        }
    }

    private void pingAll() {
        List.copyOf(open).forEach(Conversation::checkAlive);
    }
}
