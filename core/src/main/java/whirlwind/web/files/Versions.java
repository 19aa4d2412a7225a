package whirlwind.web.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.web.files.StaticFile.Content;

/**
 * What tells the contents of files apart: a digest, computed once for each file while its size and
 * date stay. Safe for any thread; computing reads the file.
 */
final class Versions {
    /**
     * Larger files are told apart by size and date: reading them whole before the first answer
     * would take longer than anybody wants to wait.
     */
    private static final long HASHED_BYTES = 64 << 20;

    /** More files than that, and somebody is filling the memory: then it starts anew. */
    private static final int MAX_FILES = 10_000;

    private static final int PIECE_BYTES = 64 << 10;

    /** 128 bits of it are enough to tell versions apart. */
    private static final int DIGITS = 32;

    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

    private final Map<String, Known> byPath = new ConcurrentHashMap<>();

    private record Known(long size, @Nullable Instant modified, String version) {}

    /** Whether a text may be the version of a file. */
    static boolean isOne(String text) {
        return VERSION.matcher(text).matches();
    }

    /** The version of what was last found by a path; null if nobody has asked yet. */
    @Nullable String known(String path) {
        var known = byPath.get(path);
        return known == null ? null : known.version();
    }

    /** The version of a file that has just been found by a path. */
    String of(String path, StaticFile file) throws IOException {
        var known = byPath.get(path);
        if (known != null
                && known.size() == file.size()
                && Objects.equals(known.modified(), file.modified())) {
            return known.version();
        }
        var version = computed(file);
        if (byPath.size() >= MAX_FILES) {
            byPath.clear();
        }
        byPath.put(path, new Known(file.size(), file.modified(), version));
        return version;
    }

    void reset() {
        byPath.clear();
    }

    private static String computed(StaticFile file) throws IOException {
        if (file.size() > HASHED_BYTES) {
            var modified = file.modified();
            return "%x-%x".formatted(modified == null ? 0 : modified.getEpochSecond(), file.size());
        }
        var digest = sha512();
        switch (file.content()) {
            case Content.InMemory(var bytes) -> digest.update(bytes);
            case Content.OnDisk(var path) -> {
                try (var in = Files.newInputStream(path)) {
                    update(digest, in);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static void update(MessageDigest digest, InputStream in) throws IOException {
        var piece = new byte[PIECE_BYTES];
        for (int length; (length = in.read(piece)) >= 0; ) {
            digest.update(piece, 0, length);
        }
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-512", e);
        }
    }
}
