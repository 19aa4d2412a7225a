package whirlwind.web.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.escape.Url;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.LogFunction;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/**
 * A provider of OAuth 2.0 and OpenID Connect for one user, Ada, who agrees to everything; with a
 * Graph API, too. It keeps the rules as a real one does; a test may have it break them.
 */
final class FakeProvider implements AutoCloseable {
    static final String CLIENT = "client 7";
    static final String SECRET = "s:ecret/7+";

    /** An answer, instead of the one that would be right. */
    record Answer(int status, String type, String body) {}

    /** What a code stands for. */
    private record Grant(String challenge, String redirectUri, @Nullable String nonce) {}

    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final AtomicInteger codes = new AtomicInteger();
    private final ServedApplication served;

    /** What it has been asked at its token endpoint, and how it was told who asks. */
    final List<String> clients = new CopyOnWriteArrayList<>();

    /** What it has been asked of its Graph API: method and arguments. */
    final List<String> graphCalls = new CopyOnWriteArrayList<>();

    final CountDownLatch tokenAsked = new CountDownLatch(1);
    final CountDownLatch askerLeft = new CountDownLatch(1);

    volatile @Nullable Answer tokenAnswer;
    volatile @Nullable Answer configuration;
    volatile boolean silent;

    /** What the next users bring back instead of a code; empty for a code. */
    volatile Map<String, String> refusal = Map.of();

    /** What it makes of the claims of an ID token before it sends them. */
    volatile UnaryOperator<Map<String, Object>> claims = UnaryOperator.identity();

    FakeProvider() {
        var settings = ApplicationSettings.DEFAULTS.withLogFunction(LogFunction.NONE);
        served =
                ServedApplication.of(
                        new Application(settings)
                                .route("/authorize", AuthorizeHandler::new)
                                .route("/token", TokenHandler::new)
                                .route("/userinfo", UserInfoHandler::new)
                                .route("/me", GraphHandler::new)
                                .route("/.well-known/openid-configuration", ConfigHandler::new));
    }

    String url(String path) {
        return "http://127.0.0.1:" + served.port() + path;
    }

    /** As a client is told of it, with OAuth 2.0 alone. */
    OAuth2Provider plain() {
        return OAuth2Provider.of(url("/authorize"), url("/token"))
                .withUserInfoUrl(url("/userinfo"));
    }

    @Override
    public void close() throws Exception {
        served.close();
    }

    private static void answer(RequestHandler handler, Answer answer) {
        handler.setStatus(answer.status);
        handler.setHeader("Content-Type", answer.type);
        handler.setHeader("Location", "/elsewhere"); // no matter, but for a redirect
        handler.finish(answer.body);
    }

    private final class AuthorizeHandler extends RequestHandler {
        @Override
        protected void get() {
            var back = new LinkedHashMap<String, String>();
            if (refusal.isEmpty()) {
                var code = "code-" + codes.incrementAndGet();
                grants.put(
                        code,
                        new Grant(
                                getArgument("code_challenge"),
                                getArgument("redirect_uri"),
                                getArgument("nonce", null)));
                back.put("code", code);
            }
            back.putAll(refusal);
            back.put("state", getArgument("state"));
            redirect(Url.concat(getArgument("redirect_uri"), back));
        }
    }

    private final class TokenHandler extends RequestHandler {
        @Override
        protected void post() {
            tokenAsked.countDown();
            if (silent) {
                Async.sleep(Duration.ofHours(1));
            }
            var wrong = tokenAnswer;
            if (wrong != null) {
                answer(this, wrong);
                return;
            }
            clients.add(client());
            if (getArgument("grant_type").equals("refresh_token")) {
                writeJson(tokens("fresh", null));
                return;
            }
            var grant = grants.remove(getArgument("code"));
            if (grant == null
                    || !grant.challenge.equals(Secrets.challenge(getArgument("code_verifier")))
                    || !grant.redirectUri.equals(getArgument("redirect_uri"))) {
                setStatus(400);
                writeJson(Map.of("error", "invalid_grant", "error_description", "GOSSIP"));
                return;
            }
            writeJson(tokens("access", grant.nonce));
        }

        @Override
        protected void onConnectionClose() {
            askerLeft.countDown();
        }

        private String client() {
            var header = request().headers().get("Authorization");
            if (header == null) {
                var secret = getArgument("client_secret", null);
                return "body " + getArgument("client_id") + " " + secret;
            }
            var pair =
                    new String(
                            Base64.getDecoder().decode(header.substring("Basic ".length())),
                            StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return "header "
                    + Url.unescape(pair.substring(0, colon))
                    + " "
                    + Url.unescape(pair.substring(colon + 1));
        }

        private Map<String, Object> tokens(String accessToken, @Nullable String nonce) {
            var tokens = new HashMap<String, Object>();
            tokens.put("access_token", accessToken);
            tokens.put("token_type", "bearer");
            tokens.put("expires_in", 3600);
            tokens.put("refresh_token", "again");
            if (nonce != null) {
                tokens.put("id_token", idToken(nonce));
            }
            return tokens;
        }
    }

    private String idToken(String nonce) {
        var right = new HashMap<String, Object>();
        right.put("iss", url(""));
        right.put("aud", CLIENT);
        right.put("sub", "ada-7");
        right.put("email", "ada@example.com");
        right.put("nonce", nonce);
        right.put("exp", now().getEpochSecond() + 300);
        return part(Map.of("alg", "RS256")) + "." + part(claims.apply(right)) + ".c2lnbmF0dXJl";
    }

    static Instant now() {
        return IOLoop.current().time();
    }

    private static String part(Object value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.encodeUtf8(value));
    }

    private static class UserInfoHandler extends RequestHandler {
        @Override
        protected void get() {
            if (!"Bearer access".equals(request().headers().get("Authorization"))) {
                setStatus(401, "GOSSIP");
            }
            writeJson(Map.of("id", 7, "name", "Ada"));
        }
    }

    private final class GraphHandler extends RequestHandler {
        @Override
        protected void get() {
            graphCalls.add("GET " + request().query());
            writeJson(Map.of("id", "7", "name", "Ada"));
        }

        @Override
        protected void post() {
            graphCalls.add("POST " + new String(request().body(), StandardCharsets.UTF_8));
            writeJson(Map.of("success", true));
        }
    }

    private final class ConfigHandler extends RequestHandler {
        @Override
        protected void get() {
            var wrong = configuration;
            if (wrong != null) {
                answer(this, wrong);
                return;
            }
            writeJson(
                    Map.of(
                            "issuer", url(""),
                            "authorization_endpoint", url("/authorize"),
                            "token_endpoint", url("/token"),
                            "userinfo_endpoint", url("/userinfo"),
                            "token_endpoint_auth_methods_supported",
                                    List.of("client_secret_post", "client_secret_basic")));
        }
    }
}
