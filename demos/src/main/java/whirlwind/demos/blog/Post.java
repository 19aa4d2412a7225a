package whirlwind.demos.blog;

import java.text.Normalizer;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A post as readers see it.
 *
 * @param excerpt its beginning, without markup
 * @param html its text, which is safe to put into a page
 * @param edited when it was last changed, null if never
 * @param comments how many there are
 */
public record Post(
        long id,
        Author author,
        String title,
        String excerpt,
        String html,
        Instant written,
        @Nullable Instant edited,
        int comments) {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int MAX_SLUG = 60;

    /** The title as part of a URL: {@code uber-uns} for "Über uns!". */
    public String slug() {
        var plain = MARKS.matcher(Normalizer.normalize(title, Normalizer.Form.NFKD)).replaceAll("");
        var words = OTHERS.matcher(plain.toLowerCase(Locale.ROOT)).replaceAll("-");
        int end =
                words.offsetByCodePoints(
                        0, Math.min(MAX_SLUG, words.codePointCount(0, words.length())));
        var slug = words.substring(0, end).replaceAll("^-|-$", "");
        return slug.isEmpty() ? "post" : slug;
    }

    /** When it was last changed, or written. */
    public Instant updated() {
        return edited == null ? written : edited;
    }
}
