package whirlwind.web.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
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
        var modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
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
            return path;
        } catch (InvalidPathException e) {
            throw notFound(e);
        }
    }

    private static Path real(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            throw notFound(e);
        }
    }

    private static HttpError notFound(Exception why) {
        var notFound = new HttpError(404);
        notFound.initCause(why);
        return notFound;
    }
}
