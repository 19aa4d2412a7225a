package whirlwind.web.auth;

import java.util.Map;

/**
 * A user who has signed in by OAuth 1.0a.
 *
 * @param user what the provider said with the token: often a name or an id, sometimes nothing; more
 *     tells {@link OAuth1#fetch} of whatever URL it has for that
 * @param token what we may do in his name
 * @param next as {@link OAuth2Login#next}
 */
public record OAuth1Login(Map<String, String> user, OAuth1Token token, String next) {
    /** Copies the user. */
    public OAuth1Login {
        user = Map.copyOf(user);
    }
}
