package whirlwind.web.auth;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a provider lets us do in a user's name: a secret, which is kept like a password, if it is
 * kept at all.
 *
 * @param accessToken goes with each request in the user's name
 * @param expiresIn how long that is good for, from when it was issued; null if nothing was said.
 *     Tornado's {@code session_expires}
 * @param refreshToken gets another when it is over, see {@link OAuth2#refresh}; null for none
 * @param scopes what it is good for
 * @param json all that the provider said with it
 */
public record OAuth2Token(
        String accessToken,
        @Nullable Duration expiresIn,
        @Nullable String refreshToken,
        Set<String> scopes,
        JsonNode json) {

    /** Copies the scopes. */
    public OAuth2Token {
        scopes = Set.copyOf(scopes);
    }

    /** A token that was kept, of which nothing else is known. */
    public static OAuth2Token of(String accessToken) {
        return new OAuth2Token(
                accessToken, null, null, Set.of(), JsonNodeFactory.instance.objectNode());
    }

    /** What it is good for, and no secret. */
    @Override
    public String toString() {
        return "OAuth2Token[expiresIn=" + expiresIn + ", scopes=" + scopes + "]";
    }
}
