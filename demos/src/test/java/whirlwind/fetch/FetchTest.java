package whirlwind.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.demos.RunningDemo;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

class FetchTest {
    private static RunningDemo site;

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Says how it was asked. */
    private static final class Mirror extends RequestHandler {
        @Override
        protected void get() {
            write(request().method() + " " + request().headers().get("X-Word", "-"));
        }

        @Override
        protected void post() {
            write(request().method() + " " + new String(request().body(), UTF_8));
        }

        @Override
        protected void put() {
            post();
        }
    }

    private static final class Elsewhere extends RequestHandler {
        @Override
        protected void get() {
            redirect("/mirror");
        }
    }

    private static final class Large extends RequestHandler {
        @Override
        protected void get() {
            write("x".repeat(3 << 20));
        }
    }

    @BeforeAll
    static void serve() {
        site =
                RunningDemo.start(() ->
                        new Application()
                                .route("/mirror", Mirror::new)
                                .route("/elsewhere", Elsewhere::new)
                                .route("/large", Large::new));
    }

    @AfterAll
    static void end() throws InterruptedException {
        site.close();
    }

    private int fetch(String... arguments) {
        return fetch(false, arguments);
    }

    private int fetch(boolean terminal, String... arguments) {
        return Fetch.run(out, new PrintStream(err, true, UTF_8), terminal, arguments);
    }

    private static String url(String path) {
        return site.uri(path).toString();
    }

    private String printed() {
        return out.toString(UTF_8);
    }

