package whirlwind.web.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.http.ByteRange;
import whirlwind.http.ContentRange;
import whirlwind.http.ETags;
import whirlwind.http.HttpDate;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;
import whirlwind.web.files.StaticFile.Content;

/**
 * Answers with a file of a {@link StaticSite}; the route gives it the rest of the path as argument
 * {@code path}:
 *
 * {@snippet :
 * application.route("/static/{path:*}", StaticFileHandler.in(Path.of("static")));
 * }
 *
 * <p>GET and HEAD, conditional requests (RFC 9110 section 13), and ranges (section 14), several at
 * a time as {@code multipart/byteranges}. A request that names the file's version ({@code ?v=...})
 * may be cached for ever, any other is revalidated each time. Files are looked at on the loop's
 * executor; small ones are read there too, larger ones {@linkplain RequestHandler#writeFile sent by
 * the kernel}. Subclasses change what the protected methods say. Tornado: {@code
 * web.StaticFileHandler}.
 */
public class StaticFileHandler extends RequestHandler {
    private static final Duration VERSIONED_CACHE_TIME = Duration.ofDays(3650);

    /** Up to that size a file is read while it is looked at, which saves opening it twice. */
    private static final int READ_BYTES = 64 << 10;

    private final StaticSite site;

    /** Of the file that was asked for; empty before it was found. */
    private String version = "";

    /** A handler for a file of the site. */
    public StaticFileHandler(StaticSite site) {
        this.site = site;
    }

    /** A handler for a file of a folder, without default file. */
    public StaticFileHandler(Path root) {
        this(root, null);
    }

    /** The same; a path that names a folder stands for the file {@code defaultFilename} in it. */
    public StaticFileHandler(Path root, @Nullable String defaultFilename) {
        this(StaticSite.folder(root).withDefaultFilename(defaultFilename));
    }

    /**
     * For a route: handlers for the files of {@code root}, where {@code index.html} stands for its
     * folder.
     */
    public static Supplier<StaticFileHandler> in(Path root) {
        return in(StaticSite.folder(root));
    }

    /** For a route: handlers for the files of a site, at another path than its own perhaps. */
    public static Supplier<StaticFileHandler> in(StaticSite site) {
        return () -> new StaticFileHandler(site);
    }

    // ---- to override ----

    /** The path of a file in the source, made of its part of the URL. Default: the same. */
    protected String parseUrlPath(String urlPath) {
        return urlPath;
    }

    /** The {@code Content-Type} of a file. Default: by its name; text is UTF-8. */
    protected String getContentType(StaticFile file) {
        return ContentTypes.of(file.name());
    }

    /**
     * How long a file may be cached without asking again; zero: not at all. Default: ten years if
     * the URL names a version, of your own or as {@link RequestHandler#staticUrl} does, but not
     * another one than the file has: while servers are being updated, one may be asked for what
     * only the next one has.
     */
    protected Duration getCacheTime(StaticFile file) {
        var named = getQueryArgument("v", null);
        boolean another = named != null && Versions.isOne(named) && !named.equals(version);
        return named == null || another ? Duration.ZERO : VERSIONED_CACHE_TIME;
    }

    /** Sets further headers of a file that was found by a path. Default: none. */
    protected void setExtraHeaders(String path) {}

    /**
     * Whether the client has the file already: by {@code If-None-Match} if that is there, else by
     * {@code If-Modified-Since}.
     *
     * @param etag of what would be sent, quoted
     */
    protected boolean shouldReturn304(StaticFile file, String etag) {
        var headers = request().headers();
        var known = headers.get("If-None-Match");
        if (known != null) {
            return ETags.weakMatch(known, etag);
        }
        var since = headers.get("If-Modified-Since");
        var date = since == null ? null : HttpDate.parse(since);
        var modified = file.date();
        return date != null && modified != null && !modified.isAfter(date);
    }

    // ---- answering ----

    @Override
    protected void get() throws Exception {
        serve(true);
    }

