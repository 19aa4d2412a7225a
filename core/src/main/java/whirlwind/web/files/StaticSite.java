package whirlwind.web.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Url;
import whirlwind.loop.Async;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;
import whirlwind.web.StaticFiles;
import whirlwind.web.routing.Route;
import whirlwind.web.routing.Rule;

/**
 * All files that are served below one path, {@code /static/} unless it says otherwise:
 *
 * {@snippet :
 * ApplicationSettings.DEFAULTS.withStaticFiles(StaticSite.folder(Path.of("static")))
 * }
 *
 * <p>{@code index.html} stands for its folder. {@code /favicon.ico} and {@code /robots.txt} are
 * those of the site. Immutable but for what it knows of the files' versions; for any thread.
 * Tornado: {@code static_path}, {@code static_url_prefix}, {@code static_handler_args}.
 */
public final class StaticSite implements StaticFiles {
    private static final Logger log = LoggerFactory.getLogger(StaticSite.class);

    private final FileSource source;
    private final String prefix;
    private final @Nullable String defaultFilename;
    private final boolean precompressed;
    private final Function<StaticSite, ? extends StaticFileHandler> handler;
    private final Versions versions = new Versions();

    private StaticSite(
            FileSource source,
            String prefix,
            @Nullable String defaultFilename,
            boolean precompressed,
            Function<StaticSite, ? extends StaticFileHandler> handler) {
        this.source = source;
        this.prefix = prefix;
        this.defaultFilename = defaultFilename;
        this.precompressed = precompressed;
        this.handler = handler;
    }

    /** The files of any source. */
    public static StaticSite of(FileSource source) {
        return new StaticSite(source, "/static/", "index.html", false, StaticFileHandler::new);
    }

    /** The files of a folder. */
    public static StaticSite folder(Path root) {
        return of(FileSource.folder(root));
    }

    /** Resources beside a class; see {@link FileSource#classPath}. */
    public static StaticSite classPath(Class<?> anchor, String folder) {
        return of(FileSource.classPath(anchor, folder));
    }

    /**
     * The same below another path.
     *
     * @throws IllegalArgumentException unless it starts and ends with a slash
     */
    public StaticSite withPrefix(String prefix) {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix: " + prefix + " (such as /static/)");
        }
        return new StaticSite(source, prefix, defaultFilename, precompressed, handler);
    }

    /** The same with another file that stands for its folder; null for none. */
    public StaticSite withDefaultFilename(@Nullable String name) {
        return new StaticSite(source, prefix, name, precompressed, handler);
    }

    /**
     * The same, sending {@code x.br} or {@code x.gz} instead of {@code x} to who accepts that and
     * where there is one: files that were compressed when the site was made.
     */
    public StaticSite withPrecompressed() {
        return new StaticSite(source, prefix, defaultFilename, true, handler);
    }

    /** The same with handlers of your own. Tornado: {@code static_handler_class}. */
    public StaticSite withHandler(Function<StaticSite, ? extends StaticFileHandler> handler) {
        return new StaticSite(source, prefix, defaultFilename, precompressed, handler);
    }

    @Override
    public List<Rule<Supplier<? extends RequestHandler>>> routes() {
        Supplier<StaticFileHandler> make = () -> handler.apply(this);
        var rules = new ArrayList<Rule<Supplier<? extends RequestHandler>>>();
        rules.add(Route.to(prefix + "{path:*}", make));
        rules.add(Route.to("/{path:favicon\\.ico}", make));
        rules.add(Route.to("/{path:robots\\.txt}", make));
        return rules;
    }

    /** The version is that of the file when it was last looked at; none if it can't be read. */
    @Override
    public String url(String path, boolean versioned) {
        var url = prefix + Url.escapePath(path);
        if (!versioned) {
            return url;
        }
        var version = versions.known(path);
        if (version == null) {
            version = Async.await(Async.offload(() -> versionOf(path)));
        }
        return version.isEmpty() ? url : url + "?v=" + version;
    }

    private String versionOf(String path) {
        try {
            return source.find(path) instanceof StaticFile file ? versions.of(path, file) : "";
        } catch (IOException | HttpError e) {
            log.error("{} has no version: it can't be read", path, e);
            return "";
        }
    }

    @Override
    public void reset() {
        versions.reset();
    }

    // ---- for handlers ----

    FileSource source() {
        return source;
    }

    @Nullable String defaultFilename() {
        return defaultFilename;
    }

    boolean isPrecompressed() {
        return precompressed;
    }

    Versions versions() {
        return versions;
    }
}