    private String complaint() {
        return err.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--curl"})
    void aRedirectIsFollowedAndHeadersAndBodyArePrinted(String client) {
        int status = client.isEmpty() ? fetch(url("/elsewhere")) : fetch(client, url("/elsewhere"));
        assertThat(status).as(this::complaint).isZero();
        assertThat(printed())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("\r\ncontent-length: 5\r\n")
                .endsWith("\r\n\r\nGET -");
        assertThat(complaint()).isEmpty();
    }

    @Test
    void severalUrlsAreFetchedInTheirOrder() {
        assertThat(fetch(url("/mirror"), url("/elsewhere"))).isZero();
        assertThat(printed()).containsPattern("(?s)GET -HTTP/1.1 200 OK.*GET -$");
    }

    @Test
    void headersOnlyPrintsNoBody() {
        assertThat(fetch("--headers-only", url("/mirror"))).isZero();
        assertThat(printed()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void dataIsPostedUnlessAMethodIsGiven() {
        assertThat(fetch("--data", "grün", url("/mirror"))).isZero();
        assertThat(fetch("--method", "PUT", "--data", "grün", url("/mirror"))).isZero();
        assertThat(printed()).contains("\r\n\r\nPOST grün").endsWith("\r\n\r\nPUT grün");
    }

    @Test
    void headersAreSent() {
        assertThat(fetch("--header", "X-Word: a:b", url("/mirror"))).isZero();
        assertThat(printed()).endsWith("GET a:b");
    }

    @Test
    void timesArePrintedOnStandardError() {
        assertThat(fetch("--time", url("/mirror"))).isZero();
        assertThat(complaint()).containsPattern("total +\\d+\\.\\d{6} s\n");
    }

    @Test
    void aStatusThatIsNoSuccessIsPrintedAndComplainedAbout() {
        assertThat(fetch(url("/nothing"))).isEqualTo(1);
        assertThat(printed()).startsWith("HTTP/1.1 404 Not Found\r\n");
        assertThat(complaint()).contains("404: Not Found").hasLineCount(1);
    }

    @Test
    void aServerThatIsNotThereIsOneSentence() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(fetch("http://127.0.0.1:" + port + "/")).isEqualTo(1);
        assertThat(printed()).isEmpty();
        assertThat(complaint()).startsWith("fetch: ").contains(":" + port).hasLineCount(1);
    }

    @Test
    void anotherUrlIsFetchedAfterOneThatFailed() {
        assertThat(fetch("gopher://127.0.0.1/", url("/mirror"))).isEqualTo(1);
        assertThat(printed()).endsWith("GET -");
        assertThat(complaint()).hasLineCount(1);
    }

    @Test
    void aFileIsWrittenWithAProgressLineOnATerminal() throws IOException {
        var file = folder.resolve("large");
        assertThat(fetch(true, "--output", file.toString(), url("/large"))).isZero();
        assertThat(file).hasSize(3 << 20);
        assertThat(printed()).endsWith("\r\n\r\n");
        assertThat(complaint())
                .contains("[##############################] 100 %  3.0 MiB of 3.0 MiB")
                .endsWith("\n");
    }

    @Test
    void thereIsNoProgressLineOffATerminal() {
        var file = folder.resolve("large");
        assertThat(fetch("--output", file.toString(), url("/large"))).isZero();
        assertThat(complaint()).isEmpty();
    }

    @Test
    void aFileIsLeftAloneUnlessTheResponseIsASuccess() throws IOException {
        var file = folder.resolve("kept");
        Files.writeString(file, "before");
        assertThat(fetch("--output", file.toString(), url("/nothing"))).isEqualTo(1);
        assertThat(file).hasContent("before");
    }

    @Test
    void aFileThatCannotBeWrittenIsOneSentence() {
        var file = folder.resolve("no-such-folder").resolve("file");
        assertThat(fetch("--output", file.toString(), url("/mirror"))).isEqualTo(1);
        assertThat(complaint()).startsWith("fetch: can't write to " + file).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--quux http://127.0.0.1/",
                "--header nothing http://127.0.0.1/",
                "--output file http://127.0.0.1/ http://127.0.0.1/"
            })
    void wrongUsageIsExplained(String arguments) {
        assertThat(fetch(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
        assertThat(complaint()).contains("Usage: ./whirlwind fetch");
        assertThat(printed()).isEmpty();
    }

    @Test
    void helpIsPrinted() {
        assertThat(fetch("--help")).isZero();
        assertThat(printed())
                .startsWith("Usage: ./whirlwind fetch")
                .contains("--headers-only", "--output", "--curl");
    }

    @Test
    void theBodyAloneAndTheRedirectItselfCanBeAskedFor() {
        assertThat(fetch("--body-only", url("/mirror"))).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("GET -");
        assertThat(fetch("--no-redirects", url("/elsewhere"))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("HTTP/1.1 302 Found", "Location: /mirror");
        assertThat(fetch("--headers-only", "--body-only", "http://127.0.0.1/")).isEqualTo(2);
    }

    @Test
    void aProxyIsGivenAsAUrl() throws IOException {
        try (var proxy = new ServerSocket(0)) {
            var heard = new CompletableFuture<String>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try (var client = proxy.accept()) {
                            var reader =
                                    new BufferedReader(
                                            new InputStreamReader(client.getInputStream(), UTF_8));
                            heard.complete(reader.readLine());
                            var answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nthey";
                            client.getOutputStream().write(answer.getBytes(UTF_8));
                        } catch (IOException e) {
                            heard.completeExceptionally(e);
                        }
                    });
            var way = "http://me:secret@127.0.0.1:" + proxy.getLocalPort();
            assertThat(fetch("--proxy", way, "--body-only", "http://nowhere.invalid/x")).isZero();
            assertThat(out.toString(UTF_8)).isEqualTo("they");
            assertThat(heard.join()).isEqualTo("GET http://nowhere.invalid/x HTTP/1.1");
        }
        for (var wrong : List.of("localhost:3128", "ftp://localhost:21", "http://localhost", "%")) {
            err.reset();
            assertThat(fetch("--proxy", wrong, "http://127.0.0.1/")).isEqualTo(2);
            assertThat(err.toString(UTF_8)).startsWith("--proxy '" + wrong + "': ");
        }
    }
}
