package whirlwind.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Cookie;
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
    private @Nullable SignedValues signedValues;
    private boolean xsrfCookies;
    private Cookie xsrfCookie = Cookie.of("_xsrf", "");
    private int xsrfCookieVersion = 2;
    private @Nullable String loginUrl;
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

    /** What signs cookies and other values; null, the default: there is no secret. */
    public @Nullable SignedValues signedValues() {
        return signedValues;
    }

    /**
     * These settings with a secret to sign cookies with, best 32 random bytes as text. Tornado:
     * {@code cookie_secret}.
     */
    public ApplicationSettings withCookieSecret(String secret) {
        var values = new SignedValues(secret);
        return with(copy -> copy.signedValues = values);
    }

    /**
     * These settings with several secrets by their versions: cookies are signed with that of {@code
     * keyVersion}, and read with the one they name. Tornado: {@code cookie_secret}, {@code
     * key_version}.
     */
    public ApplicationSettings withCookieSecrets(Map<Integer, String> secrets, int keyVersion) {
        var values = new SignedValues(secrets, keyVersion);
        return with(copy -> copy.signedValues = values);
    }

    /**
     * Whether every method but GET, HEAD and OPTIONS needs the XSRF token; see {@link
     * RequestHandler#checkXsrfCookie}. Default: no.
     */
    public boolean xsrfCookies() {
        return xsrfCookies;
    }

    /** These settings with protection against forged requests, or without. */
    public ApplicationSettings withXsrfCookies(boolean xsrfCookies) {
        return with(copy -> copy.xsrfCookies = xsrfCookies);
    }

    /**
     * Name and attributes of the cookie that holds the XSRF token; {@code _xsrf} without any by
     * default.
     */
    public Cookie xsrfCookie() {
        return xsrfCookie;
    }

    /**
     * These settings with another cookie for the XSRF token; its value is of no account. One with
     * neither age nor end lasts until the browser is closed, or for 30 days if the user is known.
     * Tornado: {@code xsrf_cookie_name}, {@code xsrf_cookie_kwargs}.
     *
     * {@snippet :
     * settings.withXsrfCookie(Cookie.of("__Host-xsrf", "").withHttpOnly(true))
     * }
     */
    public ApplicationSettings withXsrfCookie(Cookie model) {
        return with(copy -> copy.xsrfCookie = Objects.requireNonNull(model, "model"));
    }

    /** The format of XSRF tokens: 2, the default, which masks them, or 1, which doesn't. */
    public int xsrfCookieVersion() {
        return xsrfCookieVersion;
    }

    /** These settings with another format of XSRF tokens; both are read in any case. */
    public ApplicationSettings withXsrfCookieVersion(int version) {
        if (version != 1 && version != 2) {
            throw new IllegalArgumentException("xsrfCookieVersion: " + version + " (1 or 2)");
        }
        return with(copy -> copy.xsrfCookieVersion = version);
    }

    /** Where {@link Authenticated} sends strangers; null, the default: nowhere. */
    public @Nullable String loginUrl() {
        return loginUrl;
    }

    /** These settings with an address to sign in at. */
    public ApplicationSettings withLoginUrl(String loginUrl) {
        if (loginUrl.isBlank()) {
            throw new IllegalArgumentException("loginUrl: blank");
        }
        return with(copy -> copy.loginUrl = loginUrl);
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
