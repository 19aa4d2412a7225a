package whirlwind.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.transport.TransportHook;
import whirlwind.loop.Async;
import whirlwind.net.channel.DigestAuth;
import whirlwind.net.connect.ConnectFailedException;

/** What goes out. */
public interface RequestContract extends ClientContract {

    @Test
    default void aGetNamesItsHostAndItself() {
        run(w -> {
            w.site().on("/", "home");

            var response = w.fetch(w.site().url(""));

            assertThat(response.text()).isEqualTo("home");
            var request = w.site().lastRequest();
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.headers().get("Host")).isEqualTo("127.0.0.1:" + w.site().port());
            assertThat(request.headers().get("User-Agent")).matches("Whirlwind(/.+)?");
            assertThat(request.headers().get("Accept-Encoding")).contains("gzip");
        });
    }

    @Test
    default void fragmentsStayAtHomeAndQueriesGoAsTheyAre() {
        run(w -> {
            w.site().on("/", "home").on("/a/b", "there");
            w.fetch(w.site().url("?a=b&c=%20d#fragment"));
            assertThat(w.site().lastRequest().uri()).isEqualTo("/?a=b&c=%20d");
            w.fetch(w.site().url("/a/b#fragment"));
            assertThat(w.site().lastRequest().uri()).isEqualTo("/a/b");
        });
    }

    @Test
    default void ipv6LiteralsStandInBrackets() {
        run(w -> {
            w.site().on("/", "six");
            var url = "http://[::1]:" + w.site().port() + "/";
            assertThat(w.fetch(url).text()).isEqualTo("six");
            assertThat(w.site().lastRequest().headers().get("Host"))
                    .isEqualTo("[::1]:" + w.site().port());
            assertThat(w.failure(HttpRequest.of(url).withAllowIpv6(false)))
                    .isInstanceOf(RuntimeException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
        });
    }

    @Test
    default void whatMakesNoSenseIsRefusedBeforeAnythingIsSent() {
        run(w -> {
            w.site();
            for (var url :
                    List.of(
                            "ftp://127.0.0.1/",
                            "127.0.0.1/x",
                            "http:///x",
                            "http://a b/",
                            "http://h:99999/",
                            "http://[::zz]/")) {
                assertThat(w.failure(HttpRequest.of(url)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("URL");
            }
            assertThat(w.failure(w.get("/").withMethod("OTHER")))
                    .hasMessageContaining("OTHER")
                    .hasMessageContaining("withAllowNonstandardMethods");
            assertThat(w.failure(w.get("/").withNetworkInterface("not an address")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not an address");
            assertThat(w.failure(w.get("/").withHeader("Transfer-Encoding", "chunked")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(w.failure(w.get("/").withMaxRedirects(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maxRedirects");
            assertThat(w.failure(w.get("/").withMaxBodySize(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maxBodySize");
            assertThat(w.site().requests()).isEmpty();
            assertThat(w.site().server().connectionCount()).isZero();
        });
    }

    @Test
    default void headersCanNotBeInjected() {
        run(w -> {
            for (var broken : List.of("\r", "\n", "\r\n")) {
                assertThatThrownBy(() -> w.get("/").withHeader("a" + broken + "b", "c"))
                        .isInstanceOf(HeaderSyntaxException.class);
                assertThatThrownBy(() -> w.get("/").withHeader("a", "b" + broken + "c: d"))
                        .isInstanceOf(HeaderSyntaxException.class);
                assertThat(w.failure(w.get("/").withUserAgent("b" + broken + "c: d")))
                        .isInstanceOf(HeaderSyntaxException.class);
            }
        });
    }

    @Test
    default void standardMethodsReachTheServer() {
        run(w -> {
            w.site().on("/", RequestContract::tell);
            for (var method : List.of("GET", "DELETE", "OPTIONS")) {
                assertThat(w.fetch(w.get("/").withMethod(method)).text()).isEqualTo(method + ":");
            }
            for (var method : List.of("POST", "PUT", "PATCH")) {
                var request = w.get("/").withMethod(method).withBody("x");
                assertThat(w.fetch(request).text()).isEqualTo(method + ":x");
            }
        });
    }

    /** Answers with the method and the body. */
    private static void tell(HttpExchange exchange) {
        var request = exchange.request();
        exchange.respond(
                200,
                new Headers(),
                (request.method() + ":" + new String(request.body(), UTF_8)).getBytes(UTF_8));
    }

    @Test
    default void otherMethodsAndUnusualBodiesGoOutIfAsked() {
        run(w -> {
            w.site().on("/", RequestContract::tell);
            var free = w.get("/").withAllowNonstandardMethods(true);
            assertThat(w.fetch(free.withMethod("OTHER")).text()).isEqualTo("OTHER:");
            assertThat(w.fetch(free.withMethod("DELETE").withBody("b")).text())
                    .isEqualTo("DELETE:b");
            assertThat(w.fetch(free.withMethod("OPTIONS").withBody("b")).text())
                    .isEqualTo("OPTIONS:b");
        });
    }

    @Test
    default void methodsThatHaveABodyMustHaveOneAndOthersNone() {
        run(w -> {
            w.site().on("/", RequestContract::tell);
            for (var method : List.of("POST", "PUT", "PATCH")) {
                assertThat(w.failure(w.get("/").withMethod(method)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(method + " without body");
            }
            for (var method : List.of("GET", "HEAD", "DELETE", "OPTIONS")) {
                assertThat(w.failure(w.get("/").withMethod(method).withBody("x")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(method + " with a body");
            }
            assertThat(w.fetch(w.get("/").withMethod("POST").withBody("")).text())
                    .isEqualTo("POST:");
            assertThat(w.site().lastRequest().headers().get("Content-Length")).isEqualTo("0");
        });
    }

    @Test
    default void textIsSentAsUtf8AndBytesAsTheyAre() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var post = w.get("/").withMethod("POST");
            assertThat(w.fetch(post.withBody("\u00e9\u20ac")).body())
                    .isEqualTo("\u00e9\u20ac".getBytes(UTF_8));
            assertThat(w.fetch(post.withBody("\u00e9".getBytes(ISO_8859_1))).body())
                    .isEqualTo(new byte[] {(byte) 0xe9});
            assertThat(w.site().lastRequest().headers().get("Content-Type"))
                    .isEqualTo("application/x-www-form-urlencoded");
            w.fetch(post.withBody("{}").withHeader("Content-Type", "application/json"));
            assertThat(w.site().lastRequest().headers().get("Content-Type"))
                    .isEqualTo("application/json");
        });
    }

    @Test
    default void aLargeBodyArrivesWhole() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var body = new byte[3_000_000];
            new java.util.Random(7).nextBytes(body);
            var post = w.get("/").withMethod("POST").withBody(body);
            assertThat(w.fetch(post).body()).isEqualTo(body);
        });
    }

    @Test
    default void headersAndUserAgentCanBeGiven() {
        run(w -> {
            w.site().on("/", "");
            w.fetch(
                    w.get("/")
                            .withHeader("X-Name", "value")
                            .withHeader("Host", "example.com:77")
                            .withHeader("User-Agent", "header")
                            .withUserAgent("setting"));
            var sent = w.site().lastRequest().headers();
            assertThat(sent.get("X-Name")).isEqualTo("value");
            assertThat(sent.getList("Host")).containsExactly("example.com:77");
            assertThat(sent.getList("User-Agent")).containsExactly("setting");
            w.fetch(w.get("/").withHeader("User-Agent", "header"));
            assertThat(w.site().lastRequest().headers().get("User-Agent")).isEqualTo("header");
        });
    }

    @Test
    default void headersGoAsLatin1() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            Headers.of(
                                                    "X-Back",
                                                    exchange.request().headers().get("X-Name", "")),
                                            new byte[0]));
            var response = w.fetch(w.get("/").withHeader("X-Name", "b\u00e4r"));
            assertThat(response.headers().get("X-Back")).isEqualTo("b\u00e4r");
        });
    }

    @Test
    default void defaultsHoldWhereTheRequestSaysNothing() {
        run(w -> {
            w.site().on("/", "");
            var client =
                    w.client(
                            w.options()
                                    .withDefaults(HttpRequest.DEFAULTS.withUserAgent("default")));
            Async.await(client.fetch(w.get("/")));
            assertThat(w.site().lastRequest().headers().get("User-Agent")).isEqualTo("default");
            Async.await(client.fetch(w.get("/").withUserAgent("own")));
            assertThat(w.site().lastRequest().headers().get("User-Agent")).isEqualTo("own");
        });
    }

    @Test
    default void aRequestIsAValueAndCanBeSentAgain() {
        run(w -> {
            w.site().on("/", "");
            var headers = new Headers();
            headers.add("X-Name", "value");
            var request = w.get("/").withHeaders(headers);
            var first = w.fetch(request);
            assertThat(headers.toString()).isEqualTo("X-Name: value\r\n");
            assertThat(request.headers().toString()).isEqualTo("X-Name: value\r\n");
            assertThat(first.request()).isSameAs(request);
            assertThat(w.fetch(first.request()).code()).isEqualTo(200);
        });
    }

    @Test
    default void ifModifiedSinceIsAnHttpDate() {
        run(w -> {
            w.site().on("/", "");
            w.fetch(w.get("/").withIfModifiedSince(Instant.ofEpochSecond(784111777)));
            assertThat(w.site().lastRequest().headers().get("If-Modified-Since"))
                    .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        });
    }

    @Test
    default void basicCredentialsComeFromSettingsOrFromTheUrl() {
        run(w -> {
            w.site().on("/", "");
            w.fetch(w.get("/").withCredentials(Credentials.of("Aladdin", "open sesame")));
            assertThat(authorization(w)).isEqualTo("Aladdin:open sesame");
            w.fetch(w.get("/").withCredentials(Credentials.of("\u00e9\u00e4", "e\u0301\u20ac")));
            assertThat(authorization(w)).isEqualTo("\u00e9\u00e4:\u00e9\u20ac");
            var withUser = "http://me%40home:p%3Aw@127.0.0.1:" + w.site().port() + "/";
            w.fetch(HttpRequest.of(withUser).withCredentials(Credentials.of("not", "used")));
            assertThat(authorization(w)).isEqualTo("me@home:p:w");
            assertThat(w.site().lastRequest().headers().get("Host"))
                    .isEqualTo("127.0.0.1:" + w.site().port());
            w.fetch("http://only@127.0.0.1:" + w.site().port() + "/");
            assertThat(authorization(w)).isEqualTo("only:");
        });
    }

    private static String authorization(ClientWorld w) throws Exception {
        var header = w.site().lastRequest().headers().get("Authorization", "");
        assertThat(header).startsWith("Basic ");
        return new String(Base64.getDecoder().decode(header.substring(6)), UTF_8);
    }

    @Test
    default void aPasswordInTheUrlIsNotSaidAloud() {
        run(w -> {
            for (var rest : List.of("127.0.0.1:1/", "127.0.0.1:99999/", "[::/", "a b/", "/x@y")) {
                var request = HttpRequest.of("http://user:secret@" + rest);
                assertThat(request.toString()).doesNotContain("secret").endsWith(rest + "]");
                assertThat(w.failure(request).toString()).doesNotContain("secret");
            }
        });
    }

    @Test
    default void aDigestChallengeIsAnswered() {
        run(w -> {
            for (var algorithm : List.of("MD5", "SHA-256", "SHA-256-sess")) {
                w.site()
                        .on(
                                "/secret",
                                exchange -> {
                                    var given = exchange.request().headers().get("Authorization");
                                    if (given == null) {
                                        var challenge =
                                                "Negotiate abc==, Digest realm=\"r, \\\"q\\\"\", nonce=\"n1\", qop=\"auth-int,auth\", opaque=\"o\", algorithm="
                                                        + algorithm;
                                        exchange.respond(
                                                401,
                                                Headers.of("WWW-Authenticate", challenge),
                                                new byte[0]);
                                        return;
                                    }
                                    var parts = DigestAuth.challenges(given).getFirst();
                                    var expected =
                                            DigestAuth.answer(
                                                    java.util.Map.of(
                                                            "realm",
                                                            "r, \"q\"",
                                                            "nonce",
                                                            "n1",
                                                            "qop",
                                                            "auth",
                                                            "opaque",
                                                            "o",
                                                            "algorithm",
                                                            algorithm),
                                                    new DigestAuth.User("user", "p\u00e4ss"),
                                                    "GET",
                                                    "/secret?x=1",
                                                    parts.getOrDefault("cnonce", ""));
                                    exchange.respond(
                                            given.equals(expected) ? 200 : 403,
                                            new Headers(),
                                            new byte[0]);
                                });
                var request =
                        w.get("/secret?x=1")
                                .withCredentials(Credentials.digest("user", "p\u00e4ss"));
                assertThat(w.fetch(request).code()).isEqualTo(200);
            }
        });
    }

    @Test
    default void aWrongPasswordIsNotTriedForEver() {
        run(w -> {
            w.site()
                    .on(
                            "/secret",
                            exchange ->
                                    exchange.respond(
                                            401,
                                            Headers.of(
                                                    "WWW-Authenticate",
                                                    "Digest realm=\"r\", nonce=\"n\""),
                                            new byte[0]));
            var request = w.get("/secret").withCredentials(Credentials.digest("user", "wrong"));
            assertThat(w.failure(request))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class, e -> assertThat(e.code()).isEqualTo(401));
            assertThat(w.site().requests()).hasSize(2);
        });
    }

    @Test
    default void aHookOfAnotherTransportIsRefused() {
        run(w -> {
            class Unknown implements TransportHook {}
            w.site().on("/", "hello");
            assertThat(w.failure(w.get("/").withTransportHook(new Unknown())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Unknown");
            assertThat(w.site().requests()).isEmpty();
            assertThat(w.fetch(w.get("/")).text()).isEqualTo("hello");
        });
    }

    @Test
    default void theLocalAddressCanBeChosen() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            new Headers(),
                                            ClientWorld.bytes(exchange.request().remoteIp())));
            assertThat(w.fetch(w.get("/").withNetworkInterface("127.0.0.5")).text())
                    .isEqualTo("127.0.0.5");
            assertThat(w.failure(w.get("/").withNetworkInterface("203.0.113.7")))
                    .isInstanceOf(ConnectFailedException.class);
        });
    }
}
