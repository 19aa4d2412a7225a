package whirlwind.web.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.http.HttpDate;

/** Files that are sent only if the client has another version of them: RFC 9110 section 13. */
class StaticConditionTest extends ServedFolder {
    @Test
    void whatTheClientHasIsNotSentAgain() throws Exception {
        var first = app.get("/static/text.txt").headers();
        var etag = first.firstValue("Etag").orElseThrow();
        var date = first.firstValue("Last-Modified").orElseThrow();
        assertThat(app.get("/static/text.txt", "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(app.get("/static/text.txt", "If-Modified-Since", date).statusCode())
                .isEqualTo(304);
        assertThat(
                        app.get(
                                        "/static/text.txt",
                                        "If-None-Match",
                                        "\"other\"",
                                        "If-Modified-Since",
                                        date)
                                .statusCode())
                .isEqualTo(200);
        assertThat(app.get("/static/text.txt", "If-Modified-Since", "yesterday").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFileThatIsWrittenTwiceInASecondIsAnotherVersion() throws Exception {
        var file = root.resolve("text.txt");
        var second = Instant.parse("2026-01-01T00:00:00Z");
        Files.setLastModifiedTime(file, FileTime.from(second));
        var etag = app.get("/static/text.txt").headers().firstValue("Etag").orElseThrow();
        var changed = TEXT.toUpperCase(Locale.ROOT);
        Files.writeString(file, changed);
        Files.setLastModifiedTime(file, FileTime.from(second.plusMillis(500)));
        assertThat(app.get("/static/text.txt", "If-None-Match", etag).body()).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 304", "1, 304"})
    void datesCountToTheSecond(long seconds, int status) throws Exception {
        var modified =
                Files.getLastModifiedTime(root.resolve("text.txt"))
                        .toInstant()
                        .plusSeconds(seconds);
        var response = app.get("/static/text.txt", "If-Modified-Since", HttpDate.format(modified));
        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 304) {
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        }
    }

    @Test
    void aDateLongAgoIsBeforeEveryFile() throws Exception {
        assertThat(
                        app.get(
                                        "/static/text.txt",
                                        "If-Modified-Since",
                                        "Fri, 01 Jan 1960 00:00:00 GMT")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoWantsAnotherVersionThanThereIsGetsNone() throws Exception {
        var response = app.get("/static/text.txt");
        var tag = response.headers().firstValue("Etag").orElseThrow();
        var date = response.headers().firstValue("Last-Modified").orElseThrow();
        var before = HttpDate.format(HttpDate.parse(date).minusSeconds(1));
        for (var method : List.of("GET", "HEAD")) {
            assertThat(statusIf(method, "If-Match", "\"other\"")).isEqualTo(412);
            assertThat(statusIf(method, "If-Match", "\"other\", " + tag)).isEqualTo(200);
            assertThat(statusIf(method, "If-Match", "*")).isEqualTo(200);
            assertThat(statusIf(method, "If-Unmodified-Since", before)).isEqualTo(412);
            assertThat(statusIf(method, "If-Unmodified-Since", date)).isEqualTo(200);
            assertThat(statusIf(method, "If-Unmodified-Since", "some day")).isEqualTo(200);
        }
        var both = app.get("/static/text.txt", "If-Match", tag, "If-Unmodified-Since", before);
        assertThat(both.statusCode()).as("the tag counts").isEqualTo(200);
    }

    private int statusIf(String method, String name, String value) throws Exception {
        return app.send(method, "/static/text.txt", "", name, value).statusCode();
    }

    @Test
    void theTagIsThatOfTheContentAndFollowsIt() throws Exception {
        Files.writeString(root.resolve("same.txt"), TEXT);
        var tag = app.get("/static/text.txt").headers().firstValue("Etag").orElseThrow();
        assertThat(app.get("/static/same.txt").headers().firstValue("Etag")).contains(tag);

        Files.writeString(root.resolve("same.txt"), "changed");
        assertThat(app.get("/static/same.txt", "If-None-Match", tag).body()).isEqualTo("changed");
    }
}
