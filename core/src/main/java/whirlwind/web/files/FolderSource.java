package whirlwind.web.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import whirlwind.web.HttpError;

/** The files of a folder, and of nothing else. */
record FolderSource(Path root) implements FileSource {
    FolderSource {
        root = root.toAbsolutePath().normalize();
    }

    @Override
    public Found find(String path) throws IOException {
        var real = real(resolve(path));
        if (!real.startsWith(root.toRealPath())) {
            throw new HttpError(403, "a link leads out of the folder");
        }
        var attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            return new Found.Folder();
        }
        if (!attributes.isRegularFile()) {
            throw new HttpError(403, "not a file");
        }
        if (path.endsWith("/")) {
            throw new HttpError(404);
        }
        var modified = attributes.lastModifiedTime().toInstant();
        var name = path.substring(path.lastIndexOf('/') + 1);
        return new StaticFile(
                name, attributes.size(), modified, new StaticFile.Content.OnDisk(real));
    }

    /** The path below the root that the text stands for, whether or not there is something. */
    private Path resolve(String requested) {
        try {
            var path = root.resolve(requested).normalize();
            if (requested.startsWith("/") || !path.startsWith(root)) {
                throw new HttpError(403, "the path leaves the folder");
            }
            if (!isPlain(requested)) {
                throw new HttpError(404);
            }
            return path;
        } catch (InvalidPathException e) {
            throw notFound(e);
        }
    }

    /**
     * Whether it is written without detours, such as {@code ./} and {@code //}: else each of the
     * many ways to write a path would be a file of its own to whoever caches it.
     */
    static boolean isPlain(String requested) {
        var end = requested.isEmpty() || requested.endsWith("/") ? "" : "/";
        var path = "/" + requested + end;
        return !path.contains("//") && !path.contains("/./") && !path.contains("/../");
    }

    private static Path real(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            throw notFound(e); // also for a name that is too long, or goes on behind a file
        }
    }

    private static HttpError notFound(Exception why) {
        var notFound = new HttpError(404);
        notFound.initCause(why);
        return notFound;
    }
}
