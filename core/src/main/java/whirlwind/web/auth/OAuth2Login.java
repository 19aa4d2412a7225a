package whirlwind.web.auth;

import tools.jackson.databind.JsonNode;

/**
 * A user who has signed in. Know him again by what the provider never gives to another: {@code sub}
 * in OpenID Connect, {@code id} nearly everywhere else; an address of e-mail may change hands.
 *
 * @param user what the provider tells of him: the claims of the ID token if the scopes have {@code
 *     openid}, else what the {@linkplain OAuth2Provider#userInfoUrl user info URL} answers; an
 *     empty object if there is no such
 * @param token what we may do in his name
 * @param next where he wanted to go: a path of ours, whatever the browser said; {@code /} if he
 *     didn't say
 */
public record OAuth2Login(JsonNode user, OAuth2Token token, String next) {}
