package whirlwind.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * What one logger is told while this is open, which goes nowhere else meanwhile: for log lines that
 * a test expects.
 *
 * <p>Tornado: {@code testing.ExpectLog}.
 */
public final class LogCapture implements AutoCloseable {
    private final Logger logger;
    private final Level levelBefore;
    private final boolean additiveBefore;
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    event.prepareForDeferredProcessing();
                    events.add(event);
                }
            };

    private LogCapture(Logger logger, Level level) {
        this.logger = logger;
        this.levelBefore = logger.getLevel();
        this.additiveBefore = logger.isAdditive();
        logger.setLevel(level);
        logger.setAdditive(false);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    /** Captures what the logger of a class is told at level INFO and above. */
    public static LogCapture of(Class<?> owner) {
        return of(owner.getName(), Level.INFO);
    }

    /** Captures what a logger is told at a level and above. */
    public static LogCapture of(String logger, Level level) {
        return new LogCapture((Logger) LoggerFactory.getLogger(logger), level);
    }

    /** The events so far, in order; any thread's. */
    public List<ILoggingEvent> events() {
        return List.copyOf(events);
    }

    /** The events so far as text, for example {@code ERROR Exception in callback x}. */
    public List<String> lines() {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** What the events so far carried as exceptions. */
    public List<Throwable> failures() {
        return events.stream()
                .filter(event -> event.getThrowableProxy() != null)
                .map(event -> ((ThrowableProxy) event.getThrowableProxy()).getThrowable())
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(additiveBefore);
        logger.setLevel(levelBefore);
        appender.stop();
    }
}
