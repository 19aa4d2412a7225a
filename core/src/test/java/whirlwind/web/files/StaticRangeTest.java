package whirlwind.web.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.http.HttpDate;

/** Parts of files: RFC 9110 section 14. */
class StaticRangeTest extends ServedFolder {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-9 | 206 | abcdefghij | bytes 0-9/26",
                "bytes=22- | 206 | wxyz | bytes 22-25/26",
                "bytes=-4 | 206 | wxyz | bytes 22-25/26",
                "bytes=1-9999 | 206 | bcdefghijklmnopqrstuvwxyz | bytes 1-25/26",
                "bytes=0- | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "bytes=-9999 | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "asdf | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "bytes=26- | 416 | '' | bytes */26",
                "bytes=-0 | 416 | '' | bytes */26",
            })
    void rangesAreHonoured(String range, int status, String body, String contentRange)
            throws Exception {
        var response = app.get("/static/text.txt", "Range", range);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("Content-Range").orElse(""))
                .isEqualTo(contentRange);
    }

    /** A shared cache may keep what says so for years, and give it to all who ask for the file. */
    @Test
    void aRangeThatIsNotThereIsNotKeptByCaches() throws Exception {
        var headers = app.get("/static/text.txt?v=1", "Range", "bytes=26-").headers();
        assertThat(headers.firstValue("Cache-Control")).contains("no-store");
        assertThat(headers.firstValue("Expires")).isEmpty();
    }

    /** RFC 9110 section 13.1.5: a date counts only if it is that of the file, to the second. */
    @Test
    void aRangeOfAFileThatHasChangedIsTheWholeFile() throws Exception {
        var date = app.get("/static/text.txt").headers().firstValue("Last-Modified").orElseThrow();
        var modified = HttpDate.parse(date);
        for (var version :
                List.of(
                        "\"old\"",
                        HttpDate.format(modified.minusSeconds(1)),
                        HttpDate.format(modified.plusSeconds(1)))) {
            var response = app.get("/static/text.txt", "Range", "bytes=0-1", "If-Range", version);
            assertThat(response.statusCode()).as(version).isEqualTo(200);
            assertThat(response.body()).isEqualTo(TEXT);
        }
    }

    @Test
    void ifRangeTakesTheTagOrTheDateOfWhatTheClientHas() throws Exception {
        var headers = app.get("/static/text.txt").headers();
        for (var name : new String[] {"Etag", "Last-Modified"}) {
            var version = headers.firstValue(name).orElseThrow();
            assertThat(
                            app.get("/static/text.txt", "Range", "bytes=0-1", "If-Range", version)
                                    .body())
                    .isEqualTo("ab");
        }
    }

    @Test
    void aPartSaysWhatItIsPartOf() throws Exception {
        var whole = app.get("/static/text.txt").headers();
        var part = app.get("/static/text.txt", "Range", "bytes=1-3").headers();
        for (var name : new String[] {"Etag", "Last-Modified", "Accept-Ranges", "Content-Type"}) {
            assertThat(part.firstValue(name))
                    .as(name)
                    .isEqualTo(whole.firstValue(name))
                    .isPresent();
        }
        assertThat(part.firstValue("Content-Length")).contains("3");
    }

    @Test
    void aRangeOfAnEmptyFileIsUnsatisfiable() throws Exception {
        Files.writeString(root.resolve("empty.txt"), "");
        assertThat(app.get("/static/empty.txt").statusCode()).isEqualTo(200);
        var response = app.get("/static/empty.txt", "Range", "bytes=0-");
        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(response.headers().firstValue("Content-Range")).contains("bytes */0");
    }

    @Test
    void severalRangesAreSeveralParts() throws Exception {
        var response = app.get("/static/text.txt", "Range", "bytes=0-1, 20-21,-3");
        assertThat(response.statusCode()).isEqualTo(206);
        var type = response.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        var boundary = type.substring(type.indexOf('=') + 1);
        assertThat(response.body())
                .isEqualTo(
                        """

                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 0-1/26

                        ab
                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 20-21/26

                        uv
                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 23-25/26

                        xyz
                        --B--
                        """
                                .replace("--B", "--" + boundary)
                                .replace("\n", "\r\n"));
        assertThat(response.headers().firstValue("Content-Length"))
                .contains(Integer.toString(response.body().length()));
    }

    @Test
    void partsOfALargeFileAreSentFromTheDisk() throws Exception {
        var large = "0123456789".repeat(20_000);
        Files.writeString(root.resolve("large.txt"), large);
        var response = app.get("/static/large.txt", "Range", "bytes=0-99999,100005-100009");
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body())
                .contains("\r\n\r\n" + large.substring(0, 100_000) + "\r\n--")
                .contains("\r\n\r\n56789\r\n--");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is beyond the end drops out
                "bytes=0-1,99- | 206 | ab",
                "bytes=50-,99- | 416 | ''",
                // nobody is made to send a file many times over
                "bytes=0-,0-,0- | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16"
                        + " | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=0-1,x | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=9-1 | 416 | ''",
                "bytes=--3 | 200 | abcdefghijklmnopqrstuvwxyz",
            })
    void oddSetsOfRangesAreCutDown(String range, int status, String body) throws Exception {
        var response = app.get("/static/text.txt", "Range", range);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
    }

    @Test
    void headSaysAllThatGetSays() throws Exception {
        var get = app.get("/static/text.txt", "Range", "bytes=0-1,3-4").headers().map();
        var head = app.send("HEAD", "/static/text.txt", "", "Range", "bytes=0-1,3-4");
        assertThat(head.statusCode()).isEqualTo(206);
        assertThat(head.headers().map().keySet()).isEqualTo(get.keySet());
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(Optional.of(get.get("content-length").getFirst()));
    }
}
