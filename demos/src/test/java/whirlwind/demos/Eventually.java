package whirlwind.demos;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.support.ui.FluentWait;

/** Waits for what is about to become true. */
public final class Eventually {
    /** Long enough for a machine that has much else to do; a test that passes never takes it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Asks until the answer is the expected one. A browser between two pages finds no element, or
     * one of the page before: it is asked again.
     */
    public static <T> void becomes(T expected, Supplier<T> actual) {
        var last = new AtomicReference<T>();
        new FluentWait<>(actual)
                .withTimeout(PATIENCE)
                .pollingEvery(Duration.ofMillis(50))
                .ignoring(NotFoundException.class)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> "expected " + expected + ", but at last it was " + last.get())
                .until(asked -> {
                    last.set(asked.get());
                    return expected.equals(last.get());
                });
    }
}
