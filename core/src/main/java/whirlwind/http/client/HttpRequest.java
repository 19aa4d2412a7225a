package whirlwind.http.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.http.Headers;
import whirlwind.http.transport.Http2Mode;
import whirlwind.http.transport.TransportHook;
import whirlwind.net.connect.Proxy;
import whirlwind.net.tls.TlsOptions;

/**
 * What to fetch, and how: an immutable value. Whatever isn't said is null here, and comes from the
 * client's {@linkplain ClientOptions#defaults() defaults}, and from {@link #DEFAULTS} at last.
 *
 * {@snippet :
 * HttpRequest.of("https://example.com/things")
 *         .withMethod("POST")
 *         .withHeader("Content-Type", "application/json")
 *         .withBody("{}")
 *         .withRequestTimeout(Duration.ofSeconds(5))
 * }
 *
 * <p>Tornado: {@code HTTPRequest}.
 */
public final class HttpRequest {
    /** An attribute of some type: where its value is kept. */
    private record Key<T>(int index) {}

    private static final Key<String> URL = new Key<>(0);
    private static final Key<Headers> HEADERS = new Key<>(1);
    private static final Key<String> METHOD = new Key<>(2);
    private static final Key<byte[]> BODY = new Key<>(3);
    private static final Key<BodyProducer> BODY_PRODUCER = new Key<>(4);
    private static final Key<Credentials> CREDENTIALS = new Key<>(5);
    private static final Key<Duration> CONNECT_TIMEOUT = new Key<>(6);
    private static final Key<Duration> REQUEST_TIMEOUT = new Key<>(7);
    private static final Key<Instant> IF_MODIFIED_SINCE = new Key<>(8);
    private static final Key<Boolean> FOLLOW_REDIRECTS = new Key<>(9);
    private static final Key<Integer> MAX_REDIRECTS = new Key<>(10);
    private static final Key<String> USER_AGENT = new Key<>(11);
    private static final Key<String> NETWORK_INTERFACE = new Key<>(12);
    private static final Key<Boolean> ALLOW_IPV6 = new Key<>(13);
    private static final Key<Boolean> DECOMPRESS_RESPONSE = new Key<>(14);
    private static final Key<StreamingCallback> STREAMING_CALLBACK = new Key<>(15);
    private static final Key<Proxy> PROXY = new Key<>(17);
    private static final Key<Boolean> ALLOW_NONSTANDARD_METHODS = new Key<>(18);
    private static final Key<Boolean> VALIDATE_CERT = new Key<>(19);
    private static final Key<TlsOptions> TLS = new Key<>(20);
    private static final Key<Boolean> EXPECT_100_CONTINUE = new Key<>(21);
    private static final Key<Http2Mode> HTTP2 = new Key<>(22);
    private static final Key<Long> MAX_BODY_SIZE = new Key<>(23);
    private static final Key<RetryPolicy> RETRY_POLICY = new Key<>(24);
    private static final Key<Boolean> RAISE_ERROR = new Key<>(25);
    private static final Key<HeaderCallback> HEADER_CALLBACK = new Key<>(16);
    private static final Key<TransportHook> TRANSPORT_HOOK = new Key<>(26);
    private static final int KEYS = 27;

    private static final HttpRequest NOTHING = new HttpRequest(new @Nullable Object[KEYS]);

    /**
     * What holds where neither request nor client say otherwise: GET; 20 seconds to connect and 20
     * in all; five redirects; compression; certificates checked; IPv6; HTTP/2 where the server
     * agrees; bodies of 100 MiB; no retries. It has no URL.
     */
    public static final HttpRequest DEFAULTS =
            NOTHING.withMethod("GET")
                    .withConnectTimeout(Duration.ofSeconds(20))
                    .withRequestTimeout(Duration.ofSeconds(20))
                    .withFollowRedirects(true)
                    .withMaxRedirects(5)
                    .withAllowIpv6(true)
                    .withDecompressResponse(true)
                    .withAllowNonstandardMethods(false)
                    .withValidateCert(true)
                    .withTls(TlsOptions.DEFAULTS)
                    .withExpect100Continue(false)
                    .withHttp2(Http2Mode.AUTO)
                    .withMaxBodySize(100 << 20)
                    .withRetryPolicy(RetryPolicy.NONE)
                    .withRaiseError(true);

