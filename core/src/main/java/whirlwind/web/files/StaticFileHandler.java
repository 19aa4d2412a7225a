package whirlwind.web.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.http.ByteRange;
import whirlwind.http.ContentRange;
import whirlwind.http.ETags;
import whirlwind.http.HttpDate;
import whirlwind.loop.Async;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * Serves the files of a folder; the route gives it the rest of the path as argument {@code path}:
 *
 * {@snippet :
 * application.route("/static/{path:*}", StaticFileHandler.in(Path.of("static")));
 * }
 *
 * <p>GET and HEAD, conditional requests (RFC 9110 section 13) and single ranges (section 14). A
 * file outside the folder is refused with 403, also one that a symbolic link leads to; what is
 * missing, with 404. A request that names the file's version ({@code ?v=...}) may be cached for ten
 * years, any other is revalidated each time. Files are looked at and read on the loop's executor,
 * in pieces, each sent before the next is read. Tornado: {@code web.StaticFileHandler}.
 */
public class StaticFileHandler extends RequestHandler {
    private static final Duration VERSIONED_CACHE_TIME = Duration.ofDays(3650);
    private static final int PIECE_BYTES = 64 << 10;

    private final Path root;
    private final @Nullable String defaultFilename;

    /** A handler for the files of {@code root}. */
    public StaticFileHandler(Path root) {
        this(root, null);
    }

    /** The same; a path that names a folder stands for the file {@code defaultFilename} in it. */
    public StaticFileHandler(Path root, @Nullable String defaultFilename) {
        this.root = root.toAbsolutePath().normalize();
        this.defaultFilename = defaultFilename;
    }

    /**
     * For a route: handlers for the files of {@code root}, where {@code index.html} stands for its
     * folder.
     */
    public static Supplier<StaticFileHandler> in(Path root) {
        return () -> new StaticFileHandler(root, "index.html");
    }

    /** What is known of a file before it is read. */
    private record Found(Path path, long size, Instant modified) {
        /** Changes with size and time of the file, without reading it. */
        String etag() {
            return "\"%x-%x\"".formatted(modified.toEpochMilli(), size);
        }
    }

    @Override
    protected void get() throws Exception {
        serve(true);
    }

    @Override
    protected void head() throws Exception {
        serve(false);
    }

    private void serve(boolean withContent) throws Exception {
        var requested = getPathArgument("path");
        var file = Async.await(Async.offload(() -> find(requested)));
        if (file == null) {
            redirect(request().path() + "/", 301);
            return;
        }
        setFileHeaders(file);
        if (isNotModified(file)) {
            setStatus(304);
            return;
        }
        var asked = requestedRange(file);
        if (asked == null) {
            send(file, 0, file.size(), withContent);
            return;
        }
        var range = asked.of(file.size());
        if (range == null) {
            setStatus(416);
            clearHeader("Content-Type");
            setHeader("Content-Range", ContentRange.unsatisfied(file.size()));
            return;
        }
        if (!range.isWhole()) {
            setStatus(206);
            setHeader("Content-Range", range.toString());
        }
        send(file, range.first(), range.length(), withContent);
    }

    /**
     * The range to send; null for the whole file, also if it has changed since the client got its
     * part (If-Range).
     */
    private @Nullable ByteRange requestedRange(Found file) {
        var headers = request().headers();
        var range = headers.get("Range");
        if (range == null) {
            return null;
        }
        var condition = headers.get("If-Range");
        if (condition != null && !isSameVersion(condition, file)) {
            return null;
        }
        return ByteRange.parse(range);
    }

    private static boolean isSameVersion(String condition, Found file) {
        if (condition.startsWith("\"")) {
            return ETags.strongMatch(condition, file.etag());
        }
        return file.modified().equals(HttpDate.parse(condition));
    }

    private void send(Found file, long first, long length, boolean withContent) throws Exception {
        setHeader("Content-Length", length);
        flush();
        if (!withContent) {
            return;
        }
        try (var channel = Async.await(Async.offload(() -> FileChannel.open(file.path())))) {
            for (long at = first; at < first + length; ) {
                var piece = Async.await(offloadRead(channel, at, first + length - at));
                write(piece);
                Async.await(flush());
                at += piece.length;
            }
        }
    }

    private static CompletableFuture<byte[]> offloadRead(
            FileChannel channel, long position, long left) {
        return Async.offload(() -> {
            var buffer = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, left));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new EOFException("the file became shorter while it was sent");
                }
            }
            return buffer.array();
        });
    }

    /** The file that a path stands for; null for a folder whose path lacks its slash. Blocks. */
    private @Nullable Found find(String requested) throws IOException {
        var path = resolve(requested);
        if (Files.isDirectory(path) && defaultFilename != null) {
            if (!requested.isEmpty() && !requested.endsWith("/")) {
                if (request().path().startsWith("//")) {
                    throw new HttpError(403, "a redirect would leave this host");
                }
                return null;
            }
            path = path.resolve(defaultFilename);
        }
        if (!Files.exists(path)) {
            throw new HttpError(404);
        }
        if (!path.toRealPath().startsWith(root.toRealPath())) {
            throw new HttpError(403, "a link leads out of the folder");
        }
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new HttpError(403, "not a file");
        }
        var modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
        return new Found(path, attributes.size(), modified);
    }

    private Path resolve(String requested) {
        try {
            var path = root.resolve(requested).normalize();
            if (requested.startsWith("/") || !path.startsWith(root)) {
                throw new HttpError(403, "the path leaves the folder");
            }
            return path;
        } catch (InvalidPathException e) {
            var notFound = new HttpError(404);
            notFound.initCause(e);
            throw notFound;
        }
    }

    private void setFileHeaders(Found file) {
        setHeader("Content-Type", ContentTypes.of(file.path().getFileName().toString()));
        setHeader("Accept-Ranges", "bytes");
        setHeader("Etag", file.etag());
        setHeader("Last-Modified", file.modified());
        if (getQueryArgument("v", null) != null) {
            setHeader("Cache-Control", "public, max-age=" + VERSIONED_CACHE_TIME.toSeconds());
        } else {
            setHeader("Cache-Control", "no-cache");
        }
    }

    private boolean isNotModified(Found file) {
        var headers = request().headers();
        var known = headers.get("If-None-Match");
        if (known != null) {
            return ETags.weakMatch(known, file.etag());
        }
        var since = headers.get("If-Modified-Since");
        var date = since == null ? null : HttpDate.parse(since);
        return date != null && !file.modified().isAfter(date);
    }
}
