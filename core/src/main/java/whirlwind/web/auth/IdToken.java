package whirlwind.web.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.web.auth.AuthException.Kind;

/**
 * Reads ID tokens and checks them as OpenID Connect Core section 3.1.3.7 wants it. The signature is
 * not looked at: the token comes straight from the provider over TLS, whose certificate says who
 * signed it (point 6 there). A token that came any other way must not be read by this.
 *
 * @param issuer who has to have issued it
 * @param clientId for whom
 */
record IdToken(String issuer, String clientId) {
    /** How far the provider's clock may be behind ours. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    /** Header, claims and signature; an encrypted token has five parts, and is not for us. */
    private static final int PARTS = 3;

    /**
     * What a token says.
     *
     * @throws AuthException if it is no token, or not this provider's, for us, for this sign-in and
     *     for now
     */
    JsonNode claims(@Nullable String token, String nonce, Instant now) {
        var claims = token == null ? null : decode(token);
        if (claims == null) {
            throw bad("is missing or malformed");
        }
        if (!issuer.equals(ProviderCalls.text(claims, "iss"))) {
            throw bad("has another issuer (iss)");
        }
        checkAudience(claims);
        var expires = claims.path("exp");
        if (!expires.isNumber() || !isAhead(expires.asLong(0), now)) {
            throw bad("has expired (exp)");
        }
        if (!nonce.equals(ProviderCalls.text(claims, "nonce"))) {
            throw bad("is for another sign-in (nonce)");
        }
        if (ProviderCalls.text(claims, "sub") == null) {
            throw bad("names no user (sub)");
        }
        return claims;
    }

    private static @Nullable JsonNode decode(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return null;
        }
        try {
            var claims = Json.decode(Base64.getUrlDecoder().decode(parts[1]));
            return claims.isObject() ? claims : null;
        } catch (IllegalArgumentException e) { // no Base64, or no JSON
            return null;
        }
    }

    /** One that is for others as well has to have been asked for by us. */
    private void checkAudience(JsonNode claims) {
        var audience = claims.path("aud");
        boolean ours = isClient(audience);
        for (var one : audience) {
            ours |= isClient(one);
        }
        if (!ours) {
            throw bad("is for another client (aud)");
        }
        var asking = claims.path("azp");
        if (asking.isMissingNode() ? audience.size() > 1 : !isClient(asking)) {
            throw bad("was issued to another client (azp)");
        }
    }

    private boolean isClient(JsonNode value) {
        return value.isString() && value.stringValue().equals(clientId);
    }

    private static boolean isAhead(long epochSecond, Instant now) {
        return epochSecond > now.minus(SKEW).getEpochSecond();
    }

    private static AuthException bad(String how) {
        return new AuthException(Kind.PROVIDER, "the ID token " + how);
    }
}
