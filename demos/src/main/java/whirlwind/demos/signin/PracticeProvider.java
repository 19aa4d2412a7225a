package whirlwind.demos.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.page.PageHandler;
import whirlwind.escape.Json;
import whirlwind.escape.Url;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;
import whirlwind.web.SecurityHeaders;
import whirlwind.web.auth.OAuth2;
import whirlwind.web.auth.OAuth2Provider;

/**
 * A provider of OpenID Connect that asks its users who they are, and believes them: to try a
 * sign-in without an account anywhere. It has one client, on this machine. Its ID tokens aren't
 * signed, which nobody notices, because they come straight from here.
 */
final class PracticeProvider {
    private static final String CLIENT = "whirlwind";
    private static final List<String> PEOPLE = List.of("Ada", "Grace");
    private static final Duration CODE_LASTS = Duration.ofMinutes(1);
    private static final long GOOD_FOR_SECONDS = TimeUnit.HOURS.toSeconds(1);

    /** What a code stands for, until it is redeemed. */
    private record Grant(String name, String redirectUri, String challenge, String nonce) {}

    private final Map<String, Grant> grants = new LinkedHashMap<>(); // one loop, so no lock
    private String issuer = ""; // known when it listens

    private PracticeProvider() {}

    /** Starts it on a free port, on the current loop. */
    static OAuth2Provider listen() {
        var provider = new PracticeProvider();
        var server =
                new HttpServer(
                        new Application(SignIn.templates())
                                .filter(SecurityHeaders.DEFAULTS)
                                .route("/authorize", AuthorizeHandler::new)
                                .route("/agree", () -> provider.new AgreeHandler())
                                .route("/token", () -> provider.new TokenHandler())
                                .route("/icon.svg", PageHandler.icon())
                                .route("/signin.css", PageHandler.of(SignIn.class, "signin.css")));
        server.listen("127.0.0.1", 0);
        var origin = "http://127.0.0.1:" + server.port();
        provider.issuer = origin;
        return OAuth2Provider.of(origin + "/authorize", origin + "/token").withIssuer(origin);
    }

    /** Its one client, which is public: it has no secret. */
    static OAuth2 client(OAuth2Provider provider) {
        return new OAuth2(provider, CLIENT, "");
    }

    /** Asks the user. */
    private static final class AuthorizeHandler extends RequestHandler {
        @Override
        protected void get() {
            var answers = new LinkedHashMap<String, String>();
            for (var name : PEOPLE) {
                answers.put("I am " + name, "/agree?name=" + name + "&" + request().query());
            }
            answers.put(
                    "I don't want to",
                    Url.concat(
                            redirectUri(this),
                            Map.of("error", "access_denied", "state", getArgument("state"))));
            render("provider.html", Map.of("answers", answers));
        }
    }

    /** Sends the user back, with a code for who he is. */
    private final class AgreeHandler extends RequestHandler {
        @Override
        protected void get() {
            var code = UUID.randomUUID().toString();
            grants.put(
                    code,
                    new Grant(
                            getArgument("name"),
                            redirectUri(this),
                            getArgument("code_challenge"),
                            getArgument("nonce")));
            IOLoop.current().callLater(CODE_LASTS, () -> grants.remove(code));
            var answer = new LinkedHashMap<String, String>();
            answer.put("code", code);
            answer.put("state", getArgument("state"));
            answer.put("iss", issuer); // RFC 9207
            redirect(Url.concat(redirectUri(this), answer));
        }
    }

    /** Where its client may be, whatever its port. */
    private static String redirectUri(RequestHandler handler) {
        var uri = handler.getArgument("redirect_uri");
        if (!uri.matches("http://(localhost|127\\.0\\.0\\.1)(:\\d+)?/signed-in")) {
            throw new HttpError(400, "no client of ours is at " + uri);
        }
        return uri;
    }

    /** Tells who it was. */
    private final class TokenHandler extends RequestHandler {
        @Override
        protected void post() {
            setHeader("Cache-Control", "no-store");
            var grant = grants.remove(getArgument("code"));
            if (grant == null
                    || !grant.challenge.equals(challenge(getArgument("code_verifier")))
                    || !grant.redirectUri.equals(getArgument("redirect_uri"))) {
                setStatus(400);
                writeJson(Map.of("error", "invalid_grant"));
                return;
            }
            writeJson(
                    Map.of(
                            "access_token",
                            UUID.randomUUID().toString(),
                            "token_type",
                            "Bearer",
                            "expires_in",
                            GOOD_FOR_SECONDS,
                            "id_token",
                            idToken(grant)));
        }
    }

    private String idToken(Grant grant) {
        var id = grant.name.toLowerCase(Locale.ROOT);
        var claims = new LinkedHashMap<String, @Nullable Object>();
        claims.put("iss", issuer);
        claims.put("aud", CLIENT);
        claims.put("sub", id);
        claims.put("name", grant.name);
        claims.put("email", id + "@example.com");
        claims.put("nonce", grant.nonce);
        claims.put("exp", IOLoop.current().time().getEpochSecond() + GOOD_FOR_SECONDS);
        return base64Url(Json.encodeUtf8(Map.of("alg", "none")))
                + "."
                + base64Url(Json.encodeUtf8(claims))
                + ".";
    }

    /** RFC 7636 section 4.6. */
    private static String challenge(String verifier) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            return base64Url(hash.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
