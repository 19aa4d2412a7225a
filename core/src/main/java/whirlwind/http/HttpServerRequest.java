package whirlwind.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;

/**
 * A request as a server got it. Tornado's {@code HTTPServerRequest}.
 *
 * <p>Making one costs little: it looks at the {@code Host} header and nothing more. Path,
 * arguments, cookies and files are read when they are first asked for, and malformed ones are
 * reported then, with an {@link HttpInputException}. Confined to the loop that serves it.
 *
 * <p>Tornado keeps arguments as bytes; here they are text in UTF-8, and what is not UTF-8 is
 * refused with 400. For other charsets call {@link Forms} with {@link #query} or {@link #body}.
 */
public final class HttpServerRequest {
    private static final byte[] NO_BODY = new byte[0];

    private final RequestStartLine startLine;
    private final String uri;
    private final Headers headers;
    private final byte[] body;
    private final String remoteIp;
    private final String protocol;
    private final FormLimits formLimits;
    private final String host;

    private @Nullable Headers trailers;
    private @Nullable SSLSession tlsSession;
    private @Nullable String path;
    private @Nullable String hostName;
    private @Nullable Map<String, List<String>> arguments;
    private @Nullable Map<String, List<String>> queryArguments;
    private @Nullable FormData form;
    private @Nullable Map<String, String> cookies;
    private @Nullable Object attachment;

    /**
     * A request with all that belongs to it.
     *
     * @param body the whole body, empty if there is none; not copied
     * @param remoteIp the client's address as text, {@code 0.0.0.0} if it has none (a Unix socket)
     * @param protocol {@code http} or {@code https}
     * @param formLimits what {@link #arguments} and {@link #files} put up with
     * @throws HttpInputException (400) if {@code Host} is malformed, comes twice, or is missing
     *     where the version demands it, or if the target is malformed; (421) if the target is a URL
     *     of the other protocol; (501) for CONNECT
     */
    public HttpServerRequest(
            RequestStartLine startLine,
            Headers headers,
            byte[] body,
            String remoteIp,
            String protocol,
            FormLimits formLimits) {
        var target = RequestTarget.of(startLine);
        if (target.scheme() != null && !target.scheme().equals(protocol)) {
            throw new HttpInputException(
                    421, "a target of " + target.scheme() + " over " + protocol);
        }
        var host = checkedHost(startLine.version(), headers);
        this.startLine = startLine;
        this.uri = target.uri();
        this.headers = headers;
        this.body = body;
        this.remoteIp = remoteIp;
        this.protocol = protocol;
        this.formLimits = formLimits;
        this.host = target.authority() != null ? target.authority() : host;
    }

    private HttpServerRequest(HttpServerRequest same, byte[] body, String host) {
        this.startLine = same.startLine;
        this.uri = same.uri;
        this.headers = same.headers;
        this.trailers = same.trailers;
        this.tlsSession = same.tlsSession;
        this.body = body;
        this.remoteIp = same.remoteIp;
        this.protocol = same.protocol;
        this.formLimits = same.formLimits;
        this.attachment = same.attachment;
        this.host = host;
    }

    /**
     * As the full constructor: no body, over {@code http}, from {@code 0.0.0.0}, with the default
     * limits.
     */
    public HttpServerRequest(RequestStartLine startLine, Headers headers) {
        this(startLine, headers, NO_BODY, "0.0.0.0", "http", FormLimits.DEFAULTS);
    }

    /** This request, come over a connection that is encrypted. */
    public HttpServerRequest withTlsSession(SSLSession session) {
        var copy = new HttpServerRequest(this, body, host);
        copy.tlsSession = session;
        return copy;
    }

    /** This request with a body; what was read of it so far is forgotten. */
    public HttpServerRequest withBody(byte[] body) {
        return new HttpServerRequest(this, body, host);
    }

