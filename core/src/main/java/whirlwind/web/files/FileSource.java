package whirlwind.web.files;

import java.io.IOException;
import java.nio.file.Path;
import whirlwind.check.Check;

/**
 * Where served files come from. Called on the loop's executor, so it may block; safe for several
 * threads.
 */
@FunctionalInterface
public interface FileSource {
    /**
     * What a path names.
     *
     * @param path as in the URL, decoded, without a leading slash; whatever a client may send, so
     *     it is to be checked
     * @throws whirlwind.web.HttpError 404 for what isn't there; 403 for what is outside or no file
     * @throws IOException if it is there and can't be looked at
     */
    Found find(String path) throws IOException;

    /** What is found by a path. */
    sealed interface Found permits Found.Folder, StaticFile {
        /** A folder, which a default file may stand for. */
        record Folder() implements Found {}
    }

    /**
     * The files of a folder. A path that leads out of it is refused with 403, also one that a
     * symbolic link leads to.
     *
     * @throws IllegalArgumentException if there is no such folder
     */
    static FileSource folder(Path root) {
        return new FolderSource(Check.folder("folder", root));
    }

    /**
     * Resources beside a class; in a module, their package has to be open to {@code whirlwind}.
     * They are read whole.
     *
     * @param anchor finds them
     * @param folder relative to the class, or from the root if it starts with a slash; empty for
     *     beside the class itself, where nobody's {@code .class} files are served
     */
    static FileSource classPath(Class<?> anchor, String folder) {
        return new ClassPathSource(anchor, folder);
    }
}
