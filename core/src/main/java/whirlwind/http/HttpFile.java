package whirlwind.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that came in a form: in memory, or on disk if a {@link FormReader} found it too large for
 * that. Tornado's {@code HTTPFile}.
 */
public final class HttpFile {
    private final String filename;
    private final String contentType;
    private final long size;
    private final byte @Nullable [] bytes;
    private final @Nullable Path path;

    /** A file in memory; {@code body} is not copied. */
    public HttpFile(String filename, String contentType, byte[] body) {
        this.filename = filename;
        this.contentType = contentType;
        this.size = body.length;
        this.bytes = body;
        this.path = null;
    }

    /** A file on disk. */
    HttpFile(String filename, String contentType, Path path, long size) {
        this.filename = filename;
        this.contentType = contentType;
        this.size = size;
        this.bytes = null;
        this.path = path;
    }

    /** What the client says it is called; never a path to write to. */
    public String filename() {
        return filename;
    }

    /** What the client says it is, {@code application/unknown} if it says nothing. */
    public String contentType() {
        return contentType;
    }

    /** Its length in bytes. */
    public long size() {
        return size;
    }

    /** Where it is on disk until its {@link FormReader} is closed; empty if it is in memory. */
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /**
     * Its bytes; not copied, so leave them as they are. One on disk is read, which blocks: call it
     * within {@code Async.offload}, and only if it fits into memory.
     *
     * @throws UncheckedIOException if it can't be read, as after its {@link FormReader} was closed
     */
    public byte[] body() {
        if (bytes != null) {
            return bytes;
        }
        try {
            return Files.readAllBytes(onDisk());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts it where it is to stay, moving it if it is on disk already; for once. Blocks: call it
     * within {@code Async.offload}.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is a file of that name
     * @throws IOException if it can't be written
     */
    public void saveTo(Path target) throws IOException {
        if (bytes != null) {
            Files.write(target, bytes, StandardOpenOption.CREATE_NEW);
        } else {
            Files.move(onDisk(), target);
        }
    }

    private Path onDisk() {
        if (path == null) {
            throw new AssertionError("neither in memory nor on disk");
        }
        return path;
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "HttpFile[filename="
                + filename
                + ", contentType="
                + contentType
                + ", body="
                + size
                + " bytes]";
    }
}