    @Override
    protected void head() throws Exception {
        serve(false);
    }

    /**
     * What was found and is to be sent.
     *
     * @param plain the file that was asked for, which {@code variant} may be a compressed form of
     * @param version of {@code plain}
     * @param etag quoted
     * @param bytes the content, if it is small
     */
    private record Answer(
            StaticFile plain,
            String version,
            Variants.Variant variant,
            String etag,
            byte @Nullable [] bytes) {
        StaticFile file() {
            return variant.file();
        }
    }

    private void serve(boolean withContent) throws Exception {
        var path = parseUrlPath(getPathArgument("path"));
        var accepted = request().headers().get("Accept-Encoding");
        var answer = Async.await(Async.offload(() -> find(path, accepted)));
        if (answer == null) {
            redirect(request().path() + "/", 301);
            return;
        }
        version = answer.version();
        setFileHeaders(path, answer);
        if (!hasWantedVersion(answer)) {
            throw new HttpError(412);
        }
        if (shouldReturn304(answer.file(), answer.etag())) {
            setStatus(304);
            return;
        }
        var asked = requestedRanges(answer);
        var ranges = satisfied(asked, answer.file().size());
        if (!asked.isEmpty() && ranges.isEmpty()) {
            setStatus(416);
            clearHeader("Content-Type");
            clearHeader("Content-Encoding");
            clearHeader("Expires");
            setHeader("Cache-Control", "no-store"); // or a cache may answer others with this
            setHeader("Content-Range", ContentRange.unsatisfied(answer.file().size()));
        } else if (ranges.size() > 1) {
            sendParts(answer, ranges, withContent);
        } else {
            send(answer, ranges.isEmpty() ? null : ranges.getFirst(), withContent);
        }
    }

    /** What a path stands for; null for a folder whose path lacks its slash. Blocks. */
    private @Nullable Answer find(String requested, @Nullable String accepted) throws IOException {
        var path = requested;
        var found = site.source().find(path);
        if (found instanceof FileSource.Found.Folder) {
            if (site.defaultFilename() == null) {
                throw new HttpError(403, "not a file");
            }
            if (!path.isEmpty() && !path.endsWith("/")) {
                if (!Url.isLocalPath(request().path())) {
                    throw new HttpError(403, "a redirect would leave this host");
                }
                return null;
            }
            path += site.defaultFilename();
            found = site.source().find(path);
        }
        if (!(found instanceof StaticFile file)) {
            throw new HttpError(403, "not a file");
        }
        var variant =
                site.isPrecompressed()
                        ? Variants.best(site.source(), path, file, accepted)
                        : new Variants.Variant(path, file, null);
        var versions = site.versions();
        var tag = versions.of(variant.path(), variant.file());
        return new Answer(
                file, versions.of(path, file), variant, '"' + tag + '"', small(variant.file()));
    }

    private static byte @Nullable [] small(StaticFile file) throws IOException {
        return switch (file.content()) {
            case Content.InMemory(var bytes) -> bytes;
            case Content.OnDisk(var path) when file.size() <= READ_BYTES -> {
                var bytes = Files.readAllBytes(path);
                yield bytes.length == file.size() ? bytes : null; // it has changed since
            }
            case Content.OnDisk _ -> null;
        };
    }

    private void setFileHeaders(String path, Answer answer) {
        setHeader("Content-Type", getContentType(answer.plain()));
        setHeader("Accept-Ranges", "bytes");
        setHeader("Etag", answer.etag());
        var modified = answer.file().date();
        if (modified != null) {
            setHeader("Last-Modified", modified);
        }
        if (site.isPrecompressed()) {
            addHeader("Vary", "Accept-Encoding");
        }
        var coding = answer.variant().coding();
        if (coding != null) {
            setHeader("Content-Encoding", coding);
        }
        var cacheTime = getCacheTime(answer.plain());
        if (cacheTime.isPositive()) {
            setHeader("Cache-Control", "public, max-age=" + cacheTime.toSeconds() + ", immutable");
            setHeader("Expires", IOLoop.current().time().plus(cacheTime));
        } else {
            setHeader("Cache-Control", "no-cache");
        }
        setExtraHeaders(path);
    }

