package whirlwind.http.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;

/** What users' code throws, as the future of a fetch fails with it. */
final class Failures {
    private Failures() {}

    static RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case IOException io -> new UncheckedIOException(io);
            default -> new CompletionException(failure);
        };
    }
}