    private final @Nullable Object[] values;

    private HttpRequest(@Nullable Object[] values) {
        this.values = values;
    }

    /** A request for a URL of http or https. What is wrong with it is found out by the fetch. */
    public static HttpRequest of(String url) {
        return NOTHING.with(URL, url);
    }

    @SuppressWarnings("unchecked") // with() puts nothing else there
    private <T> @Nullable T get(Key<T> key) {
        return (T) values[key.index];
    }

    private <T> HttpRequest with(Key<T> key, T value) {
        Objects.requireNonNull(value);
        var copy = values.clone();
        copy[key.index] = value;
        return new HttpRequest(copy);
    }

    /** These settings, and for what they don't say, those. */
    HttpRequest or(HttpRequest fallback) {
        var merged = values.clone();
        for (int i = 0; i < KEYS; i++) {
            if (merged[i] == null) {
                merged[i] = fallback.values[i];
            }
        }
        return new HttpRequest(merged);
    }

    // ---- what is asked ----

    /** The URL, as given. Empty where there is none, as in {@link #DEFAULTS}. */
    public String url() {
        var url = get(URL);
        return url == null ? "" : url;
    }

    /** These settings with another URL. */
    public HttpRequest withUrl(String url) {
        return with(URL, url);
    }

    /** The headers to be sent; a copy. */
    public Headers headers() {
        return fields().copy();
    }

    /** The headers themselves, not to be changed. */
    Headers fields() {
        var headers = get(HEADERS);
        return headers == null ? new Headers() : headers;
    }

    /** These settings with other headers, which are copied. */
    public HttpRequest withHeaders(Headers headers) {
        return with(HEADERS, headers.copy());
    }

    /**
     * These settings with one header set, and the others kept.
     *
     * @throws whirlwind.http.HeaderSyntaxException if it has a line break, or what else is not
     *     allowed in headers
     */
    public HttpRequest withHeader(String name, String value) {
        var headers = headers();
        headers.set(name, value);
        return with(HEADERS, headers);
    }

