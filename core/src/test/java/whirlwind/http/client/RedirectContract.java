package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;

/** Redirects: which are followed, with what, and where it ends. */
public interface RedirectContract extends ClientContract {

    @Test
    default void redirectsAreFollowedOrReturned() {
        run(w -> {
            w.site().redirect("/", 302, "/there").on("/there", "arrived");
            var response = w.fetch(w.get("/"));
            assertThat(response.text()).isEqualTo("arrived");
            assertThat(response.effectiveUrl()).isEqualTo(w.site().url("/there"));
            assertThat(response.request().url()).isEqualTo(w.site().url("/"));
            var returned = w.fetch(w.get("/").withFollowRedirects(false).withRaiseError(false));
            assertThat(returned.code()).isEqualTo(302);
            assertThat(returned.headers().get("Location")).isEqualTo("/there");
            assertThat(w.failure(w.get("/").withFollowRedirects(false)))
                    .hasMessage("HTTP 302: Found");
        });
    }

    @Test
    default void whereALocationLeadsDependsOnWhereItIsSaid() {
        run(w -> {
            var site = w.site();
            for (var path : List.of("/a/b/c", "/a/d", "/x", "/a/b/q")) {
                site.on(
                        path,
                        exchange ->
                                exchange.respond(
                                        200,
                                        new Headers(),
                                        ClientWorld.bytes(exchange.request().uri())));
            }
            var cases =
                    List.of(
                            List.of("c", "/a/b/c"),
                            List.of("../d", "/a/d"),
                            List.of("./../../x", "/x"),
                            List.of("q?y=1&z=%20#part", "/a/b/q?y=1&z=%20"),
                            List.of("//127.0.0.1:" + site.port() + "/x?", "/x?"),
                            List.of(site.url("/x").replace("http", "HTTP"), "/x"));
            for (var one : cases) {
                site.redirect("/a/b/start", 301, one.getFirst());
                assertThat(w.fetch(w.get("/a/b/start")).text()).isEqualTo(one.getLast());
            }
        });
    }

    @Test
    default void whatIsNoRedirectIsReturned() {
        run(w -> {
            w.site().on("/", exchange -> exchange.respond(301, new Headers(), new byte[0]));
            w.site().redirect("/300", 300, "/there");
            assertThat(w.fetch(w.get("/").withRaiseError(false)).code()).isEqualTo(301);
            assertThat(w.fetch(w.get("/300").withRaiseError(false)).code()).isEqualTo(300);
        });
    }

