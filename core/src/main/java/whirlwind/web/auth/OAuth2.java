package whirlwind.web.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import whirlwind.escape.Json;
import whirlwind.escape.MalformedJsonException;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.Credentials;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.loop.IOLoop;
import whirlwind.web.RequestHandler;
import whirlwind.web.auth.AuthException.Kind;

/**
 * Signs users in by a provider of OAuth 2.0 or OpenID Connect, with an authorization code (RFC 6749
 * section 4.1).
 *
 * {@snippet :
 * var google = new OAuth2(OAuth2Provider.GOOGLE, key, secret).withScopes("openid", "email", "profile");
 *
 * class SignIn extends RequestHandler {                   // the setting loginUrl leads here
 *     protected void get() { google.authorizeRedirect(this, "/signed-in"); }
 * }
 * class SignedIn extends RequestHandler {                 // and the provider there
 *     protected void get() {
 *         var login = google.authenticate(this);
 *         setSignedCookie(Cookie.of("__Host-user", "").withHttpOnly(true), login.user().get("sub").stringValue());
 *         redirect(login.next());
 *     }
 * }
 * }
 *
 * <p>It does what RFC 9700 asks of clients. The answer has to come from the browser that was sent
 * ({@code state}, and a signed cookie for ten minutes), and is good once; a code that was stolen or
 * planted is of no use (PKCE, RFC 7636, always with S256); an answer has to be the asked provider's
 * ({@code iss}, RFC 9207, and a callback for each provider, please). With the scope {@code openid}
 * the ID token has to come, and to name the issuer, this client, the sign-in and a time to come.
 * Its signature is not looked at, because it comes from the provider itself over TLS (OpenID
 * Connect Core section 3.1.3.7, point 6).
 *
 * <p>Immutable, for any thread and loop; the methods that take a handler are called in its
 * coroutine. Tornado: {@code OAuth2Mixin}, {@code GoogleOAuth2Mixin}.
 */
public final class OAuth2 implements Cloneable {
    private static final String OPENID = "openid";

    /** What is ours to say in the URL that users are sent to. */
    private static final Set<String> RESERVED =
            Set.of(
                    "client_id",
                    "code_challenge",
                    "code_challenge_method",
                    "nonce",
                    "redirect_uri",
                    "response_type",
                    "scope",
                    "state");

    private final OAuth2Provider provider;
    private final String clientId;
    private final String clientSecret;

    // Written only by the withers, each in a copy that nobody has seen yet.
    private List<String> scopes = List.of();
    private Map<String, String> parameters = Map.of();
    private ProviderCalls calls = new ProviderCalls(AsyncHttpClient::current);
    private @Nullable Function<OAuth2Token, JsonNode> userSource;

    /**
     * A client of a provider, such as it was registered there.
     *
     * @param clientSecret empty for a public client, which has none
     */
    public OAuth2(OAuth2Provider provider, String clientId, String clientSecret) {
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("clientId: blank (the provider gives one)");
        }
        this.provider = provider;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    /**
     * This, asking users for these rights; {@code openid} among them makes it OpenID Connect.
     * Default: none, which leaves it to the provider.
     *
     * @throws IllegalArgumentException if there is {@code openid}, and the provider has no issuer
     */
    public OAuth2 withScopes(String... scopes) {
        var list = List.of(scopes);
        if (list.contains(OPENID) && provider.issuer() == null) {
            throw new IllegalArgumentException(
                    "scopes: openid needs to know the issuer: OAuth2Provider.withIssuer");
        }
        return with(copy -> copy.scopes = list);
    }

