package whirlwind.web;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.escape.Url;
import whirlwind.escape.Utf8;
import whirlwind.http.Cookie;
import whirlwind.http.FormData;
import whirlwind.http.Headers;
import whirlwind.http.HttpDate;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.WebSocketConnection;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.loop.IOLoop;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;
import whirlwind.web.locale.UserLocale;
import whirlwind.web.routing.RouteMatch;
import whirlwind.web.template.TemplateLoader;

/**
 * Answers one request. Subclasses override the method of the verb they answer, {@link #get} or
 * {@link #post} and so on, and write the response in it; whatever verb they don't override is
 * answered with 405.
 *
 * <p>A handler object is made for each request, and its methods run in a coroutine of the loop, in
 * this order: {@link #prepare}, the verb's method, and when the response has been finished {@link
 * #onFinish}. All of them may wait with {@code Async.await} and may throw: {@link HttpError} for a
 * status, anything else means 500. When the verb's method returns, the response is finished if it
 * wasn't. When the client goes away earlier, the coroutine is cancelled, unless {@link
 * #outlivesClient} says otherwise.
 *
 * <p>Confined to the loop: call its methods from the request's coroutine, or from others of the
 * same loop. After the response is finished, methods that change it throw {@link
 * IllegalStateException}. Tornado: {@code web.RequestHandler}.
 */
public abstract class RequestHandler {
    private static final String HTML = "text/html; charset=UTF-8";
    private static final String JSON = "application/json; charset=UTF-8";

    /** How long a browser keeps a signed cookie, unless it is told otherwise. */
    private static final Duration SIGNED_AGE = Duration.ofDays(30);

    /** Null before the request is handled. */
    private @Nullable Application application;

    /** These two are null before the request is handled, and after {@link #release}. */
    private @Nullable Response response;

    private @Nullable RouteMatch<?> match;
    private @Nullable Xsrf xsrf;
    private @Nullable Views views;

    /** Null before it is first asked for, or assigned. */
    private @Nullable Optional<Object> currentUser;

    // ---- to override ----

    /**
     * Runs before the verb's method, whatever the verb. Finishing the response here skips that
     * method.
     */
    protected void prepare() throws Exception {}

    /**
     * Takes the next piece of the body, in a handler with {@link StreamRequestBody}. The next one
     * comes when this returns: while it waits, the client does.
     */
    protected void dataReceived(byte[] piece) throws Exception {
        throw new UnsupportedOperationException(
                getClass().getName()
                        + " has @StreamRequestBody, but doesn't override dataReceived");
    }