    /** As {@link #withBody(byte[])}, in UTF-8. */
    public HttpRequest withBody(String body) {
        return withBody(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The method; a token, spelt in capitals. */
    public @Nullable String method() {
        return get(METHOD);
    }

    /**
     * These settings with another method. Standard ones are GET, HEAD, POST, PUT, DELETE, PATCH and
     * OPTIONS; others need {@link #withAllowNonstandardMethods}.
     */
    public HttpRequest withMethod(String method) {
        return with(METHOD, method);
    }

    /** The body, not a copy. */
    public byte @Nullable [] body() {
        return get(BODY);
    }

    /**
     * These settings with a body, which must not change until the request has ended. POST, PUT and
     * PATCH must have one, be it empty; others must have none.
     */
    public HttpRequest withBody(byte[] body) {
        return with(BODY, body);
    }

    /** What writes the body. */
    public @Nullable BodyProducer bodyProducer() {
        return get(BODY_PRODUCER);
    }

    /**
     * These settings with a body that is written while it is sent: in chunks, unless a {@code
     * Content-Length} header says how long it will be. In place of {@link #withBody(byte[])}.
     */
    public HttpRequest withBodyProducer(BodyProducer bodyProducer) {
        return with(BODY_PRODUCER, bodyProducer);
    }

    /** Who asks. */
    public @Nullable Credentials credentials() {
        return get(CREDENTIALS);
    }

    /**
     * These settings with a user and password. Userinfo in the URL wins over them. Dropped when a
     * redirect leads elsewhere.
     */
    public HttpRequest withCredentials(Credentials credentials) {
        return with(CREDENTIALS, credentials);
    }

    /** How long connecting may take. */
    public @Nullable Duration connectTimeout() {
        return get(CONNECT_TIMEOUT);
    }

    /**
     * These settings with a limit for resolving, connecting and TLS together, of each hop; zero for
     * none.
     */
    public HttpRequest withConnectTimeout(Duration connectTimeout) {
        return with(CONNECT_TIMEOUT, connectTimeout);
    }

    /** How long all of it may take. */
    public @Nullable Duration requestTimeout() {
        return get(REQUEST_TIMEOUT);
    }

    /**
     * These settings with a limit for everything from the end of the queue to the end of the
     * response, redirects included; zero for none.
     */
    public HttpRequest withRequestTimeout(Duration requestTimeout) {
        return with(REQUEST_TIMEOUT, requestTimeout);
    }

    /** The value for {@code If-Modified-Since}. */
    public @Nullable Instant ifModifiedSince() {
        return get(IF_MODIFIED_SINCE);
    }

    /** These settings with {@code If-Modified-Since}, to the second. */
    public HttpRequest withIfModifiedSince(Instant ifModifiedSince) {
        return with(IF_MODIFIED_SINCE, ifModifiedSince);
    }

    /** Whether redirects are followed. */
    public @Nullable Boolean followRedirects() {
        return get(FOLLOW_REDIRECTS);
    }

    /** These settings with redirects followed, or returned. */
    public HttpRequest withFollowRedirects(boolean followRedirects) {
        return with(FOLLOW_REDIRECTS, followRedirects);
    }

    /** How many redirects are followed. */
    public @Nullable Integer maxRedirects() {
        return get(MAX_REDIRECTS);
    }

    /** These settings with another number of redirects; the one after is returned. */
    public HttpRequest withMaxRedirects(int maxRedirects) {
        return with(MAX_REDIRECTS, maxRedirects);
    }

    /** The value for {@code User-Agent}. */
    public @Nullable String userAgent() {
        return get(USER_AGENT);
    }

    /** These settings with another {@code User-Agent}; wins over a header of that name. */
    public HttpRequest withUserAgent(String userAgent) {
        return with(USER_AGENT, userAgent);
    }

    /** The address to connect from. */
    public @Nullable String networkInterface() {
        return get(NETWORK_INTERFACE);
    }

    /** These settings with a local IP address to connect from. */
    public HttpRequest withNetworkInterface(String networkInterface) {
        return with(NETWORK_INTERFACE, networkInterface);
    }

    /** Whether IPv6 is used. */
    public @Nullable Boolean allowIpv6() {
        return get(ALLOW_IPV6);
    }

    /** These settings with IPv6 addresses tried, or not. */
    public HttpRequest withAllowIpv6(boolean allowIpv6) {
        return with(ALLOW_IPV6, allowIpv6);
    }

    /** Whether content codings are undone. */
    public @Nullable Boolean decompressResponse() {
        return get(DECOMPRESS_RESPONSE);
    }

    /**
     * These settings with {@code Accept-Encoding} sent and the response's content coding undone, or
     * not. Then {@code Content-Encoding} comes as {@code X-Consumed-Content-Encoding}.
     */
    public HttpRequest withDecompressResponse(boolean decompressResponse) {
        return with(DECOMPRESS_RESPONSE, decompressResponse);
    }

    /** What takes the body. */
    public @Nullable StreamingCallback streamingCallback() {
        return get(STREAMING_CALLBACK);
    }

    /**
     * These settings with the body given away piece by piece; the response's is then empty. Not
     * called for a response that is followed to another.
     */
    public HttpRequest withStreamingCallback(StreamingCallback streamingCallback) {
        return with(STREAMING_CALLBACK, streamingCallback);
    }

    /** What takes the head's lines. */
    public @Nullable Consumer<String> headerCallback() {
        var callback = get(HEADER_CALLBACK);
        return callback == null ? null : callback.lines;
    }

    /**
     * These settings with the head of the response given away line by line, each with CRLF, the
     * last one empty, before any of the body; in a coroutine. The response has them, too.
     */
    public HttpRequest withHeaderCallback(Consumer<String> headerCallback) {
        return with(HEADER_CALLBACK, new HeaderCallback(headerCallback));
    }

    /** Who connects in our place. */
    public @Nullable Proxy proxy() {
        return get(PROXY);
    }

    /** These settings with a proxy. */
    public HttpRequest withProxy(Proxy proxy) {
        return with(PROXY, proxy);
    }

    /** Whether unusual requests are sent. */
    public @Nullable Boolean allowNonstandardMethods() {
        return get(ALLOW_NONSTANDARD_METHODS);
    }

    /** These settings with any method allowed, and any method with or without body. */
    public HttpRequest withAllowNonstandardMethods(boolean allowNonstandardMethods) {
        return with(ALLOW_NONSTANDARD_METHODS, allowNonstandardMethods);
    }

    /** Whether the server has to prove who it is. */
    public @Nullable Boolean validateCert() {
        return get(VALIDATE_CERT);
    }

    /**
     * These settings with the server's certificate checked, or with everybody believed, as in
     * tests.
     */
    public HttpRequest withValidateCert(boolean validateCert) {
        return with(VALIDATE_CERT, validateCert);
    }

    /** How TLS is spoken. */
    public @Nullable TlsOptions tls() {
        return get(TLS);
    }

    /** These settings with TLS options: certificate authorities, client certificate, protocols. */
    public HttpRequest withTls(TlsOptions tls) {
        return with(TLS, tls);
    }

    /** Whether the body waits for {@code 100 Continue}. */
    public @Nullable Boolean expect100Continue() {
        return get(EXPECT_100_CONTINUE);
    }

    /**
     * These settings with the body sent when the server has agreed to it ({@code Expect:
     * 100-continue}), or at once. As many servers never say that they agree, it is also sent when
     * they have said nothing for a second, RFC 9110 section 10.1.1.
     */
    public HttpRequest withExpect100Continue(boolean expect100Continue) {
        return with(EXPECT_100_CONTINUE, expect100Continue);
    }

    /** Which version of HTTP is spoken. */
    public @Nullable Http2Mode http2() {
        return get(HTTP2);
    }

    /** These settings with another choice of HTTP's version. */
    public HttpRequest withHttp2(Http2Mode http2) {
        return with(HTTP2, http2);
    }

    /** How many bytes the response's body may have. */
    public @Nullable Long maxBodySize() {
        return get(MAX_BODY_SIZE);
    }

    /**
     * These settings with another limit for the response's body, in bytes and after decompression,
     * streamed or not.
     */
    public HttpRequest withMaxBodySize(long maxBodySize) {
        return with(MAX_BODY_SIZE, maxBodySize);
    }

    /** What is tried again. */
    public @Nullable RetryPolicy retryPolicy() {
        return get(RETRY_POLICY);
    }

    /** These settings with another retry policy. */
    public HttpRequest withRetryPolicy(RetryPolicy retryPolicy) {
        return with(RETRY_POLICY, retryPolicy);
    }

    /** Whether a status other than 2xx fails the fetch. */
    public @Nullable Boolean raiseError() {
        return get(RAISE_ERROR);
    }

    /**
     * These settings with the future failing on a status other than 2xx, or delivering the
     * response. What leaves no response fails it always.
     */
    public HttpRequest withRaiseError(boolean raiseError) {
        return with(RAISE_ERROR, raiseError);
    }

    /** What only one kind of transport understands. */
    public @Nullable TransportHook transportHook() {
        return get(TRANSPORT_HOOK);
    }

    /**
     * These settings with something that only one kind of transport understands; a fetch by another
     * kind is refused. Tornado: {@code prepare_curl_callback}.
     */
    public HttpRequest withTransportHook(TransportHook transportHook) {
        return with(TRANSPORT_HOOK, transportHook);
    }

    /** Gives the generic type a class. */
    private record HeaderCallback(Consumer<String> lines) {}

    /** Method and URL; never the password. */
    @Override
    public String toString() {
        var method = method();
        return "HttpRequest["
                + (method == null ? "GET" : method)
                + " "
                + Url.withoutUser(url())
                + "]";
    }
}
