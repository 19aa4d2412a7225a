package whirlwind.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.Cookie;
import whirlwind.http.HostAndPort;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.web.locale.Locales;
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

    private static final Pattern LOGIN_URL = Pattern.compile("(?:/|https?://)[!-~]*");

    // Written only by the withers, each in a copy that nobody has seen yet.
    private boolean debug;
    private @Nullable Boolean autoreload;
    private @Nullable Boolean serveTraceback;
    private ErrorPage errorPage = ErrorPage.DEFAULT;
    private boolean compressResponse;
    private Duration timeLimit = Duration.ZERO;
    private Duration drainLimit = Duration.ofSeconds(10);
    private LogFunction logFunction = LogFunction.TEXT;
    private RequestId.Source requestIds = RequestId.Source.NONE;
    private String defaultHost = "";
    private @Nullable TemplateLoader templates;
    private @Nullable Boolean templateCache;
    private Map<String, Supplier<? extends UIModule>> uiModules = Map.of();
    private Map<String, UIMethod> uiMethods = Map.of();
    private Locales locales = Locales.ENGLISH;
    private @Nullable StaticFiles staticFiles;
    private @Nullable Boolean staticHashCache;
    private Duration websocketPingInterval = Duration.ofSeconds(30);
    private @Nullable Duration websocketPingTimeout;
    private int websocketMaxMessageSize = 10 << 20;
    private Duration sseKeepAlive = Duration.ofSeconds(15);
    private @Nullable SignedValues signedValues;
    private boolean xsrfCookies;
    private Cookie xsrfCookie = Cookie.of("_xsrf", "");
    private int xsrfCookieVersion = 2;
    private @Nullable String loginUrl;
    private HttpServerOptions server = HttpServerOptions.DEFAULTS;
    private Map<String, Object> values = Map.of();

    private ApplicationSettings() {}

    /** Whether this is for who writes the application; not by default. */
    public boolean debug() {
        return debug;
    }

    /**
     * These settings for who writes the application, or not: what is meant for them alone is on,
     * and caches are off, unless they are set by themselves ({@link #autoreload}, {@link
     * #serveTraceback}, {@link #templateCache}, {@link #staticHashCache}).
     */
    public ApplicationSettings withDebug(boolean debug) {
        return with(copy -> copy.debug = debug);
    }

    /** Whether the program restarts when its code changes. As {@link #debug} by default. */
    public boolean autoreload() {
        return autoreload == null ? debug : autoreload;
    }

    /**
     * These settings, restarting the program when its code changes, or not, from when the
     * application listens on; see {@link whirlwind.tools.autoreload.Autoreload}. A program in a
     * jar, or one under a test runner, has no code that is watched.
     */
    public ApplicationSettings withAutoreload(boolean autoreload) {
        return with(copy -> copy.autoreload = autoreload);
    }

    /**
     * Whether an error page shows the stack trace; never in production. As {@link #debug} by
     * default.
     */
    public boolean serveTraceback() {
        return serveTraceback == null ? debug : serveTraceback;
    }

    /** These settings, showing the stack trace of an error to the client, or not. */
    public ApplicationSettings withServeTraceback(boolean serveTraceback) {
        return with(copy -> copy.serveTraceback = serveTraceback);
    }

    /**
     * What clients are shown of errors by handlers that don't write their own; {@link
     * ErrorPage#DEFAULT} by default.
     */
    public ErrorPage errorPage() {
        return errorPage;
    }

    /** These settings with another page for errors. */
    public ApplicationSettings withErrorPage(ErrorPage errorPage) {
        return with(copy -> copy.errorPage = Objects.requireNonNull(errorPage, "errorPage"));
    }

    /** Whether text is compressed for clients that take it; not by default. */
    public boolean compressResponse() {
        return compressResponse;
    }

    /**
     * These settings, compressing what is text, JSON, JavaScript, XML or WebAssembly and has 1024
     * bytes or is streamed, or not: with gzip, and with Brotli and zstd where brotli4j or zstd-jni
     * are on the path.
     *
     * <p>The length of a compressed page gives away a secret in it if the page has something of the
     * request in it, too (BREACH). XSRF tokens are masked against that; a page with other secrets
     * says {@code Cache-Control: no-transform}.
     */
    public ApplicationSettings withCompressResponse(boolean compressResponse) {
        return with(copy -> copy.compressResponse = compressResponse);
    }

    /** See {@link RequestHandler#timeLimit}; zero, the default, for none. */
    public Duration timeLimit() {
        return timeLimit;
    }

    /** These settings with another limit of time for handlers; zero for none. */
    public ApplicationSettings withTimeLimit(Duration limit) {
        Check.notNegative("timeLimit", limit);
        return with(copy -> copy.timeLimit = limit);
    }

    /**
     * How long what runs may take to finish when the process is told to end, 10 seconds by default;
     * zero: the process ends at once, as the JVM does by itself.
     */
    public Duration drainLimit() {
        return drainLimit;
    }

    /** These settings with another limit of time for the end; zero for none. */
    public ApplicationSettings withDrainLimit(Duration limit) {
        Check.notNegative("drainLimit", limit);
        return with(copy -> copy.drainLimit = limit);
    }

    /** What logs requests; {@link LogFunction#TEXT} by default. */
    public LogFunction logFunction() {
        return logFunction;
    }

    /** These settings with another log of requests: {@link LogFunction#JSON}, or your own. */
    public ApplicationSettings withLogFunction(LogFunction logFunction) {
        return with(copy -> copy.logFunction = Objects.requireNonNull(logFunction, "logFunction"));
    }

    /** Where requests have their names from; {@link RequestId.Source#NONE} by default. */
    public RequestId.Source requestIds() {
        return requestIds;
    }

    /** These settings with another source of the names of requests. */
    public ApplicationSettings withRequestIds(RequestId.Source source) {
        return with(copy -> copy.requestIds = Objects.requireNonNull(source, "requestIds"));
    }

    /** The host that counts as every request's for {@link Application#host}; empty for none. */
    public String defaultHost() {
        return defaultHost;
    }

    /**
     * These settings with a default host. Don't on a machine that browsers reach: a page of any
     * name that leads there could talk to it (DNS rebinding).
     *
     * @throws IllegalArgumentException if it is no host's name
     */
    public ApplicationSettings withDefaultHost(String host) {
        if (!host.isEmpty() && (!HostAndPort.isValid(host) || host.contains(":"))) {
            throw new IllegalArgumentException(
                    "defaultHost: \"" + host + "\" (such as www.example.com, without a port)");
        }
        return with(copy -> copy.defaultHost = host);
    }

    /**
     * Where {@link RequestHandler#render} finds templates; null, the default: beside the handler.
     */
    public @Nullable TemplateLoader templates() {
        return templates;
    }

    /** These settings with another source of templates. */
    public ApplicationSettings withTemplates(TemplateLoader templates) {
        return with(copy -> copy.templates = Objects.requireNonNull(templates, "templates"));
    }

    /**
     * These settings with the templates of a folder. Tornado: {@code template_path}.
     *
     * @throws IllegalArgumentException if there is no such folder
     */
    public ApplicationSettings withTemplatePath(Path folder) {
        Check.folder("templatePath", folder);
        return withTemplates(new PebbleTemplateLoader(TemplateSource.folder(folder)));
    }

    /** Whether templates stay as they were first read; unless {@link #debug} by default. */
    public boolean templateCache() {
        return templateCache == null ? !debug : templateCache;
    }

    /**
     * These settings, reading templates anew for every rendering, or not. Tornado: {@code
     * compiled_template_cache}.
     */
    public ApplicationSettings withTemplateCache(boolean templateCache) {
        return with(copy -> copy.templateCache = templateCache);
    }

    /** The modules that templates may use, by their names. */
    public Map<String, Supplier<? extends UIModule>> uiModules() {
        return uiModules;
    }

    /**
     * These settings with one more module: {@code withUiModule("Entry", Entry::new)}.
     *
     * @throws IllegalArgumentException if the name is no name in templates
     */
    public ApplicationSettings withUiModule(String name, Supplier<? extends UIModule> module) {
        checkName("uiModule", name);
        return with(copy -> copy.uiModules = with(uiModules, name, module));
    }

    /** The functions that templates may call, by their names. */
    public Map<String, UIMethod> uiMethods() {
        return uiMethods;
    }

    /**
     * These settings with one more function for templates.
     *
     * @throws IllegalArgumentException if the name is no name in templates
     */
    public ApplicationSettings withUiMethod(String name, UIMethod method) {
        checkName("uiMethod", name);
        return with(copy -> copy.uiMethods = with(uiMethods, name, method));
    }

    private static void checkName(String setting, String name) {
        if (!name.matches("[A-Za-z]\\w*")) {
            throw new IllegalArgumentException(
                    setting + ": \"" + name + "\" (a letter, then letters, digits and _)");
        }
    }

    private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
        var more = new HashMap<>(map);
        more.put(name, value);
        return Map.copyOf(more);
    }

    /** The languages of the application; American English by default. */
    public Locales locales() {
        return locales;
    }

    /** These settings with other languages. */
    public ApplicationSettings withLocales(Locales locales) {
        return with(copy -> copy.locales = Objects.requireNonNull(locales, "locales"));
    }

    /** The static files; null, the default: none. */
    public @Nullable StaticFiles staticFiles() {
        return staticFiles;
    }

    /**
     * These settings with static files, which are served before all routes, and whose URLs {@link
     * RequestHandler#staticUrl} makes. Tornado: {@code static_path}.
     */
    public ApplicationSettings withStaticFiles(StaticFiles files) {
        return with(copy -> copy.staticFiles = Objects.requireNonNull(files, "staticFiles"));
    }

    /**
     * Whether the versions of static files are looked at once only; unless {@link #debug} by
     * default.
     */
    public boolean staticHashCache() {
        return staticHashCache == null ? !debug : staticHashCache;
    }

    /** These settings, looking at static files whenever their URL is wanted, or not. */
    public ApplicationSettings withStaticHashCache(boolean staticHashCache) {
        return with(copy -> copy.staticHashCache = staticHashCache);
    }

    /** How often to ping an open WebSocket, 30 s by default; zero: never. */
    public Duration websocketPingInterval() {
        return websocketPingInterval;
    }

    /** These settings with another interval of pings. */
    public ApplicationSettings withWebsocketPingInterval(Duration interval) {
        Check.notNegative("websocketPingInterval", interval);
        return with(copy -> copy.websocketPingInterval = interval);
    }

    /**
     * How long the client of a WebSocket may take to answer a ping before it is closed; zero: no
     * limit; null, the default, or more than that: the interval.
     */
    public @Nullable Duration websocketPingTimeout() {
        return websocketPingTimeout;
    }

    /** These settings with another time to answer pings. */
    public ApplicationSettings withWebsocketPingTimeout(@Nullable Duration timeout) {
        if (timeout != null) {
            Check.notNegative("websocketPingTimeout", timeout);
        }
        return with(copy -> copy.websocketPingTimeout = timeout);
    }

    /** The longest message taken from a WebSocket, in bytes, after inflating; 10 MiB by default. */
    public int websocketMaxMessageSize() {
        return websocketMaxMessageSize;
    }

    /** These settings with another limit for messages, in bytes. */
    public ApplicationSettings withWebsocketMaxMessageSize(int bytes) {
        Check.positive("websocketMaxMessageSize", bytes);
        return with(copy -> copy.websocketMaxMessageSize = bytes);
    }

    /**
     * How often a stream of server-sent events is sent a comment, so that no proxy takes it for
     * dead and a client that takes nothing is found out; 15 seconds by default; zero: never.
     */
    public Duration sseKeepAlive() {
        return sseKeepAlive;
    }

    /** These settings with another interval between comments; zero for none. */
    public ApplicationSettings withSseKeepAlive(Duration interval) {
        Check.notNegative("sseKeepAlive", interval);
        return with(copy -> copy.sseKeepAlive = interval);
    }

    /** What signs cookies and other values; null, the default: there is no secret. */
    public @Nullable SignedValues signedValues() {
        return signedValues;
    }

    /**
     * These settings with a secret to sign cookies with, best 32 random bytes as text; a warning is
     * logged of one that has fewer than 16 bytes. Tornado: {@code cookie_secret}.
     */
    public ApplicationSettings withCookieSecret(@Nullable String secret) {
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

    /**
     * These settings with an address to sign in at.
     *
     * @throws IllegalArgumentException if it is neither a path of this site nor a URL
     */
    public ApplicationSettings withLoginUrl(String loginUrl) {
        if (!LOGIN_URL.matcher(loginUrl).matches()) {
            throw new IllegalArgumentException(
                    "loginUrl: \"" + loginUrl + "\" (a path such as /login, or a URL)");
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
        if (name.isBlank()) {
            throw new IllegalArgumentException("value: its name is blank");
        }
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
