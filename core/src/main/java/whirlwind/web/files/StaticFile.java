package whirlwind.web.files;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when somebody looked.
 *
 * @param name the last part of its path, which tells its type
 * @param size in bytes
 * @param modified as exactly as is known, to tell it from what it was before; null if nobody knows
 * @param content where its bytes are
 */
public record StaticFile(String name, long size, @Nullable Instant modified, Content content)
        implements FileSource.Found {
    /** Where bytes are. */
    public sealed interface Content {
        /** On a disk. */
        record OnDisk(Path path) implements Content {}

        /** In memory; the array is not copied. */
        record InMemory(byte[] bytes) implements Content {}
    }

    /** When it was modified as headers have it, to the second; null if nobody knows. */
    public @Nullable Instant date() {
        return modified == null ? null : modified.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A file that is made and not read, for sources of your own. */
    public static StaticFile of(String name, @Nullable Instant modified, byte[] bytes) {
        return new StaticFile(name, bytes.length, modified, new Content.InMemory(bytes));
    }
}
