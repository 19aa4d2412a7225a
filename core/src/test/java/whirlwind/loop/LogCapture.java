package whirlwind.loop;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Takes what loops log, from warnings up, while it is open. Stalls are apart: on a busy machine a
 * loop may be held by no fault of the test.
 */
final class LogCapture implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("whirlwind.loop");
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    boolean stall = event.getLoggerName().endsWith("Watchdog");
                    if (event.getLevel().isGreaterOrEqual(Level.WARN) && stall == stalls) {
                        events.add(event);
                    }
                }
            };

    private final boolean stalls;

    LogCapture() {
        this(false);
    }

    /** Takes the watchdog's reports instead. */
    static LogCapture ofStalls() {
        return new LogCapture(true);
    }

    private LogCapture(boolean stalls) {
        this.stalls = stalls;
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    /** What was logged so far, without stacks. */
    List<String> messages() {
        return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The messages that contain some text. */
    List<String> messages(String text) {
        return messages().stream().filter(message -> message.contains(text)).toList();
    }

    /** The exceptions logged so far, as text. */
    List<String> failures() {
        return events.stream()
                .map(ILoggingEvent::getThrowableProxy)
                .map(e -> e == null ? "none" : e.getClassName() + ": " + e.getMessage())
                .toList();
    }

    /** The methods on the stack of the n-th exception, innermost first. */
    List<String> methods(int n) {
        IThrowableProxy failure = events.get(n).getThrowableProxy();
        return List.of(failure.getStackTraceElementProxyArray()).stream()
                .map(frame -> frame.getStackTraceElement().getMethodName())
                .toList();
    }

    /** The same of the first message that contains some text. */
    List<String> methods(String text) {
        return methods(messages().indexOf(messages(text).getFirst()));
    }

    @Override
    public void close() {
        logger.setAdditive(true);
        logger.detachAppender(appender);
        appender.stop();
    }
}
