package whirlwind.web.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.escape.Url;
import whirlwind.http.Forms;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpStatusException;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;
import whirlwind.web.RequestHandler;
import whirlwind.web.auth.AuthException.Kind;
import whirlwind.web.auth.FakeProvider.Answer;

class OAuth2Test {
    private final FakeProvider provider = new FakeProvider();
    private final Visitor ada = new Visitor();
    private final OAuth2 oauth = client(provider.plain());

    private static OAuth2 client(OAuth2Provider provider) {
        return new OAuth2(provider, FakeProvider.CLIENT, FakeProvider.SECRET);
    }

    @AfterEach
    void close() throws Exception {
        ada.close();
        provider.close();
    }

    /** Goes to the provider, and as far as the address at which it sends her back. */
    private URI sentBack(Site site) throws Exception {
        return ada.sentFrom(ada.sentFrom(site.uri("/sign-in")));
    }

    private static Map<String, List<String>> query(URI address) {
        return Forms.parseQuery(address.getRawQuery());
    }

    private static URI with(URI address, String name, String value) {
        return URI.create(Url.concat(address.toString(), Map.of(name, value)));
    }

    /** She comes back to that, and it fails; the log's lines, which have nothing secret. */
    private List<String> fails(Site site, URI address, Kind kind, int status) throws Exception {
        try (var log = LogCapture.of(RequestHandler.class)) {
            var answer = ada.get(address);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).contains(status + ": ").doesNotContain("GOSSIP", "token");
            assertThat(site.failures.getLast().kind()).isEqualTo(kind);
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).doesNotContain("GOSSIP", FakeProvider.SECRET);
            return log.lines();
        }
    }

    @Test
    void aUserSignsInAndGoesOnWhereSheWanted() throws Exception {
        try (var site = Site.of(oauth)) {
            var back = ada.sentFrom(ada.sentFrom(site.uri("/sign-in?next=%2Faccount%3Fa%3D1")));
            assertThat(back.toString()).startsWith(site.uri("/signed-in?code=").toString());

            var answer = ada.get(back);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"name\":\"Ada\"", "\"id\":7", "\"next\":\"/account?a=1\"");
            assertThat(answer.headers().map())
                    .containsEntry("Cache-Control", List.of("no-store"))
                    .containsEntry("Referrer-Policy", List.of("no-referrer"));
            assertThat(ada.cookies).as("it is used up").isEmpty();
            assertThat(provider.clients).containsExactly("header client 7 s:ecret/7+");
        }
    }

    @Test
    void theUserIsSentWithAllThatTheProviderWants() throws Exception {
        var asking = oauth.withScopes("a", "b").withParameter("prompt", "login");
        try (var site = Site.of(asking)) {
            var response = ada.get(site.uri("/sign-in"));
            var address = URI.create(response.headers().firstValue("Location").orElseThrow());

            assertThat(address.toString()).startsWith(provider.url("/authorize?"));
            assertThat(query(address))
                    .containsOnlyKeys(
                            "prompt",
                            "response_type",
                            "client_id",
                            "redirect_uri",
                            "scope",
                            "state",
                            "code_challenge",
                            "code_challenge_method")
                    .containsEntry("prompt", List.of("login"))
                    .containsEntry("response_type", List.of("code"))
                    .containsEntry("client_id", List.of(FakeProvider.CLIENT))
                    .containsEntry("redirect_uri", List.of(site.uri("/signed-in").toString()))
                    .containsEntry("scope", List.of("a b"))
                    .containsEntry("code_challenge_method", List.of("S256"));
            assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                    .startsWith("sign-in=")
                    .endsWith("; HttpOnly; Max-Age=600; Path=/; SameSite=Lax");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void overTlsTheCookieIsThisHostsAlone() throws Exception {
        try (var site = Site.of(oauth)) {
            var response = site.served().get("/sign-in", "X-Forwarded-Proto", "https");

            assertThat(response.headers().firstValue("Location").orElseThrow())
                    .contains("redirect_uri=https%3A%2F%2F127.0.0.1");
            assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                    .startsWith("__Host-sign-in=")
                    .endsWith("; Secure");
        }
    }

    /** RFC 7636, appendix B. */
    @Test
    void theChallengeIsThatOfTheStandardsExample() {
        assertThat(Secrets.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void theSecretGoesWhereTheProviderTakesIt() throws Exception {
        var publicClient = new OAuth2(provider.plain(), "public", "");
        for (var one : List.of(client(provider.plain().withSecretInBody(true)), publicClient)) {
            try (var site = Site.of(one)) {
                assertThat(ada.get(sentBack(site)).statusCode()).isEqualTo(200);
            }
        }
        assertThat(provider.clients)
                .containsExactly("body client 7 s:ecret/7+", "body public null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/\\evil.example",
                "https://evil.example/",
                "evil",
                "/a b",
                "javascript:alert(1)"
            })
    void sheGoesOnNowhereElseThanHere(String next) throws Exception {
        try (var site = Site.of(oauth)) {
            var start = site.uri("/sign-in?next=" + Url.escape(next));
            assertThat(ada.get(ada.sentFrom(ada.sentFrom(start))).body())
                    .contains("\"next\":\"/\"");
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsRefused() throws Exception {
        try (var site = Site.of(oauth)) {
            var back = sentBack(site);
            var withoutState = URI.create(back.toString().replaceFirst("&state=.*", ""));
            assertThat(fails(site, withoutState, Kind.INVALID, 400).getFirst())
                    .endsWith("the answer has no state");
            assertThat(fails(site, with(back, "state", "another"), Kind.INVALID, 400).getFirst())
                    .endsWith("the answer is to another sign-in");
            assertThat(provider.clients).as("no code was redeemed").isEmpty();

            assertThat(ada.get(back).statusCode()).as("hers still counts").isEqualTo(200);
            assertThat(fails(site, back, Kind.INVALID, 400).getFirst())
                    .as("once")
                    .contains("no sign-in was begun in this browser");
        }
    }

    @Test
    void anAnswerFromAnotherBrowserIsRefused() throws Exception {
        try (var site = Site.of(oauth);
                var eve = new Visitor()) {
            var back = sentBack(site);
            try (var log = LogCapture.of(RequestHandler.class)) {
                assertThat(eve.get(back).statusCode()).isEqualTo(400);
                eve.cookies.put("sign-in", "2|1:0|10:1|7:sign-in|4:eA==|00");
                assertThat(eve.get(back).statusCode()).isEqualTo(400);
                assertThat(log.lines()).hasSize(2);
            }
        }
    }

    @Test
    void aCodeThatBelongsToAnotherSignInIsRefused() throws Exception {
        try (var site = Site.of(oauth);
                var eve = new Visitor()) {
            var evesState = query(eve.sentFrom(site.uri("/sign-in"))).get("state").getFirst();
            var stolen = with(sentBack(site), "state", evesState);
            ada.cookies.putAll(eve.cookies); // she is Eve from now on

            fails(site, stolen, Kind.INVALID, 400);
            assertThat(site.failures.getLast().code()).isEqualTo("invalid_grant");
        }
    }

    @Test
    void anAnswerAfterTenMinutesIsTooLate() throws Exception {
        var time = new VirtualTime();
        var loop = time.newLoop();
        try (var site = Site.on(loop, oauth)) {
            var back = sentBack(site);
            site.served()
                    .onLoop(() -> {
                        time.advance(Duration.ofMinutes(10).plusSeconds(1));
                        return true;
                    });
            fails(site, back, Kind.INVALID, 400);
        }
    }

    @Test
    void theAnswerOfAnotherProviderIsRefused() throws Exception {
        try (var other = new FakeProvider();
                var site = Site.of(oauth::authorizeRedirect, client(other.plain())::authenticate)) {
            assertThat(fails(site, sentBack(site), Kind.INVALID, 400).getFirst())
                    .endsWith("the sign-in was begun with " + provider.url("/authorize"));
        }
        var named = client(provider.plain().withIssuer("https://id.example"));
        try (var site = Site.of(named)) {
            fails(site, with(sentBack(site), "iss", "https://evil.example"), Kind.INVALID, 400);
            assertThat(ada.get(with(sentBack(site), "iss", "https://id.example")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoDoesNotWantToIsNotSignedIn() throws Exception {
        try (var site = Site.of(oauth)) {
            provider.refusal = Map.of("error", "access_denied");
            fails(site, sentBack(site), Kind.DENIED, 403);
            assertThat(site.failures.getLast().code()).isEqualTo("access_denied");

            provider.refusal = Map.of("error", "temporarily_unavailable");
            fails(site, sentBack(site), Kind.PROVIDER, 502);

            provider.refusal = Map.of("error", "%0aWARN_forged");
            assertThat(fails(site, sentBack(site), Kind.PROVIDER, 502).getFirst())
                    .endsWith(": an error that OAuth 2.0 doesn't know");
            assertThat(site.failures.getLast().code()).isNull();
        }
    }

    static Stream<Answer> wrongTokenAnswers() {
        return Stream.of(
                new Answer(500, "text/html", "<h1>GOSSIP</h1>"),
                new Answer(200, "text/html", "<h1>GOSSIP</h1>"),
                new Answer(200, "application/json", ""),
                new Answer(200, "application/json", "null"),
                new Answer(200, "application/json", "[\"GOSSIP\"]"),
                new Answer(200, "application/json", "{\"access_token\":7}"),
                new Answer(200, "application/json", "{\"access_token\":\"GOSSIP\\r\\n\"}"),
                new Answer(
                        200, "application/json", "{\"access_token\":\"t\",\"token_type\":\"mac\"}"),
                new Answer(200, "application/json", "{\"error\":\"GOSSIP\"}"),
                new Answer(401, "application/json", "{\"error\":\"invalid_client\"}"),
                new Answer(302, "text/plain", ""),
                new Answer(200, "application/json", " ".repeat((1 << 20) + 1)));
    }

    @ParameterizedTest
    @MethodSource("wrongTokenAnswers")
    void aTokenEndpointThatMakesNoSenseIsToBlame(Answer answer) throws Exception {
        provider.tokenAnswer = answer;
        try (var site = Site.of(oauth)) {
            assertThat(fails(site, sentBack(site), Kind.PROVIDER, 502).getFirst())
                    .startsWith("WARN 502 GET /signed-in?code=")
                    .contains("): " + provider.url("/token: "));
        }
    }

    /** A client of each loop that doesn't wait for long. */
    private record Impatient(AsyncHttpClient client) implements AutoCloseable {
        private static final HttpRequest DEFAULTS =
                HttpRequest.DEFAULTS.withRequestTimeout(Duration.ofSeconds(1));

        Impatient() {
            this(new AsyncHttpClient(ClientOptions.DEFAULTS.withDefaults(DEFAULTS)));
        }

        static AsyncHttpClient ofLoop() {
            return IOLoop.current().shared(Impatient.class, Impatient::new).client;
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void aProviderThatIsSilentOrAwayIsUnreachable() throws Exception {
        provider.silent = true;
        try (var site = Site.of(oauth.withClient(Impatient::ofLoop))) {
            assertThat(fails(site, sentBack(site), Kind.UNREACHABLE, 504).getFirst())
                    .endsWith(provider.url("/token: no answer in time, stage REQUEST"));
        }

        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        var gone = OAuth2Provider.of(provider.url("/authorize"), "http://127.0.0.1:" + free + "/");
        try (var site = Site.of(client(gone))) {
            fails(site, sentBack(site), Kind.UNREACHABLE, 504);
        }
    }

    @Test
    void whatIsBeingAskedEndsWhenTheUserLeaves() throws Exception {
        provider.silent = true;
        try (var site = Site.of(oauth)) {
            var back = sentBack(site);
            try (var socket = new Socket("127.0.0.1", back.getPort())) {
                var head =
                        "GET %s?%s HTTP/1.1\r\nHost: %s\r\nCookie: sign-in=%s\r\n\r\n"
                                .formatted(
                                        back.getPath(),
                                        back.getRawQuery(),
                                        back.getAuthority(),
                                        ada.cookies.get("sign-in"));
                socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(provider.tokenAsked.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(provider.askerLeft.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(site.failures).isEmpty();
        }
    }

    @Test
    void aTokenIsRefreshedAndUsed() throws Exception {
        try (var site = Site.of(oauth)) {
            var token = site.served().onLoop(() -> oauth.refresh("again"));
            assertThat(token.accessToken()).isEqualTo("fresh");
            assertThat(token.expiresIn()).isEqualTo(Duration.ofHours(1));
            assertThat(token.toString()).doesNotContain("fresh", "again");

            var request = HttpRequest.of(provider.url("/userinfo"));
            var user = site.served().onLoop(() -> oauth.fetch(request, OAuth2Token.of("access")));
            assertThat(user.get("name").stringValue()).isEqualTo("Ada");

            assertThat(site.served().onLoop(() -> failure(() -> oauth.fetch(request, token))))
                    .hasMessage(provider.url("/userinfo: HTTP 401"))
                    .hasCauseInstanceOf(HttpStatusException.class);
        }
    }

    static AuthException failure(Runnable call) {
        try {
            call.run();
        } catch (AuthException e) {
            return e;
        }
        throw new AssertionError("it went well");
    }

    @Test
    void whatIsUnsafeOrContradictoryIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OAuth2Provider.of("https://id.example/a", "http://id.example/t"))
                .withMessage("tokenUrl: \"http://id.example/t\" (https, or http on this machine)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> oauth.withScopes("openid"))
                .withMessageContaining("OAuth2Provider.withIssuer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> oauth.withParameter("state", "mine"))
                .withMessage("parameter: state (it is said already)");
    }
}
