package whirlwind.web.auth;

/**
 * Where a provider of OAuth 1.0a is asked. Its URLs are {@code https}, or {@code http} on this
 * machine.
 *
 * @param requestTokenUrl where a sign-in begins: temporary credentials, RFC 5849 section 2.1
 * @param authorizeUrl where users are sent: section 2.2
 * @param accessTokenUrl where we get the token for what they bring back: section 2.3
 */
public record OAuth1Provider(String requestTokenUrl, String authorizeUrl, String accessTokenUrl) {
    /**
     * Checks the URLs.
     *
     * @throws IllegalArgumentException if one is neither {@code https} nor on this machine
     */
    public OAuth1Provider {
        Urls.requireSecure("requestTokenUrl", requestTokenUrl);
        Urls.requireSecure("authorizeUrl", authorizeUrl);
        Urls.requireSecure("accessTokenUrl", accessTokenUrl);
    }
}
