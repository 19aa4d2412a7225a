package whirlwind.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.loop.SignalListener;
import whirlwind.loop.TaskGroup;

/**
 * Ends a loop gracefully when the process is told to end: the servers of its applications drain
 * together, and then the loop stops, so that {@link IOLoop#start} returns. One for each loop.
 */
final class Shutdown implements AutoCloseable {
    /** From an operator or a service manager, and from the terminal. */
    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final IOLoop loop = IOLoop.current();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<SignalListener> listeners = new ArrayList<>();
    private Duration limit = Duration.ZERO;
    private boolean begun;

    private Shutdown() {
        for (var signal : SIGNALS) {
            try {
                listeners.add(loop.onSignal(signal, () -> received(signal)));
            } catch (IllegalArgumentException e) {
                log.warn("{} ends this program at once: {}", signal, e.getMessage()); // -Xrs
            }
        }
    }

    /** Includes a server in the end of the current loop; the longest limit counts for all. */
    static void includes(HttpServer server, Duration limit) {
        var shutdown = IOLoop.current().shared(Shutdown.class, Shutdown::new);
        shutdown.servers.add(server);
        if (limit.compareTo(shutdown.limit) > 0) {
            shutdown.limit = limit;
        }
    }

    private void received(String signal) {
        if (begun) {
            log.warn("{} again: ending at once", signal);
            loop.stop();
            return;
        }
        begun = true;
        log.info("{}: finishing what runs, within {}", signal, DurationText.of(limit));
        loop.spawnCallback(this::drain);
    }

    private void drain() {
        try {
            TaskGroup.run(group -> {
                for (var server : servers) {
                    group.spawn(
                            "drain",
                            () -> {
                                server.drain(limit);
                                return true;
                            });
                }
                return true;
            });
        } finally {
            loop.stop();
        }
    }

    @Override
    public void close() {
        listeners.forEach(SignalListener::close);
    }
}
