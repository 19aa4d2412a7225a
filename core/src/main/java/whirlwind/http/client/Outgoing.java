package whirlwind.http.client;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.Headers;
import whirlwind.http.HttpDate;
import whirlwind.http.transport.HttpRoute;
import whirlwind.http.transport.TransportRequest;
import whirlwind.net.channel.DigestAuth;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.Resolver;
import whirlwind.net.tls.TlsOptions;

/**
 * What one hop of a fetch sends: the request as the user made it, or what redirects and challenges
 * made of it.
 *
 * @param settings the request merged with the defaults; its URL, method, headers, body and
 *     credentials don't count, those here do
 * @param authorization the value for {@code Authorization}, where a challenge was answered
 * @param proxyAuthorization the value for {@code Proxy-Authorization}, where a proxy's was
 */
record Outgoing(
        HttpRequest settings,
        RequestUrl url,
        String method,
        Headers headers,
        byte @Nullable [] body,
        @Nullable BodyProducer producer,
        @Nullable Credentials credentials,
        @Nullable String authorization,
        @Nullable String proxyAuthorization) {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /** RFC 9110 section 9.2.2. */
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

    private static final String USER_AGENT = "Whirlwind" + version();

    private static String version() {
        var descriptor = Outgoing.class.getModule().getDescriptor();
        var version =
                descriptor == null
                        ? Optional.ofNullable(
                                Outgoing.class.getPackage().getImplementationVersion())
                        : descriptor.rawVersion();
        return version.map(number -> "/" + number).orElse("");
    }

    /**
     * The first hop of a fetch.
     *
     * @throws IllegalArgumentException if the request makes no sense
     */
    static Outgoing first(HttpRequest settings) {
        var url = RequestUrl.parse(settings.url());
        var inUrl = url.credentials();
        var outgoing =
                new Outgoing(
                        settings,
                        url,
                        Objects.requireNonNull(settings.method()),
                        settings.fields(),
                        settings.body(),
                        settings.bodyProducer(),
                        inUrl != null ? inUrl : settings.credentials(),
                        null,
                        null);
        outgoing.check();
        return outgoing;
    }

    private void check() {
        boolean any = Boolean.TRUE.equals(settings.allowNonstandardMethods());
        if (!METHODS.contains(method) && !(any && isToken(method))) {
            throw new IllegalArgumentException(
                    "method: "
                            + method
                            + (any
                                    ? " (expected a token)"
                                    : " is no standard one: see withAllowNonstandardMethods"));
        }
        boolean hasBody = body != null || producer != null;
        if (body != null && producer != null) {
            throw new IllegalArgumentException("both a body and a body producer");
        }
        if (!any && hasBody != WITH_BODY.contains(method)) {
            throw new IllegalArgumentException(
                    "%s with%s body: give it %s, or see withAllowNonstandardMethods"
                            .formatted(
                                    method,
                                    hasBody ? " a" : "out",
                                    hasBody ? "none" : "one, be it empty"));
        }
        if (headers.contains("Transfer-Encoding")) {
            throw new IllegalArgumentException(
                    "header Transfer-Encoding: it is the client that frames the body");
        }
        Check.notNegative("maxRedirects", Objects.requireNonNull(settings.maxRedirects()));
        Check.notNegative("maxBodySize", Objects.requireNonNull(settings.maxBodySize()));
        requireNotNegative("connectTimeout", settings.connectTimeout());
        requireNotNegative("requestTimeout", settings.requestTimeout());
        networkInterface();
        contentLength();
    }

    private static boolean isToken(String method) {
        return !method.isEmpty()
                && method.chars()
                        .allMatch(c -> c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    private static void requireNotNegative(String name, @Nullable Duration value) {
        if (value != null) {
            Check.notNegative(name, value);
        }
    }

    private @Nullable InetAddress networkInterface() {
        var address = settings.networkInterface();
        if (address == null) {
            return null;
        }
        if (!Resolver.isValidIp(address)) {
            throw new IllegalArgumentException(
                    "networkInterface: " + address + " (expected an IP address)");
        }
        return InetAddress.ofLiteral(address);
    }

    /** The length that the body will have; -1 if that isn't known, or there is no body. */
    long contentLength() {
        if (body != null) {
            return body.length;
        }
        var given = headers.get("Content-Length");
        if (given == null || producer == null) {
            return -1;
        }
        if (given.isEmpty()
                || given.length() > 18
                || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "header Content-Length: '" + given + "' (expected digits)");
        }
        return Long.parseLong(given);
    }

    /** Whether it does no harm when it arrives twice. */
    boolean isRepeatable() {
        return IDEMPOTENT.contains(method);
    }

    /** Where it goes, and how. */
    HttpRoute route() {
        var tls = Objects.requireNonNull(settings.tls());
        var hook = settings.transportHook();
        if (Boolean.FALSE.equals(settings.validateCert())) {
            tls = insecure(tls);
        }
        return new HttpRoute(
                url.tls() ? tls : null,
                url.host(),
                url.port(),
                settings.proxy(),
                networkInterface(),
                !Boolean.FALSE.equals(settings.allowIpv6()),
                Objects.requireNonNull(settings.http2()),
                hook != null && hook.tunnels());
    }

    private static TlsOptions insecure(TlsOptions tls) {
        return tls == TlsOptions.DEFAULTS
                ? TlsOptions.INSECURE // one instance, so that connections are shared
                : tls.withTrust(TlsOptions.INSECURE.trust()).withVerifyHostname(false);
    }

    /** As it goes over the wire. */
    TransportRequest forTransport(@Nullable String cookies) {
        boolean expect =
                Boolean.TRUE.equals(settings.expect100Continue())
                        && (body != null || producer != null);
        boolean decompress = !Boolean.FALSE.equals(settings.decompressResponse());
        return new TransportRequest(
                route(),
                method,
                url.target(),
                fields(cookies, expect, decompress),
                body,
                producer != null,
                expect,
                decompress,
                settings.transportHook(),
                isRepeatable());
    }

    private Headers fields(@Nullable String cookies, boolean expect, boolean decompress) {
        var out = new Headers();
        if (!headers.contains("Host")) {
            out.addTrusted("Host", url.authority());
        }
        if (!headers.isEmpty()) {
            addGiven(out, decompress);
        }
        var agent = settings.userAgent();
        if (agent != null) {
            out.set("User-Agent", agent);
        } else if (!out.contains("User-Agent")) {
            out.addTrusted("User-Agent", USER_AGENT);
        }
        if (body != null || producer != null) {
            addBodyFields(out, expect);
        }
        var since = settings.ifModifiedSince();
        if (since != null) {
            out.set("If-Modified-Since", HttpDate.format(since));
        }
        if (cookies != null) {
            var own = out.get("Cookie");
            out.set("Cookie", own == null ? cookies : own + "; " + cookies);
        }
        addAuthorization(out);
        addProxyAuthorization(out);
        return out;
    }

    /** The user's own, but for what isn't the user's to say. */
    private void addGiven(Headers out, boolean decompress) {
        out.addAll(headers);
        if (decompress) {
            out.remove("Accept-Encoding"); // the transport says what it can undo
        }
        if (body == null && producer == null) {
            out.remove("Content-Length");
        }
    }

    private void addBodyFields(Headers out, boolean expect) {
        if (method.equals("POST") && !out.contains("Content-Type")) {
            out.addTrusted("Content-Type", "application/x-www-form-urlencoded");
        }
        if (body != null) {
            out.set("Content-Length", Integer.toString(body.length));
        }
        if (expect) {
            out.set("Expect", "100-continue");
        }
    }

    private void addAuthorization(Headers out) {
        if (authorization != null) {
            out.set("Authorization", authorization);
        } else if (credentials != null && credentials.mode() == Credentials.Mode.BASIC) {
            out.set("Authorization", basic(credentials.username(), credentials.password()));
        }
    }

    /** For a proxy that is handed the request; one that only connects is told by who connects. */
    private void addProxyAuthorization(Headers out) {
        var proxy = settings.proxy();
        if (proxyAuthorization != null) {
            out.set("Proxy-Authorization", proxyAuthorization);
        } else if (proxy != null && proxy.user() != null && !proxy.digest() && isForwarded()) {
            out.set("Proxy-Authorization", basic(proxy.user(), password(proxy)));
        }
    }

    private boolean isForwarded() {
        return settings.proxy() != null && route().isForwarded();
    }

    private static String password(Proxy proxy) {
        return Objects.requireNonNullElse(proxy.password(), "");
    }

    /** RFC 7617, in normal form C of Unicode. */
    private static String basic(String user, String password) {
        var text = user + ":" + password;
        var bytes =
                Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    /** The same with the answer to a challenge; null if this is none, or none to be answered. */
    @Nullable Outgoing answering(int code, Headers challenge) {
        var proxy = settings.proxy();
        if (code == 401
                && authorization == null
                && credentials != null
                && credentials.mode() == Credentials.Mode.DIGEST) {
            var user = new DigestAuth.User(credentials.username(), credentials.password());
            var answer =
                    DigestAuth.answer(
                            challenge.getList("WWW-Authenticate"), user, method, url.target());
            return answer == null ? null : with(answer, null); // a proxy takes none twice
        }
        if (code == 407
                && proxyAuthorization == null
                && proxy != null
                && proxy.user() != null
                && proxy.digest()
                && isForwarded()) { // else it is a server's, which may not ask for that
            var user = new DigestAuth.User(proxy.user(), password(proxy));
            var answer =
                    DigestAuth.answer(
                            challenge.getList("Proxy-Authenticate"),
                            user,
                            method,
                            route().origin() + url.target());
            return answer == null ? null : with(authorization, answer);
        }
        return null;
    }

    private Outgoing with(@Nullable String authorization, @Nullable String proxyAuthorization) {
        return new Outgoing(
                settings,
                url,
                method,
                headers,
                body,
                producer,
                credentials,
                authorization,
                proxyAuthorization);
    }

    /**
     * Where a redirect leads, RFC 9110 section 15.4; secrets are left behind where that is another
     * server than the first one, and don't come back.
     */
    Outgoing redirected(int code, RequestUrl to, RequestUrl first) {
        boolean get =
                code == 303
                        ? !method.equals("HEAD")
                        : (code == 301 || code == 302) && method.equals("POST");
        boolean elsewhere = !to.hasOriginOf(first);
        var kept = headers.copy();
        kept.remove("Host");
        if (get) {
            kept.names().stream()
                    .filter(name -> name.regionMatches(true, 0, "Content-", 0, 8))
                    .forEach(kept::remove);
        }
        if (elsewhere) {
            kept.remove("Authorization");
            kept.remove("Proxy-Authorization");
            kept.remove("Cookie");
        }
        var inUrl = elsewhere ? null : to.credentials();
        return new Outgoing(
                settings,
                to,
                get ? "GET" : method,
                kept,
                get ? null : body,
                get ? null : producer,
                inUrl != null ? inUrl : elsewhere ? null : credentials,
                null,
                null);
    }
}
