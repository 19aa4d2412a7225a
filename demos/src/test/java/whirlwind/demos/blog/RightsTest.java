package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What not everybody may do. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RightsTest {
    private static final TestBlog BLOG = TestBlog.empty();
    private static final Visitor ADA = BLOG.author("Ada");
    private static final Visitor EVE = BLOG.author("Eve");
    private static final String MINE = "/posts/1/mine";

    @BeforeAll
    static void write() {
        ADA.write("Mine", "Text.");
        ADA.submit(MINE, ".discussion > form", Map.of("text", "Hi"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        BLOG.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sign-up",
                "/sign-in",
                "/sign-out",
                "/posts/new",
                "/posts/1/mine",
                "/posts/1/mine/edit",
                "/posts/1/mine/delete",
                "/comments/1/delete"
            })
    void everyFormNeedsTheTokenOfItsReader(String path) {
        var fields = new HashMap<>(Map.of("title", "Forged", "body", "Forged", "text", "Forged"));
        assertThat(ADA.post(path, fields).status()).isEqualTo(403);

        fields.put("_xsrf", EVE.get("/posts/new").token());
        var forged = ADA.post(path, fields);
        assertThat(forged.status()).isEqualTo(403);
        assertThat(forged.text("h1")).isEqualTo("This is not allowed");
        checkThatNothingHasChanged();
    }

    @Test
    void nobodyChangesWhatIsAnotherAuthors() {
        assertThat(EVE.get(MINE).page().select(".tools, .comments form")).isEmpty();
        var fields = Map.of("title", "x", "body", "x", "_xsrf", EVE.get("/posts/new").token());
        for (var path : List.of(MINE + "/edit", MINE + "/delete")) {
            assertThat(EVE.get(path).status()).isEqualTo(403);
            assertThat(EVE.post(path, fields).status()).isEqualTo(403);
        }
        assertThat(EVE.post("/comments/1/delete", fields).status()).isEqualTo(403);
        checkThatNothingHasChanged();
    }

    @Test
    void strangersWriteNothing() {
        var stranger = BLOG.visitor();
        var token = stranger.get("/sign-in").token();
        var fields = Map.of("title", "x", "body", "x", "text", "x", "_xsrf", token);
        for (var path : List.of("/posts/new", MINE, MINE + "/edit", MINE + "/delete")) {
            assertThat(stranger.post(path, fields).status()).isEqualTo(403);
        }
        assertThat(stranger.get(MINE).text(".invitation")).isEqualTo("Sign in to say something.");
        checkThatNothingHasChanged();
    }

    private static void checkThatNothingHasChanged() {
        var post = BLOG.visitor().get(MINE);
        assertThat(post.text("article h1")).isEqualTo("Mine");
        assertThat(post.text(".prose")).isEqualTo("Text.");
        assertThat(post.page().select(".comments .words").eachText()).containsExactly("Hi");
        assertThat(ADA.get("/").page().select(".posts h2").eachText()).contains("Mine");
    }

    @Test
    void aCommentIsTakenBackByWhoWroteIt() {
        var post = EVE.write("Eve's", "Text.");
        var with = ADA.submit(post.uri().getPath(), ".discussion > form", Map.of("text", "Oh"));
        var without = ADA.submit(with, ".comments form", Map.of());
        assertThat(without.path()).isEqualTo(post.path());
        assertThat(without.page().select(".comments li")).isEmpty();
    }
}
