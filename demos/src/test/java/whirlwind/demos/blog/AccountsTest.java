package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing up, in and out. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AccountsTest {
    private static final TestBlog BLOG = TestBlog.empty();

    @BeforeAll
    static void signUp() {
        BLOG.author("Ada");
        BLOG.author("Eve");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        BLOG.close();
    }

    @Test
    void whoSignsUpIsSignedInUntilTheySignOut() {
        var bob = BLOG.author("Bob");
        assertThat(bob.cookie("author").isHttpOnly()).isTrue();
        var out = bob.submit(bob.get("/"), ".top form", Map.of());
        assertThat(out.path()).isEqualTo("/");
        assertThat(out.page().select(".top .me")).isEmpty();
        assertThat(bob.hasCookie("author")).isFalse();

        var in = bob.submit("/sign-in", Map.of("name", "BOB", "password", "the password of Bob"));
        assertThat(in.text(".top .me")).isEqualTo("Bob");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "Ada, wrong password",
                "Ada, the password of Eve",
                "Nobody, the password of Ada",
                "Ada, \"\"",
                "\"' or 1=1 --\", x"
            })
    void aWrongNameOrPasswordIsRefusedInTheSameWords(String name, String password) {
        var stranger = BLOG.visitor();
        var refused = stranger.submit("/sign-in", Map.of("name", name, "password", password));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text(".problem")).isEqualTo("This is not the password of that name.");
        assertThat(refused.page().select("#name").val()).isEqualTo(name);
        assertThat(refused.page().select("#password").val()).isEmpty();
        assertThat(stranger.hasCookie("author")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', long enough 1, name, Please fill this in.",
        "ada, long enough 1, name, This name is taken.",
        "<b>Bob</b>, long enough 1, name, 'Only letters, digits, and . _ - after the first one.'",
        "'Bob, Bob', long enough 1, name, 'Only letters, digits, and . _ - after the first one.'",
        "abcdefghijklmnopqrstuvwxyz12345, long enough 1, name, 31 characters (at most 30).",
        "Bob, too short, password, At least 10 characters.",
        "Bob, 'ääääääääääääääääääääääääääääääääääääa', password, 73 bytes (at most 72)."
    })
    void whatIsWrongWithASignUpStandsBesideTheField(
            String name, String password, String field, String problem) {
        var refused = BLOG.visitor().submit("/sign-up", Map.of("name", name, "password", password));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("#" + field + "-problem")).isEqualTo(problem);
        assertThat(refused.text(".problem")).isEqualTo(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Eve\uFE0F",
                "E\u034Fve",
                "Eve\u3164",
                "\uFF25ve",
                "EV\u1D49",
                "\u3164",
                "\u1160"
            })
    void nobodySignsUpUnderANameThatLooksLikeAnothers(String name) {
        var fields = Map.of("name", name, "password", "long enough 1");
        var refused = BLOG.visitor().submit("/sign-up", fields);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.page().select("#name-problem")).hasSize(1);
    }

    @Test
    void aLongPasswordIsRightToItsLastByte() {
        var fields = Map.of("name", "Long", "password", "x".repeat(72));
        assertThat(BLOG.visitor().submit("/sign-up", fields).status()).isEqualTo(200);
        var more = Map.of("name", "Long", "password", "x".repeat(72) + "y");
        assertThat(BLOG.visitor().submit("/sign-in", more).status()).isEqualTo(422);
        assertThat(BLOG.visitor().submit("/sign-in", fields).status()).isEqualTo(200);
    }

    @Test
    void strangersAreAskedToSignInAndComeBack() {
        var stranger = BLOG.visitor();
        var asked = stranger.get("/posts/new");
        assertThat(asked.path()).isEqualTo("/sign-in");
        var fields = Map.of("name", "Ada", "password", "the password of Ada");
        assertThat(stranger.submit(asked, "main form", fields).path()).isEqualTo("/posts/new");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example",
                "/ö",
                "posts"
            })
    void afterSigningInNobodyIsSentToAnotherSite(String next) {
        var fields = Map.of("name", "Ada", "password", "the password of Ada", "next", next);
        var answer = BLOG.visitor().submit("/sign-in", fields);
        assertThat(answer.path()).isEqualTo("/");
        assertThat(answer.uri().getPort()).isEqualTo(BLOG.demo().port());
    }

    @Test
    void aCookieThatWeHaveNotSignedIsNotBelieved() {
        var mallory = BLOG.author("Mallory");
        var signed = mallory.cookie("author");
        var changed = signed.getValue().replaceFirst("\\|4:[^|]+\\|(?=\\w+$)", "|4:MQ==|");
        assertThat(changed).isNotEqualTo(signed.getValue());
        signed.setValue(changed);
        assertThat(mallory.get("/").page().select(".top .me")).isEmpty();
    }

    @Test
    void passwordsAreNotToBeGuessed() throws Exception {
        try (var fresh = TestBlog.empty()) {
            var guesser = fresh.visitor();
            var form = guesser.get("/sign-in");
            int status;
            int tries = 0;
            do {
                var fields = Map.of("name", "Ada", "password", "guess " + ++tries);
                status = guesser.submit(form, "main form", fields).status();
            } while (status == 422 && tries < 50);
            assertThat(status).isEqualTo(429);
            assertThat(tries).isGreaterThan(20);
            assertThat(guesser.get("/sign-in").status()).isEqualTo(200);
        }
    }

    @Test
    void theBlogIsNotToBeFlooded() throws Exception {
        try (var fresh = TestBlog.empty()) {
            var ada = fresh.author("Ada");
            var empty = Map.of("_xsrf", ada.get("/posts/new").token());
            int status;
            int sent = 0;
            do {
                status = ada.post("/posts/new", empty).status();
            } while (status == 422 && ++sent < 200);
            assertThat(status).isEqualTo(429);
            assertThat(sent).isGreaterThanOrEqualTo(100);
            assertThat(ada.get("/posts/new").status()).isEqualTo(200);
        }
    }

    @Test
    void aFormWithoutItsFieldsIsRefused() {
        var stranger = BLOG.visitor();
        var token = stranger.get("/sign-up").token();
        assertThat(stranger.post("/sign-up", Map.of("_xsrf", token)).status()).isEqualTo(422);
    }
}
