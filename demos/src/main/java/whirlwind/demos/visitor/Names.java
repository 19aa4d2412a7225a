package whirlwind.demos.visitor;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes presentable names out of what people type. */
public final class Names {
    /** In characters. */
    public static final int MAX_LENGTH = 24;

    private Names() {}

    /**
     * Nothing that can't be seen or that changes how the rest is shown, on one line, and not too
     * long.
     */
    public static String clean(String typed) {
        var line =
                Normalizer.normalize(typed, Normalizer.Form.NFC)
                        .replaceAll("\\s+", " ")
                        .replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}]", "")
                        .strip();
        var name = shortened(line, MAX_LENGTH);
        return name.isEmpty() ? "Guest" : name;
    }

    /** The name, or the name with the first number that makes it different from those taken. */
    public static String unique(String name, Collection<String> taken) {
        var folded = taken.stream().map(Names::folded).collect(Collectors.toSet());
        return IntStream.iterate(1, n -> n + 1)
                .mapToObj(n -> n == 1 ? name : numbered(name, n))
                .filter(candidate -> !folded.contains(folded(candidate)))
                .findFirst()
                .orElseThrow();
    }

    private static String numbered(String name, int number) {
        return shortened(name, MAX_LENGTH - 5) + " " + number;
    }

    private static String shortened(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length)).strip();
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
