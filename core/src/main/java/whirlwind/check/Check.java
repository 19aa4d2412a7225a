package whirlwind.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Ranges that arguments have to be in. What isn't is refused with {@link IllegalArgumentException},
 * whose message says name, value and limit; what is is given back.
 */
public final class Check {
    /** Beyond that nobody waits, and nanoseconds no longer fit into a long. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Check() {}

    /** 1 or more. */
    public static int positive(String name, int value) {
        if (value < 1) {
            throw wrong(name, value, "at least 1");
        }
        return value;
    }

    /** The number of a port, or 0 for any that is free. */
    public static int port(int value) {
        if (value < 0 || value > 65_535) {
            throw wrong("port", value, "0 to 65535");
        }
        return value;
    }

    /** More than zero, and at most a hundred years. */
    public static Duration positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw wrong(name, value, "more than 0");
        }
        return notLonger(name, value);
    }

    /** 0 or more. */
    public static int notNegative(String name, int value) {
        if (value < 0) {
            throw wrong(name, value, "at least 0");
        }
        return value;
    }

    /** 0 or more. */
    public static long notNegative(String name, long value) {
        if (value < 0) {
            throw wrong(name, value, "at least 0");
        }
        return value;
    }

    /** Zero or more, and at most a hundred years. */
    public static Duration notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw wrong(name, value, "at least 0");
        }
        return notLonger(name, value);
    }

    private static Duration notLonger(String name, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw wrong(name, value, "at most 36500 days");
        }
        return value;
    }

    /** The path of a folder that is there. */
    public static Path folder(String name, Path value) {
        if (!Files.isDirectory(value)) {
            throw wrong(name, value.toAbsolutePath(), "there is no such folder");
        }
        return value;
    }

    private static IllegalArgumentException wrong(String name, Duration value, String limit) {
        return wrong(name, DurationText.of(value), limit);
    }

    private static IllegalArgumentException wrong(String name, Object value, String limit) {
        return new IllegalArgumentException(name + ": " + value + " (" + limit + ")");
    }
}
