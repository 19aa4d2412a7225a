package whirlwind.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateLoader;
import whirlwind.web.template.TemplateSource;

/**
 * What an {@link Application} is told once and for all; immutable. Start from {@link #DEFAULTS} and
 * say what differs.
 *
 * @param serveTraceback whether an error page shows the stack trace; never in production
 * @param templates where {@link RequestHandler#render} finds templates; null: nowhere
 * @param websocketPingInterval how often to ping an open WebSocket; zero: never
 * @param websocketMaxMessageSize the longest message taken from a WebSocket, in bytes, after
 *     inflating
 * @param server limits and timeouts of the HTTP server
 * @param values anything else that handlers want to find, by name
 */
public record ApplicationSettings(
        boolean serveTraceback,
        @Nullable TemplateLoader templates,
        Duration websocketPingInterval,
        int websocketMaxMessageSize,
        HttpServerOptions server,
        Map<String, Object> values) {
    /** Ten mebibytes. */
    private static final int DEFAULT_MAX_MESSAGE_SIZE = 10 << 20;

    /**
     * No traceback, no templates, no pings, WebSocket messages of up to 10 MiB, a default server.
     */
    public static final ApplicationSettings DEFAULTS =
            new ApplicationSettings(
                    false,
                    null,
                    Duration.ZERO,
                    DEFAULT_MAX_MESSAGE_SIZE,
                    HttpServerOptions.DEFAULTS,
                    Map.of());

    /** Refuses what can't be meant. */
    public ApplicationSettings {
        if (websocketPingInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "websocketPingInterval: " + websocketPingInterval + " (at least 0)");
        }
        if (websocketMaxMessageSize < 1) {
            throw new IllegalArgumentException(
                    "websocketMaxMessageSize: " + websocketMaxMessageSize + " (at least 1)");
        }
        values = Map.copyOf(values);
    }

    /** These settings, showing the stack trace of an error to the client, or not. */
    public ApplicationSettings withServeTraceback(boolean serveTraceback) {
        return new ApplicationSettings(
                serveTraceback,
                templates,
                websocketPingInterval,
                websocketMaxMessageSize,
                server,
                values);
    }

    /** These settings with another source of templates. */
    public ApplicationSettings withTemplates(TemplateLoader templates) {
        return new ApplicationSettings(
                serveTraceback,
                templates,
                websocketPingInterval,
                websocketMaxMessageSize,
                server,
                values);
    }

    /** These settings with the templates of a folder. Tornado: {@code template_path}. */
    public ApplicationSettings withTemplatePath(Path folder) {
        return withTemplates(new PebbleTemplateLoader(TemplateSource.folder(folder)));
    }

    /** These settings with another interval between pings. */
    public ApplicationSettings withWebsocketPingInterval(Duration interval) {
        return new ApplicationSettings(
                serveTraceback, templates, interval, websocketMaxMessageSize, server, values);
    }

    /** These settings with another limit for messages, in bytes. */
    public ApplicationSettings withWebsocketMaxMessageSize(int bytes) {
        return new ApplicationSettings(
                serveTraceback, templates, websocketPingInterval, bytes, server, values);
    }

    /** These settings with another server. */
    public ApplicationSettings withServer(HttpServerOptions server) {
        return new ApplicationSettings(
                serveTraceback,
                templates,
                websocketPingInterval,
                websocketMaxMessageSize,
                server,
                values);
    }

    /** These settings with one more value for handlers to find. */
    public ApplicationSettings withValue(String name, Object value) {
        var more = new HashMap<>(values);
        more.put(name, value);
        return new ApplicationSettings(
                serveTraceback,
                templates,
                websocketPingInterval,
                websocketMaxMessageSize,
                server,
                more);
    }
}