    @Test
    default void theMethodIsKeptOrBecomesGet() {
        run(w -> {
            w.site()
                    .on(
                            "/there",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            Headers.of(
                                                    "X-Method",
                                                    exchange.request().method(),
                                                    "X-Body",
                                                    new String(
                                                            exchange.request().body(),
                                                            java.nio.charset.StandardCharsets
                                                                    .UTF_8)),
                                            new byte[0]));
            for (int code : List.of(301, 302, 303, 307, 308)) {
                w.site().redirect("/", code, "/there");
                for (var method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")) {
                    boolean body = method.startsWith("P");
                    var request = w.get("/").withMethod(method);
                    var response = w.fetch(body ? request.withBody("body") : request);
                    boolean get =
                            (code == 303 && !method.equals("HEAD"))
                                    || (code < 303 && method.equals("POST"));
                    var sent = w.site().lastRequest();
                    assertThat(sent.method()).as(code + method).isEqualTo(get ? "GET" : method);
                    assertThat(response.headers().get("X-Body"))
                            .as(code + method)
                            .isEqualTo(body && !get ? "body" : "");
                    if (get && body) {
                        assertThat(sent.headers().contains("Content-Type")).isFalse();
                        assertThat(sent.headers().contains("Content-Length")).isFalse();
                    }
                }
            }
        });
    }

    @Test
    default void aProducedBodyIsProducedAgainOrLeftOut() {
        run(w -> {
            w.site()
                    .on(
                            "/there",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var runs = new int[1];
            var post =
                    w.get("/")
                            .withMethod("POST")
                            .withBodyProducer(out -> {
                                runs[0]++;
                                Async.await(out.write("body"));
                            });
            w.site().redirect("/", 307, "/there");
            assertThat(w.fetch(post).text()).isEqualTo("body");
            assertThat(runs[0]).isEqualTo(2);
            w.site().redirect("/", 303, "/there");
            assertThat(w.fetch(post).text()).isEmpty();
            assertThat(runs[0]).isEqualTo(3);
        });
    }

    @Test
    default void secretsAreNotShownToOtherServers() {
        run(w -> {
            w.site().on("/there", "");
            var other = w.closing(new Site(whirlwind.http.server.HttpServerOptions.DEFAULTS));
            other.on("/there", "").redirect("/back", 302, w.site().url("/there"));
            var secret =
                    w.get("/")
                            .withHeader("Authorization", "Bearer token")
                            .withHeader("Cookie", "session=1")
                            .withHeader("X-Kept", "yes");

            w.site().redirect("/", 302, "/there");
            w.fetch(secret);
            assertThat(w.site().lastRequest().headers().get("Authorization"))
                    .isEqualTo("Bearer token");
            assertThat(w.site().lastRequest().headers().get("Cookie")).isEqualTo("session=1");

            w.site().redirect("/", 302, other.url("/there"));
            w.fetch(secret);
            w.fetch(w.get("/").withCredentials(Credentials.of("user", "password")));
            w.fetch("http://user:password@127.0.0.1:" + w.site().port() + "/");
            w.site()
                    .redirect(
                            "/", 302, "http://stolen:secret@127.0.0.1:" + other.port() + "/there");
            w.fetch(secret);
            for (var request : other.requests()) {
                assertThat(request.headers().contains("Authorization")).isFalse();
                assertThat(request.headers().contains("Cookie")).isFalse();
            }
            assertThat(other.requests().getFirst().headers().get("X-Kept")).isEqualTo("yes");

            w.site().redirect("/", 302, other.url("/back"));
            w.fetch(secret);
            assertThat(w.site().lastRequest().path()).isEqualTo("/there");
            assertThat(w.site().lastRequest().headers().contains("Authorization")).isFalse();
            assertThat(w.site().lastRequest().headers().get("Host"))
                    .isEqualTo("127.0.0.1:" + w.site().port());
        });
    }

    @Test
    default void aLoopOfRedirectsEndsAtTheLimit() {
        runWithoutLeaks(w -> {
            w.site().redirect("/", 302, "/");
            var response = w.fetch(w.get("/").withMaxRedirects(3).withRaiseError(false));
            assertThat(response.code()).isEqualTo(302);
            assertThat(w.site().requests()).hasSize(4);
            assertThat(w.failure(w.get("/")))
                    .isInstanceOfSatisfying(
                            HttpRedirectException.class,
                            e -> assertThat(e.response().code()).isEqualTo(302))
                    .hasMessage("HTTP 302: Found (after 5 redirects, at " + w.site().url("/)"));
        });
    }

    @Test
    default void oneSlotIsEnoughForManyHops() {
        run(w -> {
            var client = w.client(w.options().withMaxClients(1));
            w.site()
                    .redirect("/1", 302, "/2")
                    .redirect("/2", 302, "/3")
                    .redirect("/3", 302, "/4")
                    .on("/4", "end");
            var first = client.fetch(w.get("/1"));
            var second = client.fetch(w.get("/1"));
            assertThat(Async.await(first).text()).isEqualTo("end");
            assertThat(Async.await(second).text()).isEqualTo("end");
        });
    }

    @Test
    default void whatFailsAfterARedirectFailsTheFetch() {
        runWithoutLeaks(w -> {
            int unused;
            try (var socket = new java.net.ServerSocket(0)) {
                unused = socket.getLocalPort();
            }
            w.site().redirect("/refused", 302, "http://127.0.0.1:" + unused + "/");
            assertThat(w.failure(w.get("/refused")))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("127.0.0.1:" + unused);
            w.site().redirect("/scheme", 302, "file:///etc/passwd");
            assertThat(w.failure(w.get("/scheme")))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining("file:///etc/passwd");
            w.site().redirect("/hang", 302, w.scripted(peer -> peer.awaitClose()).url("/"));
            assertThat(
                            w.failure(
                                    w.get("/hang")
                                            .withRequestTimeout(java.time.Duration.ofMillis(100))))
                    .isInstanceOf(HttpTimeoutException.class);
            w.site().redirect("/missing", 302, "/nowhere");
            assertThat(w.failure(w.get("/missing"))).hasMessage("HTTP 404: Not Found");
        });
    }

    @Test
    default void aSenselessUserInALocationIsTheServersFault() {
        run(w -> {
            for (var user : List.of("a%3Ab:c", "a%FF:c", "a:%FF")) {
                var to = "http://" + user + "@127.0.0.1:" + w.site().port() + "/there";
                w.site().redirect("/", 302, to);
                assertThat(w.failure(w.get("/")))
                        .as(user)
                        .isInstanceOf(HttpProtocolException.class)
                        .hasMessageContaining("redirects to nowhere");
            }
        });
    }

    @Test
    default void whatDescribedABodyIsLeftOutWithIt() {
        run(w -> {
            w.site().redirect("/", 303, "/there").on("/there", "");
            w.fetch(
                    w.get("/")
                            .withMethod("POST")
                            .withBody("x")
                            .withHeader("Content-Type", "text/plain")
                            .withHeader("Content-Encoding", "mine")
                            .withHeader("Content-Language", "en")
                            .withHeader("Content-Location", "/x")
                            .withHeader("X-Kept", "yes"));
            var headers = w.site().lastRequest().headers();
            assertThat(headers.names()).noneMatch(name -> name.startsWith("Content-"));
            assertThat(headers.get("X-Kept")).isEqualTo("yes");
        });
    }
}
