package whirlwind.web.auth;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.http.Forms;
import whirlwind.http.HttpInputException;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpRequest;
import whirlwind.loop.IOLoop;
import whirlwind.web.RequestHandler;
import whirlwind.web.auth.AuthException.Kind;

/**
 * Signs users in by a provider of OAuth 1.0a (RFC 5849), with HMAC-SHA1: for the few that have
 * nothing newer. Used as {@link OAuth2} is, whose states and failures it has; the answer has to
 * come from the browser that was sent, and is good once. Providers of OAuth 1.0, without the
 * verifier, are refused: there a user could be made to sign somebody else in.
 *
 * <p>Immutable, for any thread and loop. Tornado: {@code OAuthMixin}.
 */
public final class OAuth1 {
    /** Tokens are kept in a cookie beside other things, parted by spaces. */
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private static final String TOKEN = "oauth_token";
    private static final String SECRET = "oauth_token_secret";

    private final OAuth1Provider provider;
    private final OAuth1Signature signature;
    private final ProviderCalls calls;

    /** A client of a provider, such as it was registered there. */
    public OAuth1(OAuth1Provider provider, String clientKey, String clientSecret) {
        this(
                provider,
                new OAuth1Signature(clientKey, clientSecret),
                new ProviderCalls(AsyncHttpClient::current));
    }

    private OAuth1(OAuth1Provider provider, OAuth1Signature signature, ProviderCalls calls) {
        this.provider = provider;
        this.signature = signature;
        this.calls = calls;
    }

    /** As {@link OAuth2#withClient}. */
    public OAuth1 withClient(Supplier<AsyncHttpClient> client) {
        return new OAuth1(provider, signature, new ProviderCalls(client));
    }

    /**
     * As {@link OAuth2#authorizeRedirect}, but it asks the provider for a token first, and suspends
     * the coroutine meanwhile.
     *
     * @throws AuthException if the provider doesn't answer as it should
     */
    public void authorizeRedirect(RequestHandler handler, String redirectUri) {
        var callback = Urls.absolute(handler, redirectUri);
        var answer = ask(provider.requestTokenUrl(), null, Map.of("oauth_callback", callback));
        if (!"true".equals(answer.get("oauth_callback_confirmed"))) {
            throw new AuthException(
                    Kind.PROVIDER, provider.requestTokenUrl() + ": it speaks OAuth 1.0, not 1.0a");
        }
        var token = token(provider.requestTokenUrl(), answer);
        new Pending(
                        provider.authorizeUrl(),
                        token.key(),
                        token.secret(),
                        "-",
                        callback,
                        Urls.next(handler.getQueryArgument("next", null)))
                .keepIn(handler);
        handler.redirect(Url.concat(provider.authorizeUrl(), Map.of(TOKEN, token.key())));
    }

    /**
     * As {@link OAuth2#authenticate}.
     *
     * @throws AuthException as there; a user who didn't want to comes back without a verifier, or
     *     not at all
     */
    public OAuth1Login authenticate(RequestHandler handler) {
        var key = handler.getQueryArgument(TOKEN, null);
        if (key == null) {
            throw new AuthException(Kind.INVALID, "the answer has no " + TOKEN);
        }
        var pending = Pending.takeFrom(handler, provider.authorizeUrl(), key);
        var verifier = handler.getQueryArgument("oauth_verifier", null);
        if (verifier == null) {
            throw new AuthException(Kind.DENIED, provider.authorizeUrl() + ": no oauth_verifier");
        }
        var answer =
                ask(
                        provider.accessTokenUrl(),
                        new OAuth1Token(key, pending.secret()),
                        Map.of("oauth_verifier", verifier));
        var token = token(provider.accessTokenUrl(), answer);
        answer.keySet().removeAll(Set.of(TOKEN, SECRET));
        return new OAuth1Login(answer, token, pending.next());
    }

    /**
     * Sends a request in a user's name, signed, and answers what comes back. Suspends the
     * coroutine.
     *
     * @throws AuthException as {@link OAuth2#fetch}
     */
    public JsonNode fetch(HttpRequest request, OAuth1Token token) {
        return calls.json(sign(request, token, Map.of()));
    }

    private HttpRequest sign(
            HttpRequest request, @Nullable OAuth1Token token, Map<String, String> extra) {
        long now = IOLoop.current().time().getEpochSecond();
        return signature.sign(request, token, extra, Secrets.random(), now);
    }

    /** Tokens come as a form, whatever they are called (sections 2.1 and 2.3). */
    private Map<String, String> ask(
            String url, @Nullable OAuth1Token token, Map<String, String> extra) {
        var request = ProviderCalls.request(url).withMethod("POST").withBody("");
        var body = calls.fetch(sign(request, token, extra)).body();
        var answer = new LinkedHashMap<String, String>();
        try {
            Forms.parseQuery(new String(body, StandardCharsets.ISO_8859_1))
                    .forEach((name, values) -> answer.put(name, values.getLast()));
        } catch (HttpInputException _) {
            throw new AuthException(Kind.PROVIDER, url + ": an answer that is no form");
        }
        return answer;
    }

    private static OAuth1Token token(String url, Map<String, String> answer) {
        var key = answer.get(TOKEN);
        var secret = answer.get(SECRET);
        if (key == null
                || secret == null
                || !VISIBLE.matcher(key).matches()
                || !VISIBLE.matcher(secret).matches()) {
            throw new AuthException(Kind.PROVIDER, url + ": an answer without a token");
        }
        return new OAuth1Token(key, secret);
    }

    /** Which client of which provider, and no secret. */
    @Override
    public String toString() {
        return "OAuth1["
                + Text.quoted(signature.clientKey())
                + " at "
                + provider.accessTokenUrl()
                + "]";
    }
}
