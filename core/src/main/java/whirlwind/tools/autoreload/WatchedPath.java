package whirlwind.tools.autoreload;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/** A file, or a folder with all that is below it. Any thread. */
record WatchedPath(Path path, boolean codeOnly) {
    /** Of a larger folder only so many files and folders are looked at: it may be a home folder. */
    private static final int MOST = 10_000;

    /** One where only class files and Java's sources count. */
    static WatchedPath ofCode(Path path) {
        return new WatchedPath(path.toAbsolutePath().normalize(), true);
    }

    /** One where every file counts. */
    static WatchedPath of(Path path) {
        return new WatchedPath(path.toAbsolutePath().normalize(), false);
    }

    /**
     * When each file was modified last. What is not there, or can't be read, is left out, and so
     * are hidden folders.
     */
    Map<Path, FileTime> modified() {
        var walk = new Walk();
        try {
            Files.walkFileTree(path.toRealPath(), walk);
        } catch (IOException e) {
            return Map.of(); // a path that isn't there is nothing yet
        }
        return walk.times;
    }

    private boolean counts(Path file) {
        var name = file.toString();
        return !codeOnly || name.endsWith(".class") || name.endsWith(".java");
    }

    private final class Walk extends SimpleFileVisitor<Path> {
        private final Map<Path, FileTime> times = new HashMap<>();
        private int visited;

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean hidden = visited > 0 && folder.getFileName().toString().startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : goOn();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (counts(file)) {
                times.put(file, attributes.lastModifiedTime());
            }
            return goOn();
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return goOn();
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException unreadable) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult goOn() {
            return ++visited > MOST ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
