package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.codec.client.ClientTransport;
import whirlwind.loop.Async;

class CookieJarTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final CookieJar jar = new CookieJar();

    private void set(String url, String... cookies) {
        for (var cookie : cookies) {
            jar.set(url, cookie, NOW);
        }
    }

    private String sentTo(String url) {
        return jar.header(RequestUrl.parse(url), NOW);
    }

    @Test
    void cookiesGoBackToTheirHostAlone() {
        set("http://a.example/", "x=1", "y=2; HttpOnly; SameSite=Lax");
        assertThat(sentTo("http://a.example/")).isEqualTo("x=1; y=2");
        assertThat(sentTo("http://b.a.example/")).isNull();
        assertThat(sentTo("http://example/")).isNull();
    }

    @Test
    void aDomainIncludesItsSubdomains() {
        set("http://a.b.example/", "x=1; Domain=.b.example");
        assertThat(sentTo("http://b.example/")).isEqualTo("x=1");
        assertThat(sentTo("http://c.b.example/")).isEqualTo("x=1");
        assertThat(sentTo("http://xb.example/")).isNull();
    }

    @Test
    void cookiesForOthersAreRefused() {
        set("http://a.example/", "x=1; Domain=b.example", "y=1; Domain=example");
        set("http://127.0.0.1/", "z=1; Domain=0.0.1");
        set("http://a.example/", "s=1; Secure", "__Host-a=1; Path=/", "__Secure-b=1");
        set("https://a.example/", "__Host-a=1; Secure; Path=/x");
        set("http://a.example/", "", "=", "n=" + "v".repeat(5000));
        assertThat(jar.size()).isZero();
        set("https://a.example/", "__Host-a=1; Secure; Path=/");
        assertThat(sentTo("https://a.example/")).isEqualTo("__Host-a=1");
        assertThat(sentTo("http://a.example/")).isNull();
    }

    @Test
    void pathsIncludeWhatIsBelowThemAndTheLongestComesFirst() {
        set("http://h/a/b?q=/c/", "x=1", "y=2; Path=/a/bc", "z=3; Path=/", "w=4; Path=nonsense");
        assertThat(sentTo("http://h/a")).isEqualTo("x=1; w=4; z=3");
        assertThat(sentTo("http://h/a/bc")).isEqualTo("y=2; x=1; w=4; z=3");
        assertThat(sentTo("http://h/ab")).isEqualTo("z=3");
    }

    @Test
    void cookiesEndWhenTheirTimeIsUp() {
        set(
                "http://h/",
                "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "b=2; Expires=Thu, 01 Jan 2026 00:02:00 GMT",
                "c=3");
        assertThat(sentTo("http://h/")).isEqualTo("a=1; b=2; c=3");
        var url = RequestUrl.parse("http://h/");
        assertThat(jar.header(url, NOW.plusSeconds(60))).isEqualTo("b=2; c=3");
        assertThat(jar.header(url, NOW.plusSeconds(120))).isEqualTo("c=3");
        set("http://h/", "c=; Max-Age=0");
        assertThat(jar.header(url, NOW.plusSeconds(121))).isNull();
    }

    @Test
    void theOldestOfTooManyCookiesGoesFirst() {
        for (int i = 0; i <= 3_000; i++) {
            set("http://h/" + i + "/", "c=" + i);
        }
        assertThat(jar.size()).isEqualTo(3_000);
        assertThat(sentTo("http://h/0/")).isNull();
        assertThat(sentTo("http://h/1/")).isEqualTo("c=1");
    }

    @Test
    void aClientWithAJarStaysLoggedIn() throws Exception {
        try (var world = new ClientWorld(ClientTransport::new)) {
            world.run(w -> {
                w.site()
                        .on(
                                "/login",
                                exchange ->
                                        exchange.respond(
                                                302,
                                                Headers.of(
                                                        "Set-Cookie",
                                                        "session=7; Path=/",
                                                        "Location",
                                                        "/"),
                                                new byte[0]));
                w.site()
                        .on(
                                "/",
                                exchange ->
                                        exchange.respond(
                                                200,
                                                new Headers(),
                                                ClientWorld.bytes(
                                                        exchange.request()
                                                                .headers()
                                                                .get("Cookie", "none"))));
                var client = w.client(w.options().withCookies(jar));
                var response = Async.await(client.fetch(w.get("/login")));
                assertThat(response.text()).isEqualTo("session=7");
                var own = w.get("/").withHeader("Cookie", "own=1");
                assertThat(Async.await(client.fetch(own)).text()).isEqualTo("own=1; session=7");
                jar.clear();
                assertThat(Async.await(client.fetch(w.get("/"))).text()).isEqualTo("none");
            });
        }
    }

    @Test
    void whatWasSetOverTlsIsNotReplacedFromElsewhere() {
        set("https://a.example/login", "s=good; Secure; Path=/", "t=1; Path=/");
        set("http://a.example/", "s=evil; Path=/", "s=evil; Domain=a.example", "t=2; Path=/");
        set("http://b.a.example/", "s=evil; Domain=a.example");
        assertThat(sentTo("https://a.example/login")).isEqualTo("s=good; t=2");
        set("https://a.example/", "s=new; Path=/");
        assertThat(sentTo("http://a.example/")).isEqualTo("t=2; s=new");
    }

    @Test
    void aPrefixPromisesNothingWhereThereIsNoName() {
        set("http://a.example/", "=__Host-s=evil", "=__Secure-s=evil", "__host-s");
        assertThat(jar.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Wed, 31-Dec-2025 23:59:59 GMT", // Netscape's, which many servers send
                "Wednesday, 31-Dec-25 23:59:59 GMT",
                "Wed Dec 31 23:59:59 2025",
                "Wed, 31 Dec 2025 23:59:59 UTC",
                "31 december 2025 23:59:59",
                "Thu, 1-Jan-70 0:0:1 GMT"
            })
    void datesAreReadAsServersWriteThem(String past) {
        set("http://h/", "a=1", "a=; Expires=" + past);
        assertThat(sentTo("http://h/")).isNull();
        set("http://h/", "a=2; Expires=" + past.replaceAll("2025|-25|-70", "-2030"));
        assertThat(sentTo("http://h/")).isEqualTo("a=2");
    }
}
