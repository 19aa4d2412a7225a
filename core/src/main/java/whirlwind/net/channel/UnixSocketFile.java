package whirlwind.net.channel;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that a Unix-domain socket is known by. */
final class UnixSocketFile {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    /** Of a file's mode, the bits that say what it is (stat(2)). */
    private static final int TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private UnixSocketFile() {}

    /** Removes a socket that an earlier server left. */
    static void makeRoom(Path path) throws IOException {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & TYPE) != SOCKET) {
                throw new FileAlreadyExistsException(
                        path.toString(), null, "exists and is no socket: remove it yourself");
            }
            Files.delete(path);
        } catch (NoSuchFileException free) {
            log.debug("{} is free", path);
        }
    }

    /** For this user only. */
    static void restrict(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn("{} could not be removed", path, e);
        }
    }
}