    /**
     * This request with the host that a trusted proxy reports; what was read of it so far is
     * forgotten.
     *
     * @throws IllegalArgumentException if that is no host with perhaps a port
     */
    public HttpServerRequest withHost(String host) {
        if (!HostAndPort.isValid(host)) {
            throw new IllegalArgumentException("host: " + Text.quoted(host));
        }
        return new HttpServerRequest(this, body, host);
    }

    /** This request with trailers, which may still be filled in; see {@link #trailers}. */
    public HttpServerRequest withTrailers(Headers trailers) {
        var copy = new HttpServerRequest(this, body, host);
        copy.trailers = trailers;
        return copy;
    }

    /**
     * This request, whose body is read piece by piece and not here: it counts as one that is no
     * form. With trailers as in {@link #withTrailers}.
     */
    public HttpServerRequest withStreamedBody(Headers trailers) {
        var copy = withTrailers(trailers);
        copy.form = FormData.EMPTY;
        return copy;
    }

    /** RFC 9112 section 3.2: HTTP/1.1 requires one Host, HTTP/1.0 none. */
    private static String checkedHost(HttpVersion version, Headers headers) {
        var host = headers.get("Host");
        if (host == null) {
            if (version == HttpVersion.HTTP_1_0) {
                return "127.0.0.1";
            }
            throw new HttpInputException("Host header is missing");
        }
        if (!HostAndPort.isValid(host)) {
            throw new HttpInputException("malformed Host header " + Text.quoted(host));
        }
        return host;
    }

    /** The start line as a whole. */
    public RequestStartLine startLine() {
        return startLine;
    }

    /** {@code GET}, {@code POST}, ..., as sent. */
    public String method() {
        return startLine.method();
    }

    /**
     * The path and query that are asked for, undecoded; of a target that is a whole URL only these.
     * {@code *} for OPTIONS that asks about the server.
     */
    public String uri() {
        return uri;
    }

    /**
     * The {@link #uri} up to its first question mark, undecoded and not normalised: {@code //a}
     * stays {@code //a}.
     */
    public String path() {
        var known = path;
        if (known == null) {
            int question = uri().indexOf('?');
            known = question < 0 ? uri() : uri().substring(0, question);
            path = known;
        }
        return known;
    }

    /** The {@link #uri} behind its first question mark, undecoded; empty if there is none. */
    public String query() {
        int question = uri().indexOf('?');
        return question < 0 ? "" : uri().substring(question + 1);
    }

    /** The version of the protocol. */
    public HttpVersion version() {
        return startLine.version();
    }

    /** The header fields. */
    public Headers headers() {
        return headers;
    }

    /**
     * The fields that came behind a body in chunks, RFC 9110 section 6.5: none before the body has
     * come, and seldom any then. They are kept apart from the headers, for a client may say in them
     * what the headers didn't; what decides about framing, routes or access is refused there.
     */
    public Headers trailers() {
        var known = trailers;
        if (known == null) {
            known = new Headers();
            trailers = known;
        }
        return known;
    }

    /** The whole body, empty if there is none; not a copy, so leave it as it is. */
    public byte[] body() {
        return body;
    }

    /** The client's address as text; behind a trusted proxy the one it reports. */
    public String remoteIp() {
        return remoteIp;
    }

    /**
     * What was agreed on in the TLS handshake of the connection: protocol, cipher, and the client's
     * certificates if it was asked for them; null if the connection is not encrypted. Tornado:
     * {@code get_ssl_certificate}.
     */
    public @Nullable SSLSession tlsSession() {
        return tlsSession;
    }

    /** {@code http} or {@code https}; behind a trusted proxy what it reports. */
    public String protocol() {
        return protocol;
    }

    /**
     * The host that is asked, perhaps with a port: the {@code Host} header as sent, or what stands
     * in a target that is a whole URL, or what a trusted proxy reports; {@code 127.0.0.1} for a
     * request in HTTP/1.0 without any.
     */
    public String host() {
        return host;
    }

