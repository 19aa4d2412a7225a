package whirlwind.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import whirlwind.escape.Url;
import whirlwind.http.client.HttpRequest;
import whirlwind.testing.LogCapture;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.HttpError;
import whirlwind.web.LogFunction;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;
import whirlwind.web.auth.AuthException.Kind;

class OAuth1Test {
    /** The client of RFC 5849, section 1.2. */
    private static final OAuth1Signature PRINTER =
            new OAuth1Signature("dpf43f3p2l4k3l03", "kd94hf93k423kf44");

    private final List<String> verifiers = new CopyOnWriteArrayList<>();
    private final Visitor ada = new Visitor();
    private final ServedApplication provider =
            ServedApplication.of(
                    new Application(ApplicationSettings.DEFAULTS.withLogFunction(LogFunction.NONE))
                            .route("/request", RequestTokenHandler::new)
                            .route("/access", AccessTokenHandler::new)
                            .route("/user", UserHandler::new));
    private final OAuth1 oauth =
            new OAuth1(
                    new OAuth1Provider(
                            provider.uri("/request").toString(),
                            provider.uri("/authorize").toString(),
                            provider.uri("/access").toString()),
                    PRINTER.clientKey(),
                    PRINTER.clientSecret());

    /** What the provider answers who wants to begin. */
    private volatile String beginning =
            "oauth_token=begun&oauth_token_secret=b%2B1&oauth_callback_confirmed=true";

    @AfterEach
    void close() throws Exception {
        ada.close();
        provider.close();
    }

    /** Answers only what is signed with these secrets. */
    abstract static class SignedHandler extends RequestHandler {
        private final @Nullable OAuth1Token token;

        SignedHandler(@Nullable OAuth1Token token) {
            this.token = token;
        }

        @Override
        protected void prepare() {
            var header = request().headers().get("Authorization", "");
            var told = new TreeMap<String, String>();
            for (var field : header.substring("OAuth ".length()).split(", ")) {
                var pair = field.split("=", 2);
                told.put(pair[0], Url.unescape(pair[1].substring(1, pair[1].length() - 1)));
            }
            var extra = new TreeMap<>(told);
            extra.keySet().removeIf(name -> !name.matches("oauth_(callback|verifier)"));
            var right =
                    PRINTER.sign(
                            HttpRequest.of(request().fullUrl()).withMethod(request().method()),
                            token,
                            extra,
                            told.get("oauth_nonce"),
                            Long.parseLong(told.get("oauth_timestamp")));
            if (!header.equals(right.headers().get("Authorization"))) {
                throw new HttpError(401, "not signed as it should be: " + header);
            }
            accept(extra);
        }

        void accept(Map<String, String> extra) {}
    }

    private final class RequestTokenHandler extends SignedHandler {
        RequestTokenHandler() {
            super(null);
        }

        @Override
        protected void post() {
            write(beginning);
        }
    }

    private final class AccessTokenHandler extends SignedHandler {
        AccessTokenHandler() {
            super(new OAuth1Token("begun", "b+1"));
        }

        @Override
        void accept(Map<String, String> extra) {
            verifiers.addAll(extra.values());
        }

        @Override
        protected void post() {
            write("oauth_token=granted&oauth_token_secret=g%262&screen_name=ada+l");
        }
    }

    private static final class UserHandler extends SignedHandler {
        UserHandler() {
            super(new OAuth1Token("granted", "g&2"));
        }

        @Override
        protected void get() {
            writeJson(Map.of("id", 7, "fields", getArgument("fields")));
        }
    }

    private Site site() {
        return Site.of(
                oauth::authorizeRedirect,
                handler -> {
                    var login = oauth.authenticate(handler);
                    var user =
                            oauth.fetch(
                                    HttpRequest.of(provider.uri("/user?fields=a%20b").toString()),
                                    login.token());
                    return Map.of("login", login.user(), "user", user, "next", login.next());
                });
    }

    private static String signature(HttpRequest signed) {
        return signed.headers()
                .get("Authorization", "")
                .replaceAll(".*oauth_signature=\"|\".*", "");
    }

