package whirlwind.web.auth;

/**
 * What a provider of OAuth 1.0a lets us do in a user's name; kept like a password, if at all.
 *
 * @param key names it in requests
 * @param secret signs them, with the client's own
 */
public record OAuth1Token(String key, String secret) {
    /** Its kind, and no secret. */
    @Override
    public String toString() {
        return "OAuth1Token[...]";
    }
}
