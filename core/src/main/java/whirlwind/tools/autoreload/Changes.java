package whirlwind.tools.autoreload;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices that files have changed, after whoever changes them has come to an end: a compiler writes
 * hundreds, one after the other.
 */
final class Changes {
    private final Map<WatchedPath, Map<Path, FileTime>> atFirst = new ConcurrentHashMap<>();
    private Map<WatchedPath, Map<Path, FileTime>> lately = Map.of();

    /** Counts changes of a path from now on. Twice is once. Any thread. */
    void watch(WatchedPath path) {
        atFirst.computeIfAbsent(path, WatchedPath::modified);
    }

    /** What is watched. Any thread. */
    Set<WatchedPath> watched() {
        return Set.copyOf(atFirst.keySet());
    }

    /**
     * A file that was modified or made since it is watched, provided that nothing at all has
     * happened since the last look; else null. What is deleted doesn't count: a build that begins
     * from scratch deletes what it makes anew a while later. Any thread.
     */
    synchronized @Nullable Path look() {
        var now = new HashMap<WatchedPath, Map<Path, FileTime>>();
        atFirst.keySet().forEach(path -> now.put(path, path.modified()));
        boolean settled = now.equals(lately);
        lately = now;
        return settled ? changed(now) : null;
    }

    private @Nullable Path changed(Map<WatchedPath, Map<Path, FileTime>> now) {
        for (var path : now.entrySet()) {
            var before = atFirst.getOrDefault(path.getKey(), Map.of());
            for (var file : path.getValue().entrySet()) {
                if (!file.getValue().equals(before.get(file.getKey()))) {
                    return file.getKey();
                }
            }
        }
        return null;
    }
}
