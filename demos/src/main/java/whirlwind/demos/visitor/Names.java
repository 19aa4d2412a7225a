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

    /**
     * What shows nothing although it is a letter, a mark or a symbol, for the brackets of a regular
     * expression: Unicode's {@code Default_Ignorable_Code_Point}, and the blank of Braille.
     */
    public static final String UNSEEN =
            "\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180D\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0"
                    + "\\x{E0100}-\\x{E01EF}";

    private Names() {}

    /**
     * Nothing that can't be seen or that changes how the rest is shown, on one line, and not too
     * long.
     */
    public static String clean(String typed) {
        var line =
                Normalizer.normalize(typed, Normalizer.Form.NFC)
                        .replaceAll("[\\s\\p{Z}]+", " ")
                        .replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}" + UNSEEN + "]", "")
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

    /**
     * The name as it is compared: without case, and without what is only another shape of the same
     * letters, such as the wide ones of East Asia.
     */
    public static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
}
