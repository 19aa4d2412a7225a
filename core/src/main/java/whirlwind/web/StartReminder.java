package whirlwind.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;

/**
 * Tells whoever forgot {@link IOLoop#start}: a program that listens and then comes to its end,
 * since nothing runs the loop, would say "listening" and no more. One for each loop.
 */
final class StartReminder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final IOLoop loop = IOLoop.current();
    private final Thread atExit = Thread.ofPlatform().unstarted(this::remind);

    /** What the loop had done when it was last listened on: that takes a turn. */
    private volatile long turns;

    private StartReminder() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Once the current loop listens; one that runs needs no reminder. */
    static void afterListening() {
        var loop = IOLoop.current();
        if (!loop.isCurrent()) {
            loop.shared(StartReminder.class, StartReminder::new).turns = loop.metrics().turns();
        }
    }

    private void remind() {
        if (loop.metrics().turns() == turns) {
            log.warn(
                    "ending without having served: IOLoop.current().start() is what runs the loop");
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            log.trace("the program ends, and the reminder with it", e);
        }
    }
}
