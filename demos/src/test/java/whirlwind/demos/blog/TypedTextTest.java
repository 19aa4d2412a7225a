package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type, and what becomes of it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TypedTextTest {
    private static final TestBlog BLOG = TestBlog.empty();
    private static final Visitor ADA = BLOG.author("Ada");

    @AfterAll
    static void stop() throws InterruptedException {
        BLOG.close();
    }

    @Test
    void scriptsAreShownAndNotRun() {
        var script = "<script>alert(1)</script>";
        var post =
                ADA.write(
                        script,
                        script
                                + "\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1))"
                                + " [b](https://example.org) ![c](javascript:x)"
                                + " [d](data:text/html,<script>alert(1)</script>)"
                                + " [e](mailto:ada@example.org) ![f](data:image/svg+xml,x)");
        assertThat(post.text("article h1")).isEqualTo(script);
        assertThat(post.text(".prose")).contains(script, "onerror");
        assertThat(post.page().select(".prose a"))
                .extracting(a -> a.attr("href"))
                .containsExactly("", "https://example.org", "", "mailto:ada@example.org");
        assertThat(BLOG.visitor().get("/feed.atom").body()).doesNotContain("data:");
        var commented = ADA.submit(post, ".discussion > form", Map.of("text", script));
        assertThat(commented.text(".comments .words")).isEqualTo(script);
        for (var page : List.of(commented, ADA.get("/"), ADA.get("/authors/Ada"))) {
            assertThat(page.page().select("script, [onerror], .prose img[src=x]")).isEmpty();
        }
    }

    @Test
    void sqlIsTextLikeAnyOther() {
        var sql = "'; drop table posts; --";
        var post = ADA.write(sql, sql);
        assertThat(post.text("article h1")).isEqualTo(sql);
        var commented = ADA.submit(post, ".discussion > form", Map.of("text", sql));
        assertThat(commented.text(".comments .words")).isEqualTo(sql);
        assertThat(ADA.get("/authors/%27%20or%201=1%20--").status()).isEqualTo(404);
        assertThat(ADA.get("/").page().select(".posts h2").eachText()).contains(sql);
    }

    @Test
    void textIsKeptAsItWasTypedButForWhatNoTextHas() {
        var post = ADA.write("A\0 \u0007  b\nc", "    code\r\n\r\ntwo\u0000\uFFFF\nlines  \n");
        var edit = ADA.get(post.path() + "/edit");
        assertThat(edit.page().select("#title").val()).isEqualTo("A b c");
        assertThat(edit.page().select("#body").getFirst().wholeText())
                .isEqualTo("\n    code\n\ntwo\nlines");
    }

    @ParameterizedTest
    @CsvSource({
        "121, 1, title, 121 characters (at most 120).",
        "0, 1, title, Please fill this in.",
        "1, 0, body, Please fill this in.",
        "1, 50001, body, '50001 characters (at most 50000).'"
    })
    void aPostThatIsTooLongOrEmptyComesBackWithTheReason(
            int title, int body, String field, String problem) {
        var refused = ADA.write("😀".repeat(title), "b".repeat(body));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text(".problem")).isEqualTo(problem);
        assertThat(refused.page().select("[aria-describedby=" + field + "-problem]")).hasSize(1);
        assertThat(refused.page().select("#body").getFirst().wholeText().strip()).hasSize(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00A0", "\u200B\u2060", "\u3164", "\uFE0F"})
    void whatShowsNothingIsNoText(String blank) {
        var refused = ADA.write(blank, "Text.");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text(".problem")).isEqualTo("Please fill this in.");
    }

    @Test
    void aCommentThatIsTooLongComesBackWithTheReason() {
        var post = ADA.write("Mine", "Text.");
        var refused = ADA.submit(post, ".discussion > form", Map.of("text", "x".repeat(4001)));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text(".problem")).isEqualTo("4001 characters (at most 4000).");
    }

    @Test
    void moreThanAnyPostHasIsNotEvenRead() {
        var huge =
                HttpRequest.newBuilder(BLOG.demo().uri("/posts/new"))
                        .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]));
        assertThat(BLOG.visitor().send(huge).status()).isEqualTo(413);
    }
}