    /** RFC 5849, section 1.2. */
    @Test
    void requestsAreSignedAsInTheStandardsExample() {
        assertThat(
                        signature(
                                PRINTER.sign(
                                        HttpRequest.of("https://photos.example.net/token")
                                                .withMethod("POST"),
                                        new OAuth1Token("hh5s93j4hdidpola", "hdhd0244k9j7ao03"),
                                        Map.of("oauth_verifier", "hfdp7dh39dks9884"),
                                        "walatlh",
                                        137131201)))
                .startsWith("gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D");
        assertThat(
                        signature(
                                PRINTER.sign(
                                        HttpRequest.of(
                                                "http://Photos.example.net:80/photos"
                                                        + "?file=vacation.jpg&size=original"),
                                        new OAuth1Token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
                                        Map.of(),
                                        "chapoH",
                                        137131202)))
                .startsWith("MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D");
    }

    /** RFC 5849, section 3.4.1, whose signature is that of erratum 2550. */
    @Test
    void argumentsOfQueryAndBodyAreSignedInOrder() {
        var request =
                HttpRequest.of("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
                        .withMethod("POST")
                        .withHeader("Content-Type", "application/x-www-form-urlencoded")
                        .withBody("c2&a3=2+q");
        var signed =
                new OAuth1Signature("9djdj82h48djs9d2", "j49sk3j29djd")
                        .sign(
                                request,
                                new OAuth1Token("kkk9d7dh3k39sjv7", "dh893hdasih9"),
                                Map.of(),
                                "7d8f3e4a",
                                137131201);
        assertThat(signature(signed)).startsWith("r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D");
    }

    @Test
    void aUserSignsInAndIsAskedForByName() throws Exception {
        try (var site = site()) {
            var sent = ada.sentFrom(site.uri("/sign-in?next=%2Fhome"));
            assertThat(sent).isEqualTo(provider.uri("/authorize?oauth_token=begun"));

            var back = site.uri("/signed-in?oauth_token=begun&oauth_verifier=v");
            var answer = ada.get(back);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(
                            "\"login\":{\"screen_name\":\"ada l\"}",
                            "\"fields\":\"a b\"",
                            "\"next\":\"/home\"");
            assertThat(verifiers).containsExactly("v");
            fails(site, back, Kind.INVALID, "within 10 minutes");
        }
    }

    private void fails(Site site, URI address, Kind kind, String said) throws Exception {
        try (var log = LogCapture.of(RequestHandler.class)) {
            ada.get(address);
            assertThat(site.failures.getLast().kind()).isEqualTo(kind);
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).endsWith(said).doesNotContain("b+1");
        }
    }

    @Test
    void theTokenOfAnotherSignInIsRefused() throws Exception {
        try (var site = site()) {
            ada.get(site.uri("/sign-in"));
            fails(site, site.uri("/signed-in"), Kind.INVALID, "the answer has no oauth_token");
            fails(
                    site,
                    site.uri("/signed-in?oauth_token=other&oauth_verifier=v"),
                    Kind.INVALID,
                    "the answer is to another sign-in");
            fails(
                    site,
                    site.uri("/signed-in?oauth_token=begun&denied=begun"),
                    Kind.DENIED,
                    "no oauth_verifier");
            assertThat(verifiers).isEmpty();
        }
    }

    @Test
    void aProviderThatMakesNoSenseIsToBlame() throws Exception {
        try (var site = site();
                var log = LogCapture.of(RequestHandler.class)) {
            for (var wrong :
                    List.of(
                            "<h1>GOSSIP</h1>",
                            "oauth_token=begun&oauth_token_secret=b",
                            "oauth_callback_confirmed=true&oauth_token=begun",
                            "oauth_callback_confirmed=true&oauth_token=a+b&oauth_token_secret=b",
                            "oauth_callback_confirmed=%FF")) {
                beginning = wrong;
                assertThat(ada.get(site.uri("/sign-in")).statusCode()).isEqualTo(502);
            }
            assertThat(log.lines())
                    .hasSize(5)
                    .allMatch(line -> line.contains(provider.uri("/request") + ": "))
                    .noneMatch(line -> line.contains("GOSSIP"));
        }
    }
}
