package whirlwind.demos;

import java.time.Duration;
import java.util.function.Supplier;
import org.openqa.selenium.support.ui.FluentWait;

/** Waits for what is about to become true. */
public final class Eventually {
    /** Long enough for a machine that has much else to do; a test that passes never takes it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /** Asks until the answer is the expected one. */
    public static <T> void becomes(T expected, Supplier<T> actual) {
        new FluentWait<>(actual)
                .withTimeout(PATIENCE)
                .pollingEvery(Duration.ofMillis(50))
                .withMessage(
                        () -> "expected " + expected + ", but in the end it was " + actual.get())
                .until(asked -> asked.get().equals(expected));
    }
}
