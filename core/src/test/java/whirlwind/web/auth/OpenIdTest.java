package whirlwind.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;
import whirlwind.web.RequestHandler;
import whirlwind.web.auth.AuthException.Kind;
import whirlwind.web.auth.FakeProvider.Answer;

/** OpenID Connect: what is more than OAuth 2.0. */
class OpenIdTest {
    private final FakeProvider provider = new FakeProvider();
    private final Visitor ada = new Visitor();

    @AfterEach
    void close() throws Exception {
        ada.close();
        provider.close();
    }

    private OAuth2Provider discover() {
        try (var loop = new IOLoop()) {
            return loop.runSync(() -> OAuth2Provider.discover(provider.url("")));
        }
    }

    private Site site() {
        return Site.of(
                new OAuth2(
                                provider.plain().withIssuer(provider.url("")),
                                FakeProvider.CLIENT,
                                FakeProvider.SECRET)
                        .withScopes("openid", "email"));
    }

    @Test
    void aProviderTellsWhereItWantsToBeAsked() {
        assertThat(discover()).isEqualTo(provider.plain().withIssuer(provider.url("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<h1>GOSSIP</h1>",
                "{}",
                "{\"issuer\":\"https://evil.example\"}",
                "{\"issuer\":\"ISSUER\",\"authorization_endpoint\":\"https://a.example\"}",
                "{\"issuer\":\"ISSUER\",\"authorization_endpoint\":\"https://a.example\","
                        + "\"token_endpoint\":\"http://a.example\"}"
            })
    void aProviderThatTellsSomethingElseIsRefused(String body) {
        provider.configuration =
                new Answer(200, "application/json", body.replace("ISSUER", provider.url("")));
        var failure = OAuth2Test.failure(this::discover);
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER);
        assertThat(failure).hasMessageStartingWith(provider.url("/.well-known/"));
        assertThat(failure.getMessage()).doesNotContain("GOSSIP", "example");
    }

    @Test
    void theClaimsOfTheIdTokenAreTheUser() throws Exception {
        try (var site = site()) {
            var answer = ada.get(ada.sentFrom(ada.sentFrom(site.uri("/sign-in"))));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"sub\":\"ada-7\"", "\"email\":\"ada@example.com\"");
        }
    }

    private static Arguments wrong(String said, UnaryOperator<Map<String, Object>> change) {
        return Arguments.of(said, change);
    }

    private static Arguments without(String claim, String said) {
        return wrong(
                said,
                claims -> {
                    claims.remove(claim);
                    return claims;
                });
    }

    private static Arguments changed(String claim, Object value, String said) {
        return wrong(
                said,
                claims -> {
                    claims.put(claim, value);
                    return claims;
                });
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.of(
                changed("iss", "https://evil.example", "has another issuer (iss)"),
                without("iss", "has another issuer (iss)"),
                changed("aud", "another", "is for another client (aud)"),
                changed("aud", List.of("another"), "is for another client (aud)"),
                without("aud", "is for another client (aud)"),
                changed(
                        "aud",
                        List.of(FakeProvider.CLIENT, "another"),
                        "was issued to another client (azp)"),
                changed("azp", "another", "was issued to another client (azp)"),
                wrong(
                        "has expired (exp)",
                        claims -> {
                            claims.put("exp", FakeProvider.now().getEpochSecond() - 61);
                            return claims;
                        }),
                changed("exp", "tomorrow", "has expired (exp)"),
                without("exp", "has expired (exp)"),
                changed("nonce", "another", "is for another sign-in (nonce)"),
                without("nonce", "is for another sign-in (nonce)"),
                without("sub", "names no user (sub)"));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void anIdTokenThatIsNotForThisSignInIsRefused(
            String said, UnaryOperator<Map<String, Object>> claims) throws Exception {
        provider.claims = claims;
        expectRefusal(said);
    }

    private void expectRefusal(String said) throws Exception {
        try (var site = site();
                var log = LogCapture.of(RequestHandler.class)) {
            var answer = ada.get(ada.sentFrom(ada.sentFrom(site.uri("/sign-in"))));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).endsWith("): the ID token " + said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a.!.c", "a.e30", "a.W10.c", "a.eA.c", "a.e30.c.d.e"})
    void whatIsNoIdTokenIsRefused(String token) throws Exception {
        provider.tokenAnswer =
                new Answer(
                        200,
                        "application/json",
                        "{\"access_token\":\"t\",\"id_token\":\"" + token + "\"}");
        expectRefusal("is missing or malformed");
    }

    @Test
    void aTokenForSeveralCountsIfItWasIssuedToUs() throws Exception {
        provider.claims =
                claims -> {
                    var several = new HashMap<>(claims);
                    several.put("aud", List.of("another", FakeProvider.CLIENT));
                    several.put("azp", FakeProvider.CLIENT);
                    return several;
                };
        try (var site = site()) {
            assertThat(ada.get(ada.sentFrom(ada.sentFrom(site.uri("/sign-in")))).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void googleIsAProviderOfOpenIdConnect() {
        assertThat(new OAuth2(OAuth2Provider.GOOGLE, "key", "secret").withScopes("openid"))
                .hasToString("OAuth2[\"key\" at https://oauth2.googleapis.com/token]");
    }
}