    /** Answers GET. */
    protected void get() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers HEAD; nothing written is sent. Not derived from {@link #get}. */
    protected void head() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers POST. */
    protected void post() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers PUT. */
    protected void put() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers PATCH. */
    protected void patch() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers DELETE. */
    protected void delete() throws Exception {
        throw methodNotAllowed();
    }

    /** Answers OPTIONS. */
    protected void options() throws Exception {
        throw methodNotAllowed();
    }

    /**
     * Answers verbs that have no method of their own. Tornado: extending {@code SUPPORTED_METHODS}.
     */
    protected void otherMethod(String method) throws Exception {
        throw methodNotAllowed();
    }

    /**
     * How long handling may take, from {@link #prepare} to the end of the response; asked once,
     * before that. Then what the handler waits for is cancelled, and the client is answered with
     * 503, or cut off if it has got a part already. Zero: as long as it takes. Default: the setting
     * {@link ApplicationSettings#timeLimit}.
     */
    protected Duration timeLimit() {
        return settings().timeLimit();
    }

    /** Runs once, when the response has been finished or given up. */
    protected void onFinish() throws Exception {}

    /**
     * Runs instead of the rest of the handler when the client went away before the response was
     * finished.
     */
    protected void onConnectionClose() throws Exception {}

    /**
     * Whether this handler goes on when its client has gone away; asked once, before {@link
     * #prepare}. Default: no.
     */
    protected boolean outlivesClient() {
        return false;
    }

    /**
     * Sets headers that every response of this handler has, error pages included; called before
     * anything else sets some.
     */
    protected void setDefaultHeaders() {}

    /**
     * Writes the body of an error page; status and headers are set. Default: the setting {@link
     * ApplicationSettings#errorPage}, which is one for all handlers.
     *
     * @param failure why, null if nothing was thrown; an {@link InvalidInputException} says what is
     *     wrong with each field
     */
    protected void writeError(int status, @Nullable Throwable failure) throws Exception {
        settings().errorPage().write(this, status, failure);
    }

    /**
     * Logs what a handler threw: an {@link HttpError} with a message as one warning, anything else
     * as an error with its stack.
     */
    protected void logException(Throwable failure) {
        Execution.log(failure, request());
    }

    /**
     * Who makes this request, null if that is not known: what {@link #currentUser} answers, which
     * asks once. Usually reads a signed cookie; may wait, for a database for example. Default:
     * null.
     */
    protected @Nullable Object getCurrentUser() {
        return null;
    }

    /**
     * Where {@link Authenticated} sends strangers. Default: the setting {@code loginUrl}.
     *
     * @throws IllegalStateException if there is no such setting
     */
    protected String getLoginUrl() {
        var url = settings().loginUrl();
        if (url == null) {
            throw new IllegalStateException(
                    "@Authenticated needs to know where users sign in:"
                            + " set ApplicationSettings.withLoginUrl, or override getLoginUrl");
        }
        return url;
    }

    /**
     * Refuses requests that another site may have made its visitors send; called before {@link
     * #prepare} for every method but GET, HEAD and OPTIONS, if the setting {@code xsrfCookies} is
     * on. The token of the cookie has to come a second time: as argument {@code _xsrf} of query or
     * body, or as header {@code X-XSRFToken} or {@code X-CSRFToken}. The body of a handler with
     * {@link StreamRequestBody} is not looked at. Override it to exempt a handler, for requests
     * that are not believed for their cookies' sake.
     *
     * @throws HttpError (403) if the token is missing, malformed or another
     */
    protected void checkXsrfCookie() {
        xsrf().check();
    }

    /** Where this handler's templates come from. Default: {@link #defaultTemplateLoader}. */
    protected TemplateLoader getTemplateLoader() {
        return defaultTemplateLoader();
    }

    /**
     * The application's templates; without the setting {@code templates}, what lies beside the
     * class of this handler.
     */
    protected final TemplateLoader defaultTemplateLoader() {
        return views().defaultLoader();
    }

    /**
     * What templates see besides {@code handler}, {@code request}, {@code current_user}, {@code
     * locale}, {@code _}, {@code translate}, {@code pgettext}, {@code static_url}, {@code
     * reverse_url}, {@code xsrf_form_html}, {@code modules} and the application's UI methods, and
     * what they are given. Default: nothing.
     */
    protected Map<String, ?> getTemplateNamespace() {
        return Map.of();
    }

    /** How pages are given the scripts and style sheets of their modules. */
    protected PageMarkup pageMarkup() {
        return new PageMarkup();
    }

    /**
     * The language of this request's user, such as he has chosen it; asked once, when it is needed.
     * Default: null, for what the browser wants.
     */
    protected @Nullable UserLocale getUserLocale() {
        return null;
    }

    /** The entity tag of a buffered body, quoted; null for none. Default: its SHA-1. */
    protected @Nullable String computeEtag(byte[] body) {
        return EntityTag.of(body);
    }

    // ---- input ----

    /** The application that this handler was made for. */
    public final Application application() {
        return handled(application);
    }

    /** The application's settings. */
    public final ApplicationSettings settings() {
        return application().settings();
    }

    /**
     * A setting of your own, for a feature that can't do without.
     *
     * @throws IllegalStateException if the settings don't have it
     */
    public final Object requireSetting(String name, String feature) {
        var value = settings().values().get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "%s needs the setting %s: ApplicationSettings.withValue(\"%s\", ...)"
                            .formatted(feature, name, name));
        }
        return value;
    }

    /** The request. */
    public final HttpServerRequest request() {
        return response().request();
    }

    /**
     * How long this request has been handled so far: since its head had come, or its whole body
     * unless the handler has {@link StreamRequestBody}. When its handler has ended, the access log
     * is told the same as {@link AccessRecord#duration}. Tornado: {@code request.request_time}.
     */
    public final Duration requestTime() {
        return Duration.between(response().started(), IOLoop.current().time());
    }

    /**
     * The argument of the path that stands for {@code {name}} in the route's template, decoded;
     * empty for one that is optional and missing.
     *
     * @throws IllegalArgumentException if the template has no such name
     * @throws IllegalStateException if no route has led here
     */
    public final String getPathArgument(String name) {
        var match = match();
        if (match == null) {
            throw new IllegalStateException("no route matched, so the path has no arguments");
        }
        return Objects.requireNonNullElse(match.argument(name), "");
    }

    /**
     * The same as a value of a class: a number, a {@code UUID}, an enum's constant.
     *
     * @throws HttpError (404) if it isn't one: no such thing can be there
     */
    public final <T> T getPathArgument(String name, Class<T> type) {
        return Arguments.path(getPathArgument(name), type);
    }

    /**
     * The arguments of the path in order; an optional one that is missing is null. Tornado: {@code
     * path_args}.
     */
    public final List<@Nullable String> pathArguments() {
        var match = match();
        return match == null ? List.of() : match.arguments();
    }

    /** Null if no route has led here. */
    private @Nullable RouteMatch<?> match() {
        var _ = response(); // with which it goes
        return match;
    }

    /**
     * The last value of an argument of body or query, those of the body counting as later; control
     * characters become spaces, and space at both ends is cut.
     *
     * @throws MissingArgumentException (400) if there is none
     */
    public final String getArgument(String name) {
        return Arguments.required(name, request().arguments());
    }

    /** The same, or {@code fallback} if there is none. */
    public final @Nullable String getArgument(String name, @Nullable String fallback) {
        return Arguments.last(name, request().arguments(), fallback);
    }

    /** All values of an argument, those of the query first; perhaps none. */
    public final List<String> getArguments(String name) {
        return Arguments.all(name, request().arguments());
    }

    /** As {@link #getArgument(String)}, of the query alone. */
    public final String getQueryArgument(String name) {
        return Arguments.required(name, request().queryArguments());
    }

    /** As {@link #getArgument(String, String)}, of the query alone. */
    public final @Nullable String getQueryArgument(String name, @Nullable String fallback) {
        return Arguments.last(name, request().queryArguments(), fallback);
    }

    /** As {@link #getArgument(String)}, of the body alone. */
    public final String getBodyArgument(String name) {
        return Arguments.required(name, requestWithBody().bodyArguments());
    }

    /** As {@link #getArgument(String, String)}, of the body alone. */
    public final @Nullable String getBodyArgument(String name, @Nullable String fallback) {
        return Arguments.last(name, request().bodyArguments(), fallback);
    }

    /** All values of an argument of the query, perhaps none; see {@link #getArguments}. */
    public final List<String> getQueryArguments(String name) {
        return Arguments.all(name, request().queryArguments());
    }

    /** All values of an argument of the body, perhaps none; see {@link #getArguments}. */
    public final List<String> getBodyArguments(String name) {
        return Arguments.all(name, request().bodyArguments());
    }

    /**
     * The body, which is JSON, as a value of a class, most of all a record. Every component of a
     * record has to be there, unless it is an {@code Optional} or marked {@code @Nullable}, and
     * nothing else may be, unless the record has Jackson's
     * {@code @JsonIgnoreProperties(ignoreUnknown = true)}. What its constructor refuses with {@link
     * IllegalArgumentException} is invalid, too, and the message goes to the client. At most 100
     * levels deep.
     *
     * @throws InvalidInputException (400) if it is not JSON, (422) if it is not such a value; it
     *     names each field that is wrong
     * @throws HttpError (415) if it says that it is something else than JSON
     */
    public final <T> T body(Class<T> type) {
        return Arguments.json(requestWithBody(), type);
    }

    /**
     * The arguments of the query as a record: components by name, converted from text, of lists all
     * values. Others are ignored.
     *
     * @throws InvalidInputException (400) if one is missing or does not fit, as for {@link #body}
     */
    public final <T> T query(Class<T> type) {
        return Arguments.record(request().queryArguments(), type, 400);
    }

    /**
     * The arguments of a body that is a form, as {@link #query}.
     *
     * @throws InvalidInputException (422) if one is missing or does not fit, as for {@link #body}
     */
    public final <T> T form(Class<T> type) {
        return Arguments.record(requestWithBody().bodyArguments(), type, 422);
    }

    /** What is missing in the body of a request that has none here is not the client's mistake. */
    private HttpServerRequest requestWithBody() {
        if (Traits.of(this).streamsBody() && !response().hasForm()) {
            throw new IllegalStateException(
                    getClass().getName()
                            + " has @StreamRequestBody, so its body goes to dataReceived, or to"
                            + " receiveForm in prepare; without the annotation it is here");
        }
        return request();
    }

    /**
     * Sets how many bytes the body of this request may have, in {@link #prepare} of a handler with
     * {@link StreamRequestBody}; more is answered with 413. Default: the server's {@code
     * maxBodySize}.
     *
     * @throws IllegalStateException in any other handler: its body has been read
     */
    public final void setMaxBodySize(long bytes) {
        response().limitBody(bytes);
    }

    /**
     * Reads the body as a {@code multipart/form-data} form while it comes; for {@link #prepare} of
     * a handler with {@link StreamRequestBody}, after {@link #setMaxBodySize}. Texts and small
     * files are kept in memory, larger files go to the system's folder for temporary files, so a
     * form may be larger than the memory; {@code FormLimits.maxMemory} draws the line. From then on
     * the arguments and files are there as for any other form, and {@link #dataReceived} is not
     * called. Files that were not moved with {@code HttpFile.saveTo} are deleted after {@link
     * #onFinish}.
     *
     * <p>Suspends the coroutine. Files are written beside the loop; meanwhile the client waits.
     *
     * @throws HttpInputException (400, 413, 415) if the body is no such form, or beyond the limits
     * @throws IllegalStateException if it has been received
     */
    public final FormData receiveForm() {
        return response().receiveForm(null);
    }

    /**
     * As {@link #receiveForm()}, with large files put in a folder, best on the disk that they will
     * stay on.
     */
    public final FormData receiveForm(Path folder) {
        return response().receiveForm(folder);
    }

    // ---- output ----

    /** The status of the response; at first 200. */
    public final int getStatus() {
        return response().status();
    }

    /** The reason phrase of the response; the standard one unless another was set. */
    public final String getReason() {
        return response().reason();
    }

    /** Sets the status, with the standard reason. */
    public final void setStatus(int status) {
        setStatus(status, null);
    }

    /** Sets the status, 200 to 599, with a reason of its own. */
    public final void setStatus(int status, @Nullable String reason) {
        response().setStatus(status, reason);
    }

    /**
     * Sets a header, replacing others of that name.
     *
     * @throws IllegalArgumentException if name or value have characters that a header can't have
     */
    public final void setHeader(String name, String value) {
        response().headers("set a header").set(name, value);
    }

    /** Sets a header to a number. */
    public final void setHeader(String name, long value) {
        setHeader(name, Long.toString(value));
    }

    /** Sets a header to a date. */
    public final void setHeader(String name, Instant value) {
        setHeader(name, HttpDate.format(value));
    }

    /** Adds a header beside others of that name. */
    public final void addHeader(String name, String value) {
        response().headers("add a header").add(name, value);
    }

    /** Removes the headers of that name. */
    public final void clearHeader(String name) {
        response().headers("remove a header").remove(name);
    }

    /**
     * Adds a field behind the body (RFC 9110 section 6.5): a checksum, what an operation came to.
     * May be called until the response is finished, also after a {@link #flush}. The body goes in
     * chunks then, without {@code Content-Length}. Where there is no room for it (HTTP/1.0, a
     * length that was set, no body) it is left out, so nothing may depend on it.
     *
     * @throws IllegalArgumentException if name or value have characters that a header can't have,
     *     or the field makes sense in the head only, such as {@code Content-Type}
     */
    public final void addTrailer(String name, String value) {
        response().addTrailer(name, value);
    }

    /**
     * Sends an interim response at once: {@code inform(103, Headers.of("Link", "</style.css>;
     * rel=preload; as=style"))} lets a browser fetch what the page will need while it is being made
     * (early hints, RFC 8297). HTTP/1.0 clients get none.
     *
     * @throws IllegalArgumentException if the status is not 102 to 199
     * @throws IllegalStateException if the headers have been sent
     */
    public final void inform(int status, Headers headers) {
        response().inform(status, headers);
    }

    /** Forgets what was written and set, cookies aside: back to 200 and the default headers. */
    public final void clear() {
        response().clear();
        var headers = response().headers("set a header");
        headers.addTrusted("Content-Type", HTML);
        if (settings().requestIds() != RequestId.Source.NONE) {
            RequestId.addTo(headers);
        }
        setDefaultHeaders();
    }

    /**
     * Adds text to the response, in UTF-8. It stays in memory until {@link #flush} or {@link
     * #finish}.
     */
    public final void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes to the response; the array is not copied. */
    public final void write(byte[] bytes) {
        response().write(bytes);
    }

    /** Adds a value as JSON (a record, map, list, ...), and says so in the {@code Content-Type}. */
    public final void writeJson(@Nullable Object value) {
        if (!response().isStarted()) {
            setHeader("Content-Type", JSON);
        }
        write(Json.encodeUtf8(value));
    }

    /**
     * Sends what has been written so far, the headers first if this is the first time; the length
     * is then not known, and the response is sent in chunks. The future is done when the client has
     * taken enough of it for more to make sense: {@code Async.await(flush())} keeps a slow client
     * from filling the memory.
     */
    public final CompletableFuture<@Nullable Void> flush() {
        return response().flush();
    }

    /**
     * {@link #flush}es, and sends a part of a file: by the kernel alone where nothing has to be
     * done to the bytes, else in pieces, and never waiting for a disk on the loop; see {@link
     * HttpExchange#writeFile}. Set {@code Content-Length} before, or the response goes in chunks.
     * Write nothing else, and leave the file open, until the future is done.
     */
    public final CompletableFuture<@Nullable Void> writeFile(
            FileChannel file, long offset, long count) {
        return response().writeFile(file, offset, count);
    }

    /** Ends the response. The future is done when the client's connection has taken all of it. */
    public final CompletableFuture<@Nullable Void> finish() {
        return response().finish();
    }

    /** Adds text and ends the response. */
    public final CompletableFuture<@Nullable Void> finish(String text) {
        write(text);
        return finish();
    }

    /** Adds bytes and ends the response. */
    public final CompletableFuture<@Nullable Void> finish(byte[] bytes) {
        write(bytes);
        return finish();
    }

    /**
     * Tags what has been written so far, with {@link #computeEtag}, unless a tag is set. Done by
     * {@link #finish} for GET and HEAD.
     */
    public final void setEtagHeader() {
        response().tagBody();
    }

    /**
     * Whether the client has what the response's {@code Etag} stands for, by its {@code
     * If-None-Match}; then 304 is the answer. {@link #finish} does this by itself: ask earlier to
     * save the work of writing.
     */
    public final boolean checkEtagHeader() {
        return response().hasClientsEtag();
    }

    /**
     * Renders a template, puts what its modules need into the page, and ends the response with it;
     * see {@link #renderString}.
     *
     * @throws IllegalStateException also if a module has resources, and the page no {@code </head>}
     *     or {@code </body>} where they go
     */
    public final CompletableFuture<@Nullable Void> render(String template, Map<String, ?> values) {
        return finish(views().page(template, values));
    }

    /**
     * A template's text. Templates see {@code values}, and what {@link #getTemplateNamespace} says.
     *
     * @throws whirlwind.web.template.TemplateException if there is no such template, or it fails
     */
    public final String renderString(String template, Map<String, ?> values) {
        return views().text(template, values);
    }

    /**
     * The language of the response: what was assigned, else what {@link #getUserLocale} said first,
     * else {@link #getBrowserLocale}.
     */
    public final UserLocale locale() {
        return views().locale();
    }

    /** Says in which language to answer; {@link #getUserLocale} is not asked then. */
    public final void setLocale(UserLocale locale) {
        views().setLocale(locale);
    }

    /**
     * Of the application's languages the one that {@code Accept-Language} asks for most. A response
     * that has not been sent says so in {@code Vary}, if there are several.
     */
    public final UserLocale getBrowserLocale() {
        if (settings().locales().supported().size() > 1) {
            vary("Accept-Language");
        }
        var header = request().headers().get("Accept-Language");
        return settings().locales().accepted(header == null ? "" : header);
    }

    /**
     * The path of a static file's URL, with its version: {@code /static/style.css?v=...}.
     *
     * @throws NullPointerException without the setting {@code staticFiles}
     */
    public final String staticUrl(String path) {
        return staticUrl(path, false);
    }

    /**
     * The same, as a whole URL with protocol and host if {@code includeHost}: the host that the
     * client says it asks, so that pages which others are shown, too, belong below {@link
     * Application#host}.
     */
    public final String staticUrl(String path, boolean includeHost) {
        return views().staticUrl(path, includeHost);
    }

    /**
     * Sends the client elsewhere, for this time (302), and ends the response. What is not ASCII in
     * the URL is percent-encoded; the rest is sent as it is.
     */
    public final void redirect(String url) {
        redirect(url, 302);
    }

    /** The same with a status of your own, 300 to 399. */
    public final void redirect(String url, int status) {
        if (status < 300 || status > 399) {
            throw new IllegalArgumentException("status: " + status + " (300 to 399)");
        }
        setStatus(status);
        setHeader("Location", Url.toAscii(url));
        finish();
    }

    /** Ends the response with an error page; see {@link #writeError}. */
    public final void sendError(int status) {
        Execution.sendError(this, response(), status, null);
    }

    /** The path of a named route; see {@link Application#reverseUrl}. */
    public final String reverseUrl(String name, @Nullable Object... arguments) {
        return application().reverseUrl(name, arguments);
    }

    /** Whether the response has been ended, or the connection taken over. */
    public final boolean isFinished() {
        return response == null || response.isFinished();
    }

    /**
     * Answers with 101 and makes the connection a WebSocket, for subclasses that hold a
     * conversation on it; this handler's response is finished then. The headers set so far go with
     * it, those of {@code options} don't.
     *
     * @throws HttpInputException (400 or 426) if the request is no WebSocket handshake
     * @throws IllegalStateException if something has been sent already
     */
    protected final WebSocketConnection upgrade(WebSocketUpgrade options) {
        return response().upgrade(options);
    }

    /** The bare connection, with {@link StreamOptions#DEFAULTS}; see the other method. */
    protected final IOStream detach() {
        return detach(StreamOptions.DEFAULTS);
    }

    /**
     * Takes the connection over to speak another protocol on it. Not a byte has been answered then;
     * this handler's response is finished; the stream has what the client sent after its request,
     * and is this handler's to close, in time or later. The server doesn't count or drain it any
     * more. Waits until interim responses have gone out. Tornado: {@code detach}.
     *
     * @throws IllegalStateException if something has been sent already, if the request came over
     *     HTTP/2 or HTTP/3, or if its body hasn't come as a whole
     * @throws java.io.UncheckedIOException if the client is gone
     */
    protected final IOStream detach(StreamOptions options) {
        return response().detach(options);
    }

    /**
     * Sends the headers, and gives away the response, which may go on after this handler has ended:
     * write to what is returned, and finish it. For this handler it is finished. What has been
     * written and not flushed is dropped, and the application's {@link OutputTransform}s don't see
     * what is written. If the handler fails afterwards, the client is cut off.
     *
     * @throws IllegalStateException if something has been sent already
     */
    public final HttpExchange keepOpen() {
        return response().keepOpen();
    }

    /**
     * Lets go of request and response, after which {@link #request} and the like throw. For a
     * subclass that has upgraded and lives as long as its connection does. The application stays,
     * and so do templates by {@link #renderString}: in the {@link #locale} and with the {@link
     * #currentUser} that were asked for before, else in the application's default language and
     * without one; never with {@code request}.
     */
    protected final void release() {
        response = null;
        match = null;
        xsrf = null;
    }

    // ---- cookies ----

    /** A cookie of the request; one set meanwhile is not seen. */
    public final @Nullable String getCookie(String name) {
        return request().cookies().get(name);
    }

    /**
     * Sets a cookie in the browser, instead of another with its name that was set before. It goes
     * with the headers, also with those of an error page.
     */
    public final void setCookie(Cookie cookie) {
        response().cookies().set(cookie);
    }

    /** Makes the browser drop a cookie of all paths of this host. */
    public final void clearCookie(String name) {
        setCookie(Cookie.expired(name));
    }

    /** Makes the browser drop a cookie that was set with these attributes. */
    public final void clearCookie(Cookie model) {
        setCookie(model.expired());
    }

    /** Makes the browser drop every cookie that came, as {@link #clearCookie(String)} does. */
    public final void clearAllCookies() {
        request().cookies().keySet().forEach(this::clearCookie);
    }

    /**
     * Sets a cookie for 30 days that the browser can't change without {@link #getSignedCookie}
     * finding out.
     *
     * @throws IllegalStateException if there is no secret
     */
    public final void setSignedCookie(String name, String value) {
        setSignedCookie(Cookie.of(name, "").withMaxAge(SIGNED_AGE), value);
    }

    /** As {@link #setSignedCookie(String, String)}, with the attributes of {@code model}. */
    public final void setSignedCookie(Cookie model, String value) {
        setCookie(model.withValue(createSignedValue(model.name(), value)));
    }

    /**
     * The value of a signed cookie of at most 31 days; null if there is none that we have signed.
     *
     * @throws IllegalStateException if there is no secret
     */
    public final @Nullable String getSignedCookie(String name) {
        return getSignedCookie(name, SignedValues.MAX_AGE, SignedValues.MIN_VERSION);
    }

    /** As {@link SignedValues#read(String, String, Duration, int)}, of a cookie. */
    public final @Nullable String getSignedCookie(String name, Duration maxAge, int minVersion) {
        var value = signedValues().read(name, getCookie(name), maxAge, minVersion);
        return value == null ? null : Utf8.decode(value);
    }

    /** As {@link SignedValues#keyVersion}, of a cookie. */
    public final OptionalInt getSignedCookieKeyVersion(String name) {
        var cookie = getCookie(name);
        return cookie == null ? OptionalInt.empty() : SignedValues.keyVersion(cookie);
    }

    /**
     * Signs a text for use elsewhere than in a cookie; {@link #signedValues} reads it.
     *
     * @throws IllegalStateException if there is no secret
     */
    public final String createSignedValue(String name, String value) {
        return signedValues().sign(name, value);
    }

    /**
     * What signs and reads values with the application's secret.
     *
     * @throws IllegalStateException if there is none
     */
    public final SignedValues signedValues() {
        var values = settings().signedValues();
        if (values == null) {
            throw new IllegalStateException(
                    "no secret to sign with: set ApplicationSettings.withCookieSecret");
        }
        return values;
    }

    /**
     * The token that a page of ours sends back with what its user does; see {@link
     * #checkXsrfCookie}. Sets the cookie unless the request had one, so ask before the headers are
     * sent.
     */
    public final String xsrfToken() {
        return xsrf().text();
    }

    /** A hidden field with the {@link #xsrfToken}, as HTML, for every form that posts. */
    public final String xsrfFormHtml() {
        return xsrf().formHtml();
    }

    /** Who makes this request: what was assigned, else what {@link #getCurrentUser} said first. */
    public final @Nullable Object currentUser() {
        if (currentUser == null) {
            currentUser = Optional.ofNullable(getCurrentUser());
        }
        return currentUser.orElse(null);
    }

    /**
     * The same as what it is.
     *
     * @throws ClassCastException if it is something else
     */
    public final <T> @Nullable T currentUser(Class<T> type) {
        return type.cast(currentUser());
    }

    /** Says who makes this request, null for nobody; {@link #getCurrentUser} is not asked then. */
    public final void setCurrentUser(@Nullable Object user) {
        currentUser = Optional.ofNullable(user);
    }

    // ---- inside ----

    /** Of which requests this kind of handler wants the body piece by piece. */
    Predicate<HttpServerRequest> bodyStreaming() {
        boolean all = Traits.of(this).streamsBody();
        return head -> all;
    }

    /** Runs the whole life of this handler, in its request's coroutine. */
    void execute(
            Application application,
            HttpExchange exchange,
            Instant started,
            @Nullable RouteMatch<?> match)
            throws Exception {
        this.application = application;
        this.response = new Response(application, this, exchange, started);
        this.match = match;
        if (outlivesClient()) {
            exchange.keepOnDisconnect();
        }
        new Execution(this, response).run();
    }

    /** Tells who keeps the response that it depends on a field of the request. */
    void vary(String field) {
        if (!isFinished() && !response().isStarted()) {
            Vary.on(response().headers("set a header"), field);
        }
    }

    /** Whether a request has been given to this handler. */
    boolean hasBegun() {
        return application != null;
    }

    /** Whether it has been, and is still there. */
    boolean hasRequest() {
        return response != null;
    }

    boolean knowsCurrentUser() {
        return currentUser != null;
    }

    /** Whether a verb is one that has a method here, though perhaps not one that is overridden. */
    boolean supports(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> true;
            default -> Traits.of(this).answersOthers();
        };
    }

    /** Calls the method of a verb. */
    void call(String method) throws Exception {
        switch (method) {
            case "GET" -> get();
            case "HEAD" -> head();
            case "POST" -> post();
            case "PUT" -> put();
            case "PATCH" -> patch();
            case "DELETE" -> delete();
            case "OPTIONS" -> options();
            default -> otherMethod(method);
        }
    }

    /** The verbs for the {@code Allow} header of a 405. */
    String allowed() {
        return Traits.of(this).allowed();
    }

    private Xsrf xsrf() {
        if (xsrf == null) {
            xsrf = new Xsrf(this);
        }
        return xsrf;
    }

    private Views views() {
        if (views == null) {
            views = new Views(this);
        }
        return views;
    }

    private Response response() {
        return handled(response);
    }

    private <T> T handled(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException(
                    hasBegun()
                            ? "this handler has no request any more: it was let go, as a"
                                    + " WebSocket's is when open() has returned; keep in a field"
                                    + " what is needed later"
                            : "this handler has no request yet: use prepare() for what a"
                                    + " constructor can't do");
        }
        return part;
    }

    private static HttpError methodNotAllowed() {
        return new HttpError(405);
    }
}
