package whirlwind.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Fails a test of which an assertion fails where no caller hears of it: in a handler or a callback,
 * whose failures are logged, or on a thread of its own. JUnit finds it by itself.
 */
public final class LostAssertions implements AfterEachCallback {
    private static final Queue<AssertionError> LOST = new ConcurrentLinkedQueue<>();

    static {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.addTurboFilter(new InTheLog());
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            note(failure);
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            failure.printStackTrace();
        });
    }

    /** Looks at what is logged, by whichever logger. */
    private static final class InTheLog extends TurboFilter {
        @Override
        public FilterReply decide(
                @Nullable Marker marker,
                Logger logger,
                Level level,
                @Nullable String message,
                Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            if (failure != null) {
                note(failure);
            } else if (arguments != null && arguments.length > 0) {
                note(arguments[arguments.length - 1]);
            }
            return FilterReply.NEUTRAL;
        }
    }

    private static void note(@Nullable Object thing) {
        if (thing instanceof AssertionError failed) {
            LOST.add(failed);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        throwThem();
    }

    /** Throws the first one that was lost, with the others; each is thrown once. */
    static void throwThem() {
        var first = LOST.poll();
        if (first == null) {
            return;
        }
        for (AssertionError next; (next = LOST.poll()) != null; ) {
            first.addSuppressed(next);
        }
        throw first;
    }
}
