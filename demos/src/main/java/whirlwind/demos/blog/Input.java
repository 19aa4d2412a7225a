package whirlwind.demos.blog;

import java.text.Normalizer;
import java.util.regex.Pattern;
import whirlwind.demos.visitor.Names;

/** Text that somebody typed, as it is kept. */
final class Input {
    /** What XML 1.0, and so the feed, can't have; PostgreSQL has no NUL either. */
    private static final Pattern NO_TEXT =
            Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|[\\uFFFE\\uFFFF]|\\p{Cs}");

    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    private static final Pattern SEEN = Pattern.compile("[^\\s\\p{Z}\\p{C}" + Names.UNSEEN + "]");

    private Input() {}

    /** Several lines, without space at the end. */
    static String text(String typed) {
        var lines = typed.replace("\r\n", "\n").replace('\r', '\n');
        return NO_TEXT.matcher(lines).replaceAll("").stripTrailing();
    }

    /** Whether there is something to see in it. */
    static boolean shows(String text) {
        return SEEN.matcher(text).find();
    }

    /** One line, its words one space apart. */
    static String line(String typed) {
        var composed = Normalizer.normalize(text(typed), Normalizer.Form.NFC);
        return SPACES.matcher(composed).replaceAll(" ").strip();
    }
}
