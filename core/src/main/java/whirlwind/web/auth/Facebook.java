package whirlwind.web.auth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Url;
import whirlwind.web.RequestHandler;

/**
 * Signs users in by Facebook, and asks its Graph API in their names: {@code new Facebook(new
 * OAuth2(OAuth2Provider.FACEBOOK, id, secret).withScopes("email"))}. Used as {@link OAuth2}.
 *
 * <p>Each request proves with {@code appsecret_proof} that it comes from who has the app's secret,
 * so that a stolen token is of no use elsewhere. Immutable, for any thread and loop. Tornado:
 * {@code FacebookGraphMixin}.
 */
public final class Facebook {
    private static final String GRAPH = "https://graph.facebook.com";
    private static final List<String> FIELDS =
            List.of("id", "name", "first_name", "last_name", "locale", "picture", "link");

    private final OAuth2 oauth;
    private final String graphUrl;
    private final List<String> fields;

    /** Facebook's own Graph API, of the oldest version that it has. */
    public Facebook(OAuth2 oauth) {
        this(oauth, GRAPH);
    }

    /**
     * The Graph API at a URL: {@code https://graph.facebook.com/v23.0}.
     *
     * @throws IllegalArgumentException if that is neither {@code https} nor on this machine
     */
    public Facebook(OAuth2 oauth, String graphUrl) {
        this(oauth, graphUrl, FIELDS);
        Urls.requireSecure("graphUrl", graphUrl);
    }

    private Facebook(OAuth2 oauth, String graphUrl, List<String> fields) {
        this.oauth = oauth.withUserSource(this::user);
        this.graphUrl = graphUrl;
        this.fields = List.copyOf(fields);
    }

    /**
     * This, asking for more about users than {@code id}, {@code name}, {@code first_name}, {@code
     * last_name}, {@code locale}, {@code picture} and {@code link}. What a scope wants a right for,
     * such as {@code email}, and the user didn't give, is missing from the answer.
     */
    public Facebook withFields(String... more) {
        var all = new ArrayList<>(fields);
        all.addAll(Arrays.asList(more));
        return new Facebook(oauth, graphUrl, all);
    }

    /** As {@link OAuth2#authorizeRedirect}. */
    public void authorizeRedirect(RequestHandler handler, String redirectUri) {
        oauth.authorizeRedirect(handler, redirectUri);
    }

    /** As {@link OAuth2#authenticate}; the user is {@code /me} of the Graph API. */
    public OAuth2Login authenticate(RequestHandler handler) {
        return oauth.authenticate(handler);
    }

    private JsonNode user(OAuth2Token token) {
        return get("/me", Map.of("fields", String.join(",", fields)), token);
    }

    /**
     * Asks the Graph API for something, such as {@code /me/feed}. Suspends the coroutine. Tornado:
     * {@code facebook_request}.
     *
     * @throws AuthException as {@link OAuth2#fetch}
     */
    public JsonNode get(String path, Map<String, String> arguments, OAuth2Token token) {
        var url = Url.concat(graphUrl + path, proven(arguments, token));
        return oauth.fetch(ProviderCalls.request(url), token);
    }

    /** As {@link #get}, to change something: the arguments go in the body. */
    public JsonNode post(String path, Map<String, String> arguments, OAuth2Token token) {
        return oauth.fetch(ProviderCalls.post(graphUrl + path, proven(arguments, token)), token);
    }

    private Map<String, String> proven(Map<String, String> arguments, OAuth2Token token) {
        var all = new LinkedHashMap<>(arguments);
        all.put("appsecret_proof", proof(token.accessToken(), oauth.clientSecret()));
        return all;
    }

    static String proof(String accessToken, String appSecret) {
        return HexFormat.of().formatHex(Secrets.hmac("HmacSHA256", appSecret, accessToken));
    }
}