    /**
     * RFC 9110 section 13.2.2, the first two steps: what is not as the client wants is not sent.
     */
    private boolean hasWantedVersion(Answer answer) {
        var headers = request().headers();
        var wanted = headers.get("If-Match");
        if (wanted != null) {
            return ETags.strongMatch(wanted, answer.etag());
        }
        var since = headers.get("If-Unmodified-Since");
        var date = since == null ? null : HttpDate.parse(since);
        var modified = answer.file().date();
        return date == null || modified == null || !modified.isAfter(date);
    }

    /** None for the whole file, also if it has changed since the client got its part (If-Range). */
    private List<ByteRange> requestedRanges(Answer answer) {
        var headers = request().headers();
        var range = headers.get("Range");
        var condition = headers.get("If-Range");
        if (range == null || (condition != null && !isSameVersion(condition, answer))) {
            return List.of();
        }
        return ByteRange.parseSet(range);
    }

    private static boolean isSameVersion(String condition, Answer answer) {
        if (condition.startsWith("\"")) {
            return ETags.strongMatch(condition, answer.etag());
        }
        Instant modified = answer.file().date();
        return modified != null && modified.equals(HttpDate.parse(condition));
    }

    /**
     * Those that have bytes in them. Ranges that ask for more than there is in all overlap: that is
     * how servers are made to work for nothing, and answered with the whole (RFC 9110 section
     * 14.2).
     */
    private static List<ContentRange> satisfied(List<ByteRange> asked, long size) {
        var ranges = asked.stream().map(range -> range.of(size)).filter(Objects::nonNull).toList();
        long bytes = ranges.stream().mapToLong(ContentRange::length).sum();
        return ranges.size() > 1 && bytes > size
                ? List.of(new ContentRange(0, size - 1, size))
                : ranges;
    }

    private void send(Answer answer, @Nullable ContentRange range, boolean withContent)
            throws Exception {
        long first = range == null ? 0 : range.first();
        long length = range == null ? answer.file().size() : range.length();
        if (range != null && !range.isWhole()) {
            setStatus(206);
            setHeader("Content-Range", range.toString());
        }
        setHeader("Content-Length", length);
        if (!withContent) {
            flush();
            return;
        }
        if (answer.bytes() != null) {
            write(part(answer.bytes(), first, length));
            return;
        }
        try (var channel = open(answer)) {
            Async.await(writeFile(channel, first, length));
        }
    }

    private void sendParts(Answer answer, List<ContentRange> ranges, boolean withContent)
            throws Exception {
        var parts = new Parts(getContentType(answer.plain()), ranges);
        setStatus(206);
        setHeader("Content-Type", parts.contentType());
        setHeader("Content-Length", parts.length());
        if (!withContent) {
            flush();
            return;
        }
        if (answer.bytes() != null) {
            for (var range : ranges) {
                write(parts.head(range));
                write(part(answer.bytes(), range.first(), range.length()));
            }
        } else {
            try (var channel = open(answer)) {
                for (var range : ranges) {
                    write(parts.head(range));
                    Async.await(writeFile(channel, range.first(), range.length()));
                }
            }
        }
        write(parts.end());
    }

    private static byte[] part(byte[] bytes, long first, long length) {
        return length == bytes.length
                ? bytes
                : Arrays.copyOfRange(bytes, (int) first, (int) (first + length));
    }

    private static FileChannel open(Answer answer) throws IOException {
        return switch (answer.file().content()) {
            case Content.OnDisk(var path) ->
                    Async.await(Async.offload(() -> FileChannel.open(path)));
            case Content.InMemory _ -> throw new AssertionError("is in memory");
        };
    }
}
