package whirlwind.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateLoader;
import whirlwind.web.template.TemplateSource;

/**
 * What an {@link Application} is told once and for all; immutable, for any thread. Start from
 * {@link #DEFAULTS} and say what differs; a value that can't be meant is refused at once, with
 * {@link IllegalArgumentException}.
 *
 * {@snippet :
 * ApplicationSettings.DEFAULTS.withTemplatePath(Path.of("templates")).withServeTraceback(true)
 * }
 *
 * <p>Each {@code with} method leaves these settings as they are and answers others. Tornado: the
 * settings of {@code Application}.
 */
public final class ApplicationSettings implements Cloneable {
    /** What each setting's method below says is its default. */
    public static final ApplicationSettings DEFAULTS = new ApplicationSettings();

    // Written only by the withers, each in a copy that nobody has seen yet.
    private boolean serveTraceback;
    private @Nullable TemplateLoader templates;
    private Duration websocketPingInterval = Duration.ZERO;
    private int websocketMaxMessageSize = 10 << 20;
    private HttpServerOptions server = HttpServerOptions.DEFAULTS;
    private Map<String, Object> values = Map.of();

    private ApplicationSettings() {}

    /** Whether an error page shows the stack trace; never in production, and not by default. */
    public boolean serveTraceback() {
        return serveTraceback;
    }

    /** These settings, showing the stack trace of an error to the client, or not. */
    public ApplicationSettings withServeTraceback(boolean serveTraceback) {
        return with(copy -> copy.serveTraceback = serveTraceback);
    }

    /** Where {@link RequestHandler#render} finds templates; null, the default: nowhere. */
    public @Nullable TemplateLoader templates() {
        return templates;
    }

    /** These settings with another source of templates. */
    public ApplicationSettings withTemplates(TemplateLoader templates) {
        return with(copy -> copy.templates = Objects.requireNonNull(templates, "templates"));
    }

    /** These settings with the templates of a folder. Tornado: {@code template_path}. */
    public ApplicationSettings withTemplatePath(Path folder) {
        return withTemplates(new PebbleTemplateLoader(TemplateSource.folder(folder)));
    }

    /** How often to ping an open WebSocket; zero, the default: never. */
    public Duration websocketPingInterval() {
        return websocketPingInterval;
    }

    /** These settings with another interval between pings; zero for none. */
    public ApplicationSettings withWebsocketPingInterval(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException(
                    "websocketPingInterval: " + interval + " (at least 0)");
        }
        return with(copy -> copy.websocketPingInterval = interval);
    }

    /** The longest message taken from a WebSocket, in bytes, after inflating; 10 MiB by default. */
    public int websocketMaxMessageSize() {
        return websocketMaxMessageSize;
    }

    /** These settings with another limit for messages, in bytes. */
    public ApplicationSettings withWebsocketMaxMessageSize(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "websocketMaxMessageSize: " + bytes + " bytes (at least 1)");
        }
        return with(copy -> copy.websocketMaxMessageSize = bytes);
    }

    /** Limits and timeouts of the HTTP server; its own defaults by default. */
    public HttpServerOptions server() {
        return server;
    }

    /** These settings with another server. */
    public ApplicationSettings withServer(HttpServerOptions server) {
        return with(copy -> copy.server = Objects.requireNonNull(server, "server"));
    }

    /** Anything else that handlers want to find, by name. */
    public Map<String, Object> values() {
        return values;
    }

    /** These settings with one more value for handlers to find. */
    public ApplicationSettings withValue(String name, Object value) {
        var more = new HashMap<>(values);
        more.put(name, value);
        return with(copy -> copy.values = Map.copyOf(more));
    }

    private ApplicationSettings with(Consumer<ApplicationSettings> change) {
        try {
            var copy = (ApplicationSettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
