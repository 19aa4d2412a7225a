package whirlwind.net.dns;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The kind of resolver that the process uses where nobody says otherwise. */
final class Configured {
    private static volatile @Nullable Supplier<? extends Resolver> kind;

    private Configured() {}

    static void set(Supplier<? extends Resolver> chosen) {
        kind = chosen;
    }

    static Resolver create() {
        var chosen = kind;
        return chosen != null
                ? chosen.get()
                : byName(System.getProperty("whirlwind.resolver", "threaded"));
    }

    private static Resolver byName(String name) {
        return switch (name) {
            case "threaded" -> new ThreadedResolver();
            case "async" -> new AsyncResolver();
            case "blocking" -> new BlockingResolver();
            default ->
                    throw new IllegalArgumentException(
                            "whirlwind.resolver: '" + name + "' (threaded, async, blocking)");
        };
    }
}
