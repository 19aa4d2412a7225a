package whirlwind.web.auth;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.web.auth.AuthException.Kind;

/**
 * Where a provider of OAuth 2.0 or OpenID Connect is asked. Its URLs are {@code https}, or {@code
 * http} on this machine: secrets go there, and an ID token is believed because of the connection it
 * came over.
 *
 * @param issuer the provider's name in OpenID Connect and RFC 9207, a URL; null if it has none
 * @param authorizeUrl where users are sent
 * @param tokenUrl where we get tokens for what they bring back
 * @param userInfoUrl what tells who the owner of a token is, as JSON; null if there is no such
 * @param secretInBody whether our secret goes in the body of a request for a token, for a provider
 *     that doesn't take it in the {@code Authorization} header (RFC 6749 section 2.3.1)
 */
public record OAuth2Provider(
        @Nullable String issuer,
        String authorizeUrl,
        String tokenUrl,
        @Nullable String userInfoUrl,
        boolean secretInBody) {

    /** Google, with OpenID Connect: take the scopes {@code openid email profile}. */
    public static final OAuth2Provider GOOGLE =
            new OAuth2Provider(
                    "https://accounts.google.com",
                    "https://accounts.google.com/o/oauth2/v2/auth",
                    "https://oauth2.googleapis.com/token",
                    "https://openidconnect.googleapis.com/v1/userinfo",
                    true);

    /** Facebook: for {@link Facebook}, which knows what is particular there. */
    public static final OAuth2Provider FACEBOOK =
            new OAuth2Provider(
                    null,
                    "https://www.facebook.com/dialog/oauth",
                    "https://graph.facebook.com/oauth/access_token",
                    null,
                    true);

    private static final String CONFIGURATION = "/.well-known/openid-configuration";

    /**
     * Checks the URLs.
     *
     * @throws IllegalArgumentException if one is neither {@code https} nor on this machine
     */
    public OAuth2Provider {
        if (issuer != null) {
            Urls.requireSecure("issuer", issuer);
        }
        Urls.requireSecure("authorizeUrl", authorizeUrl);
        Urls.requireSecure("tokenUrl", tokenUrl);
        if (userInfoUrl != null) {
            Urls.requireSecure("userInfoUrl", userInfoUrl);
        }
    }

    /** One of plain OAuth 2.0. */
    public static OAuth2Provider of(String authorizeUrl, String tokenUrl) {
        return new OAuth2Provider(null, authorizeUrl, tokenUrl, null, false);
    }

    /** This provider with a name of OpenID Connect. */
    public OAuth2Provider withIssuer(String issuer) {
        return new OAuth2Provider(issuer, authorizeUrl, tokenUrl, userInfoUrl, secretInBody);
    }

    /** This provider, telling at that URL who users are. */
    public OAuth2Provider withUserInfoUrl(String userInfoUrl) {
        return new OAuth2Provider(issuer, authorizeUrl, tokenUrl, userInfoUrl, secretInBody);
    }

    /** This provider, taking our secret in the body or in the {@code Authorization} header. */
    public OAuth2Provider withSecretInBody(boolean secretInBody) {
        return new OAuth2Provider(issuer, authorizeUrl, tokenUrl, userInfoUrl, secretInBody);
    }

    /** As {@link #discover(String, AsyncHttpClient)} with the loop's own client. */
    public static OAuth2Provider discover(String issuer) {
        return discover(issuer, AsyncHttpClient.current());
    }

    /**
     * Asks a provider of OpenID Connect where it wants to be asked (OpenID Connect Discovery
     * section 4). Suspends the coroutine. Once at the start of the program is enough.
     *
     * @param issuer such as {@code https://login.example.com}; the provider has to call itself that
     * @throws AuthException if it can't be reached, or what it says makes no sense
     * @throws IllegalArgumentException if the issuer is neither {@code https} nor on this machine
     */
    public static OAuth2Provider discover(String issuer, AsyncHttpClient client) {
        Urls.requireSecure("issuer", issuer);
        var url =
                (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                        + CONFIGURATION;
        var calls = new ProviderCalls(() -> client);
        var found = calls.object(ProviderCalls.request(url));
        if (!issuer.equals(ProviderCalls.text(found, "issuer"))) {
            throw new AuthException(Kind.PROVIDER, url + ": is about another issuer");
        }
        try {
            return new OAuth2Provider(
                    issuer,
                    Objects.requireNonNullElse(
                            ProviderCalls.text(found, "authorization_endpoint"), ""),
                    Objects.requireNonNullElse(ProviderCalls.text(found, "token_endpoint"), ""),
                    ProviderCalls.text(found, "userinfo_endpoint"),
                    wantsSecretInBody(found.path("token_endpoint_auth_methods_supported")));
        } catch (IllegalArgumentException _) { // its message quotes one
            throw new AuthException(Kind.PROVIDER, url + ": an endpoint is missing or not https");
        }
    }

    /** Without a list it is the header, says Discovery section 3. */
    private static boolean wantsSecretInBody(JsonNode methods) {
        boolean header = methods.isMissingNode();
        for (var method : methods) {
            header |= method.isString() && method.stringValue().equals("client_secret_basic");
        }
        return !header;
    }
}
