package whirlwind.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FacebookTest {
    /** RFC 4231, test case 2. */
    @Test
    void theProofIsTheTokensHmac() {
        assertThat(Facebook.proof("what do ya want for nothing?", "Jefe"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void aUserSignsInAndIsAskedForByName() throws Exception {
        try (var provider = new FakeProvider();
                var ada = new Visitor()) {
            var oauth =
                    new OAuth2(provider.plain(), FakeProvider.CLIENT, FakeProvider.SECRET)
                            .withScopes("email");
            var facebook = new Facebook(oauth, provider.url("")).withFields("email");
            try (var site =
                    Site.of(
                            facebook::authorizeRedirect,
                            handler -> {
                                var login = facebook.authenticate(handler);
                                assertThat(login.token().expiresIn())
                                        .isEqualTo(Duration.ofHours(1));
                                facebook.post("/me", Map.of("message", "hi"), login.token());
                                return login.user();
                            })) {
                var answer = ada.get(ada.sentFrom(ada.sentFrom(site.uri("/sign-in"))));
                assertThat(answer.body()).contains("\"name\":\"Ada\"");
            }
            var proof = "appsecret_proof=" + Facebook.proof("access", FakeProvider.SECRET);
            assertThat(provider.graphCalls)
                    .containsExactly(
                            "GET fields=id%2Cname%2Cfirst_name%2Clast_name%2Clocale%2Cpicture"
                                    + "%2Clink%2Cemail&"
                                    + proof,
                            "POST message=hi&" + proof);
        }
    }

    @Test
    void theRealOneIsKnown() {
        assertThat(new OAuth2(OAuth2Provider.FACEBOOK, "id", "secret"))
                .hasToString("OAuth2[\"id\" at https://graph.facebook.com/oauth/access_token]");
    }
}
