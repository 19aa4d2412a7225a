package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A form read while it comes; {@link FormsTest} has the grammar. */
class FormReaderTest {
    private static final FormLimits LIMITS = new FormLimits(true, 10, 1000, 10, 100);

    @TempDir private Path folder;

    private static HttpServerRequest request(FormLimits limits) {
        return new HttpServerRequest(
                RequestStartLine.parse("POST /upload HTTP/1.1"),
                Headers.of("Host", "a", "Content-Type", "multipart/form-data; boundary=1234"),
                new byte[0],
                "127.0.0.1",
                "http",
                limits);
    }

    private static byte[] form(String... parts) {
        var text = new StringBuilder();
        for (var part : parts) {
            text.append("--1234\r\nContent-Disposition: form-data; name=").append(part);
            text.append("\r\n");
        }
        return text.append("--1234--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String file(String name, String content) {
        return name + "; filename=" + name + ".txt\r\n\r\n" + content;
    }

    private static void addInPieces(FormReader reader, byte[] body, int size) {
        for (int from = 0; from < body.length; from += size) {
            reader.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + size)));
        }
    }

    private long filesInFolder() throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void theFormIsTheSameHoweverItsBodyIsCut() {
        var body = form("title\r\n\r\né \r\n--123", file("small", "abc"), "empty\r\n\r\n");
        for (int size = 1; size <= body.length; size++) {
            var request = request(LIMITS);
            try (var reader = new FormReader(request, folder)) {
                addInPieces(reader, body, size);
                reader.end();
            }

            assertThat(request.arguments())
                    .as("pieces of %d bytes", size)
                    .isEqualTo(Map.of("title", List.of("é \r\n--123"), "empty", List.of("")));
            var small = request.files().get("small").getFirst();
            assertThat(small.body()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
            assertThat(small.path()).isEmpty();
        }
    }

    @Test
    void filesBeyondTheMemoryAreWrittenToDiskWhole() throws IOException {
        var content = "0123456789".repeat(30);
        var request = request(LIMITS);
        try (var reader = new FormReader(request, folder)) {
            addInPieces(reader, form(file("large", content), file("small", "abc")), 7);
            var files = reader.end().files();

            var large = files.get("large").getFirst();
            assertThat(large.size()).isEqualTo(300);
            assertThat(large.path()).get().satisfies(path -> assertThat(path).hasContent(content));
            assertThat(new String(large.body(), StandardCharsets.UTF_8)).isEqualTo(content);
            assertThat(files.get("small").getFirst().path()).isEmpty();
        }
        assertThat(filesInFolder()).isZero();
    }

    @Test
    void aFileThatWasSavedStaysAndReplacesNothing() throws IOException {
        var content = "x".repeat(200);
        var kept = folder.resolve("kept");
        try (var reader = new FormReader(request(LIMITS), folder)) {
            reader.add(form(file("large", content), file("small", "abc")));
            var files = reader.end().files();
            files.get("large").getFirst().saveTo(kept);

            assertThatThrownBy(() -> files.get("small").getFirst().saveTo(kept))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> files.get("large").getFirst().body())
                    .isInstanceOf(UncheckedIOException.class);
        }
        assertThat(kept).hasContent(content);
    }

    @Test
    void textBeyondTheMemoryIsRefused() {
        try (var reader = new FormReader(request(LIMITS), folder)) {
            assertThatThrownBy(() -> reader.add(form("title\r\n\r\n" + "x".repeat(101))))
                    .isInstanceOf(HttpInputException.class)
                    .hasMessage("form: more than 100 bytes of text")
                    .extracting(e -> ((HttpInputException) e).status())
                    .isEqualTo(413);
        }
    }

    @Test
    void aFormThatIsCutOffIsRefusedAndLeavesNoFile() throws IOException {
        try (var reader = new FormReader(request(LIMITS), folder)) {
            var body = form(file("large", "x".repeat(300)));
            reader.add(Arrays.copyOf(body, body.length - 20));

            assertThat(filesInFolder()).isOne();
            assertThatThrownBy(reader::end)
                    .isInstanceOf(HttpInputException.class)
                    .hasMessage("multipart/form-data: last boundary is missing");
        }
        assertThat(filesInFolder()).isZero();
    }

    @Test
    void headersOfAPartAreLimitedHoweverTheyCome() {
        try (var reader = new FormReader(request(LIMITS), folder)) {
            var body = form("a\r\nX: " + "x".repeat(1000) + "\r\n\r\nb");
            assertThatThrownBy(() -> addInPieces(reader, body, 1))
                    .isInstanceOf(HttpInputException.class)
                    .hasMessage("multipart/form-data part header has more than 1000 bytes");
        }
    }

    @Test
    void anythingButAMultipartFormIsRefused() {
        var request =
                new HttpServerRequest(
                        RequestStartLine.parse("POST / HTTP/1.1"),
                        Headers.of("Host", "a", "Content-Type", "application/json"));

        assertThatThrownBy(() -> new FormReader(request, folder))
                .isInstanceOf(HttpInputException.class)
                .extracting(e -> ((HttpInputException) e).status())
                .isEqualTo(415);
    }
}