    /**
     * Whether pages of this origin come from where this request was sent to: it has the same host
     * and port, written the same way.
     *
     * @param origin as an {@code Origin} header has it
     */
    public boolean isSameOrigin(String origin) {
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** The host in lower case, without port. */
    public String hostName() {
        var known = hostName;
        if (known == null) {
            int colon = HostAndPort.portColon(host);
            known = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
            hostName = known;
        }
        return known;
    }

    /** The URL that the client asked for. */
    public String fullUrl() {
        return protocol + "://" + host + uri();
    }

    /**
     * The arguments of query and body, those of the query first; unmodifiable.
     *
     * @throws HttpInputException (400) if one is not UTF-8; else see {@link Forms#parseBody}
     */
    public Map<String, List<String>> arguments() {
        var known = arguments;
        if (known == null) {
            known = merged(queryArguments(), bodyArguments());
            arguments = known;
        }
        return known;
    }

    private static Map<String, List<String>> merged(
            Map<String, List<String>> first, Map<String, List<String>> second) {
        if (second.isEmpty()) {
            return first;
        }
        if (first.isEmpty()) {
            return second;
        }
        var all = new LinkedHashMap<String, List<String>>();
        first.forEach((name, values) -> all.put(name, new ArrayList<>(values)));
        second.forEach(
                (name, values) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(values));
        return Forms.frozen(all);
    }

    /**
     * The arguments of the query; unmodifiable.
     *
     * @throws HttpInputException (400) if one is not UTF-8
     */
    public Map<String, List<String>> queryArguments() {
        var known = queryArguments;
        if (known == null) {
            known = Forms.parseQuery(query(), StandardCharsets.UTF_8, formLimits);
            queryArguments = known;
        }
        return known;
    }

    /**
     * The arguments of a body that is a form, none for any other; unmodifiable.
     *
     * @throws HttpInputException see {@link Forms#parseBody}
     */
    public Map<String, List<String>> bodyArguments() {
        return form().arguments();
    }

    /**
     * The files of a multipart body by the names of their fields; unmodifiable.
     *
     * @throws HttpInputException see {@link Forms#parseBody}
     */
    public Map<String, List<HttpFile>> files() {
        return form().files();
    }

    FormLimits formLimits() {
        return formLimits;
    }

    /** What the body held, read elsewhere. */
    void setForm(FormData form) {
        this.form = form;
        arguments = null;
    }

    private FormData form() {
        var known = form;
        if (known == null) {
            known = Forms.parseBody(headers, body, StandardCharsets.UTF_8, formLimits);
            form = known;
        }
        return known;
    }

    /**
     * The cookies that came, by name; unmodifiable. Read as {@link Cookies#parse} does, without
     * those whose names could not be set ({@code /=x}). Never fails: what cannot be read is left
     * out.
     */
    public Map<String, String> cookies() {
        var known = cookies;
        if (known == null) {
            known = headers.contains("Cookie") ? readCookies() : Map.of();
            cookies = known;
        }
        return known;
    }

    private Map<String, String> readCookies() {
        var jar = new LinkedHashMap<String, String>();
        // HTTP/2 may split the cookies over several fields (RFC 9113 section 8.2.3), so their
        // values are not joined by a comma.
        headers.getList("Cookie").forEach(value -> Cookies.parseInto(jar, value));
        jar.keySet().removeIf(name -> !Grammar.isToken(name));
        return Collections.unmodifiableMap(jar);
    }

    /**
     * Keeps something with this request, and with copies that are made of it from now on: what
     * whoever saw its head alone has found out for those who answer it. One thing at a time, for
     * which everybody has to look who put it there.
     */
    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }

    /** What was {@linkplain #attach attached} last; null at first. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** For logs: without headers and body, which may hold secrets. */
    @Override
    public String toString() {
        return "HttpServerRequest["
                + startLine
                + ", host="
                + host
                + ", protocol="
                + protocol
                + ", remoteIp="
                + remoteIp
                + "]";
    }
}