    /**
     * This with one more argument in the URL that users are sent to, such as {@code prompt} or
     * {@code access_type}.
     *
     * @throws IllegalArgumentException if the name is one of the protocol's own
     */
    public OAuth2 withParameter(String name, String value) {
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("parameter: " + name + " (it is said already)");
        }
        var more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return with(copy -> copy.parameters = more);
    }

    /**
     * This, asking the provider by another client than {@link AsyncHttpClient#current}, for one
     * with other limits of time or another proxy. It is asked for on each loop, and has to check
     * certificates: they are what ID tokens are believed for. Tornado: {@code
     * get_auth_http_client}.
     */
    public OAuth2 withClient(Supplier<AsyncHttpClient> client) {
        return with(copy -> copy.calls = new ProviderCalls(client));
    }

    /** This, finding out who a user is by other means than the provider's user info URL. */
    OAuth2 withUserSource(Function<OAuth2Token, JsonNode> source) {
        return with(copy -> copy.userSource = source);
    }

    private OAuth2 with(Consumer<OAuth2> change) {
        try {
            var copy = (OAuth2) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whom users are sent to. */
    public OAuth2Provider provider() {
        return provider;
    }

    String clientSecret() {
        return clientSecret;
    }

    ProviderCalls calls() {
        return calls;
    }

    /**
     * Sends the user to the provider, and ends the response. Where he wants to go then is in the
     * argument {@code next} of this request, if {@code @Authenticated} has brought him here.
     *
     * @param redirectUri where he comes back to, as it is registered with the provider: a URL, or a
     *     path, which stands for that of the host that the browser has asked
     * @throws IllegalStateException if the settings have no cookie secret
     */
    public void authorizeRedirect(RequestHandler handler, String redirectUri) {
        var pending =
                new Pending(
                        provider.authorizeUrl(),
                        Secrets.random(),
                        Secrets.random(),
                        Secrets.random(),
                        Urls.absolute(handler, redirectUri),
                        Urls.next(handler.getQueryArgument("next", null)));
        var arguments = new LinkedHashMap<>(parameters);
        arguments.put("response_type", "code");
        arguments.put("client_id", clientId);
        arguments.put("redirect_uri", pending.redirectUri());
        if (!scopes.isEmpty()) {
            arguments.put("scope", String.join(" ", scopes));
        }
        arguments.put("state", pending.key());
        arguments.put("code_challenge", Secrets.challenge(pending.secret()));
        arguments.put("code_challenge_method", "S256");
        if (scopes.contains(OPENID)) {
            arguments.put("nonce", pending.nonce());
        }
        pending.keepIn(handler);
        handler.redirect(Url.concat(provider.authorizeUrl(), arguments));
    }

    /**
     * Finds out who it is that the provider has sent back: exchanges the code that he brings for a
     * token, and asks whose it is. Suspends the coroutine; when the client goes away it is
     * cancelled, and with it what is being asked. The response is the handler's to write. What the
     * provider sends has to be in the query, as it is unless another {@code response_mode} was
     * asked for.
     *
     * @throws AuthException if he didn't want to, brings what was not asked for, or the provider
     *     doesn't answer as it should
     */
    public OAuth2Login authenticate(RequestHandler handler) {
        var pending =
                Pending.takeFrom(handler, provider.authorizeUrl(), argument(handler, "state"));
        var issuer = handler.getQueryArgument("iss", null);
        if (issuer != null && provider.issuer() != null && !issuer.equals(provider.issuer())) {
            throw new AuthException(Kind.INVALID, "the answer is another provider's (iss)");
        }
        var error = handler.getQueryArgument("error", null);
        if (error != null) {
            throw AuthException.of(provider.authorizeUrl(), error);
        }
        var fields = new LinkedHashMap<String, String>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", argument(handler, "code"));
        fields.put("redirect_uri", pending.redirectUri());
        fields.put("code_verifier", pending.secret());
        var token = token(fields);
        return new OAuth2Login(user(token, pending), token, pending.next());
    }

    private static String argument(RequestHandler handler, String name) {
        var value = handler.getQueryArgument(name, null);
        if (value == null || value.isEmpty()) {
            throw new AuthException(Kind.INVALID, "the answer has no " + name);
        }
        return value;
    }

    private JsonNode user(OAuth2Token token, Pending pending) {
        if (scopes.contains(OPENID)) {
            var issuer = Objects.requireNonNull(provider.issuer(), "checked by withScopes");
            return new IdToken(issuer, clientId)
                    .claims(
                            ProviderCalls.text(token.json(), "id_token"),
                            pending.nonce(),
                            IOLoop.current().time());
        }
        if (userSource != null) {
            return userSource.apply(token);
        }
        var url = provider.userInfoUrl();
        return url == null
                ? JsonNodeFactory.instance.objectNode()
                : calls.object(authorized(ProviderCalls.request(url), token));
    }

    /**
     * Gets another access token for one that is over (RFC 6749 section 6). Suspends the coroutine.
     *
     * @param refreshToken that of an {@link OAuth2Token}; if the answer has another, it replaces
     *     this one, which may be void from now on
     * @throws AuthException also if the refresh token is not good any more: {@link
     *     AuthException#code} is {@code invalid_grant}
     */
    public OAuth2Token refresh(String refreshToken) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("grant_type", "refresh_token");
        fields.put("refresh_token", refreshToken);
        return token(fields);
    }

    /**
     * Sends a request in a user's name, with the token in its {@code Authorization} header (RFC
     * 6750), and answers what comes back. Suspends the coroutine. Tornado: {@code oauth2_request}.
     *
     * @throws AuthException if there is no answer, or none that is JSON; its cause is the client's
     *     exception, a {@link whirlwind.http.client.HttpStatusException} for a status that isn't
     *     2xx
     */
    public JsonNode fetch(HttpRequest request, OAuth2Token token) {
        return calls.json(authorized(request, token));
    }

    static HttpRequest authorized(HttpRequest request, OAuth2Token token) {
        return request.withHeader("Authorization", "Bearer " + token.accessToken());
    }

    // ---- the token endpoint ----

    private OAuth2Token token(Map<String, String> fields) {
        var answer = calls.fetch(tokenRequest(fields).withRaiseError(false));
        var json = json(answer);
        var error = ProviderCalls.text(json, "error");
        if (error != null) { // some say so with 200
            throw AuthException.of(provider.tokenUrl(), error);
        }
        if (answer.code() != 200) {
            throw bad("HTTP " + answer.code());
        }
        var accessToken = ProviderCalls.text(json, "access_token");
        if (accessToken == null || !accessToken.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw bad("an answer without access_token");
        }
        // RFC 6749 section 5.1 wants a type, and some forget it.
        var type = ProviderCalls.text(json, "token_type");
        if (type != null && !type.equalsIgnoreCase("Bearer")) {
            throw bad("a token_type other than Bearer");
        }
        return new OAuth2Token(
                accessToken,
                seconds(json.path("expires_in")),
                ProviderCalls.text(json, "refresh_token"),
                scopes(ProviderCalls.text(json, "scope")),
                json);
    }

    private HttpRequest tokenRequest(Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        boolean inHeader = !clientSecret.isEmpty() && !provider.secretInBody();
        if (!inHeader) {
            all.put("client_id", clientId);
            if (!clientSecret.isEmpty()) {
                all.put("client_secret", clientSecret);
            }
        }
        var request = ProviderCalls.post(provider.tokenUrl(), all);
        return inHeader
                ? request.withCredentials(
                        Credentials.of(Url.escape(clientId), Url.escape(clientSecret)))
                : request;
    }

    private JsonNode json(HttpResponse answer) {
        try {
            return Json.decode(answer.body());
        } catch (MalformedJsonException _) { // its message quotes what it found
            throw bad(answer.code() == 200 ? "an answer that is no JSON" : "HTTP " + answer.code());
        }
    }

    private AuthException bad(String what) {
        return new AuthException(Kind.PROVIDER, provider.tokenUrl() + ": " + what);
    }

    /** A number, which some write as text. */
    private static @Nullable Duration seconds(JsonNode value) {
        long seconds = value.asLong(-1);
        return seconds < 0 ? null : Duration.ofSeconds(seconds);
    }

    /** Nothing said means: what was asked for (RFC 6749 section 5.1). Some part them by commas. */
    private Set<String> scopes(@Nullable String granted) {
        return Set.copyOf(granted == null ? scopes : List.of(granted.strip().split("[ ,]+")));
    }

    /** Which client of which provider, and no secret. */
    @Override
    public String toString() {
        return "OAuth2[" + Text.quoted(clientId) + " at " + provider.tokenUrl() + "]";
    }
}
