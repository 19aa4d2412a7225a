package whirlwind.web.files;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Preference;
import whirlwind.web.HttpError;

/** A file and what else can be sent for it: the same compressed before. */
final class Variants {
    /** Of equal weight, the smaller first. */
    private static final List<Coding> CODINGS =
            List.of(new Coding("br", ".br"), new Coding("gzip", ".gz"));

    private record Coding(String name, String suffix) {}

    /**
     * What is sent.
     *
     * @param path by which it was found
     * @param coding null if it is the file itself
     */
    record Variant(String path, StaticFile file, @Nullable String coding) {}

    private Variants() {}

    /** The best that the client accepts and that there is. Blocks. */
    static Variant best(
            FileSource source, String path, StaticFile plain, @Nullable String acceptEncoding)
            throws IOException {
        var accepted =
                acceptEncoding == null
                        ? List.<Preference>of()
                        : Preference.parseList(acceptEncoding);
        Variant best = null;
        int bestWeight = 0;
        for (var coding : CODINGS) {
            int weight = Preference.weightOf(coding.name(), accepted);
            var other = path + coding.suffix();
            var file = weight > bestWeight ? file(source, other) : null;
            if (file != null && !isStale(file, plain)) {
                best = new Variant(other, file, coding.name());
                bestWeight = weight;
            }
        }
        return best != null ? best : new Variant(path, plain, null);
    }

    private static @Nullable StaticFile file(FileSource source, String path) throws IOException {
        try {
            return source.find(path) instanceof StaticFile file ? file : null;
        } catch (HttpError missing) {
            return null;
        }
    }

    /** Whether it was compressed before the file was changed. */
    private static boolean isStale(StaticFile compressed, StaticFile plain) {
        var made = compressed.date();
        var changed = plain.date();
        return made != null && changed != null && made.isBefore(changed);
    }
}
