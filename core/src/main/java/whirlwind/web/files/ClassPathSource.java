package whirlwind.web.files;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import whirlwind.web.HttpError;

/** Resources beside a class: files on a disk while a program is written, later parts of a jar. */
record ClassPathSource(Class<?> anchor, String folder) implements FileSource {
    ClassPathSource {
        folder = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    }

    @Override
    public Found find(String path) throws IOException {
        checkParts(path);
        var resource = anchor.getResource(folder + path);
        if (resource == null) {
            throw new HttpError(404);
        }
        if (resource.getProtocol().equals("file")) {
            var file = pathOf(resource);
            if (Files.isDirectory(file)) {
                return new Found.Folder();
            }
            if (path.endsWith("/")) {
                throw new HttpError(404);
            }
            var parent = Objects.requireNonNull(file.getParent(), "a file is in a folder");
            return new FolderSource(parent).find(file.getFileName().toString());
        }
        if (path.isEmpty() || path.endsWith("/") || isFolder(path)) {
            return new Found.Folder();
        }
        var connection = resource.openConnection();
        connection.setUseCaches(false); // else it keeps the jar open, and locked on some systems
        long modified = connection.getLastModified();
        try (var in = connection.getInputStream()) {
            return StaticFile.of(
                    path.substring(path.lastIndexOf('/') + 1),
                    modified <= 0 ? null : Instant.ofEpochMilli(modified),
                    in.readAllBytes());
        }
    }

    /** In a jar a folder is an entry whose name ends with a slash. */
    private boolean isFolder(String path) {
        return anchor.getResource(folder + path + "/") != null;
    }

    private static Path pathOf(URL resource) throws IOException {
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IOException("no path: " + resource, e);
        }
    }

    /** What a class path makes of odd names depends on where it comes from: none get there. */
    private static void checkParts(String path) {
        if (path.startsWith("/")) {
            throw new HttpError(403, "the path leaves the folder");
        }
        for (var part : path.split("/", -1)) {
            if (part.equals("..") || part.equals(".") || part.indexOf('\\') >= 0) {
                throw new HttpError(403, "the path leaves the folder");
            }
            if (part.indexOf('\0') >= 0 || part.endsWith(".class")) {
                throw new HttpError(404);
            }
        }
        if (!FolderSource.isPlain(path)) {
            throw new HttpError(404);
        }
    }
}
