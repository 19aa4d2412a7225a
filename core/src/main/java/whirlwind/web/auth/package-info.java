/**
 * Sign-in by others: a site sends its users to a provider that knows them, and they come back with
 * a proof of who they are. {@link whirlwind.web.auth.OAuth2} does that with any provider of OAuth
 * 2.0 or OpenID Connect ({@link whirlwind.web.auth.OAuth2Provider} says which, Google's is among
 * them), {@link whirlwind.web.auth.Facebook} with Facebook, and {@link whirlwind.web.auth.OAuth1}
 * with the few that still speak OAuth 1.0a.
 *
 * <p>Each is an immutable value, made once and given to the handlers that need it. Its methods take
 * the handler that answers the browser, wait as any code of a coroutine does, and throw {@link
 * whirlwind.web.auth.AuthException}, which a handler may leave alone: the client is told a status
 * and nothing else. Between the two visits the state of a sign-in is in a signed cookie of the
 * browser, so the settings need a cookie secret, and any process of the site can take the callback.
 *
 * <p>Below: {@code whirlwind.web}, {@code whirlwind.http.client}. Above: nothing of the library.
 * Written with their public API alone. Tornado: {@code auth}.
 */
@NullMarked
package whirlwind.web.auth;

import org.jspecify.annotations.NullMarked;
