package whirlwind.demos.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.http.client.HttpStatusException;
import whirlwind.loop.IOLoop;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class UploadTest {
    @TempDir private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningDemo start() {
        return RunningDemo.start(() -> Upload.application(folder));
    }

    private CompletableFuture<HttpResponse<String>> put(
            RunningDemo demo, String name, byte[] body) {
        var request =
                HttpRequest.newBuilder(demo.uri("/files/" + name))
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private List<String> stored() {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void severalFilesAtATimeArriveWhole() throws Exception {
        try (var demo = start()) {
            var sent =
                    IntStream.range(0, 5)
                            .mapToObj(i -> put(demo, "file" + i, random(i * 700_001)))
                            .toList();
            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).get().statusCode()).isEqualTo(200);
                assertThat(folder.resolve("file" + i)).hasBinaryContent(random(i * 700_001));
            }
            assertThat(stored()).hasSize(5);
        }
    }

    @Test
    void aFileOfTheSameNameIsReplaced() throws Exception {
        try (var demo = start()) {
            put(demo, "a.txt", random(10)).get();
            put(demo, "a.txt", random(20)).get();
            assertThat(folder.resolve("a.txt")).hasBinaryContent(random(20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2Fescape", ".hidden", "a%2Fb", "a%00b", "a%0Ab", "a%5Cb", "%2e%2e"})
    void namesThatLeadElsewhereAreRefused(String name) throws Exception {
        try (var demo = start()) {
            assertThat(put(demo, name, random(10)).get().statusCode()).isBetween(400, 404);
            assertThat(stored()).isEmpty();
        }
    }

    @Test
    void aNameMayHaveAsManyBytesAsFileSystemsTake() throws Exception {
        try (var demo = start()) {
            assertThat(put(demo, "%C3%A4".repeat(127), random(10)).get().statusCode())
                    .isEqualTo(200);
            assertThat(put(demo, "%C3%A4".repeat(128), random(10)).get().statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aFolderIsNotReplacedAndNotListed() throws Exception {
        Files.createDirectory(folder.resolve("mine"));
        try (var demo = start()) {
            assertThat(put(demo, "mine", random(10)).get().statusCode()).isEqualTo(409);
            assertThat(folder.resolve("mine")).isEmptyDirectory();
            var list = HttpRequest.newBuilder(demo.uri("/files")).build();
            assertThat(client.send(list, BodyHandlers.ofString()).body()).isEqualTo("[]");
            assertThat(stored()).containsExactly("mine");
        }
    }

    @Test
    void whatASenderLeavesUnfinishedIsRemoved() throws Exception {
        try (var demo = start()) {
            try (var socket = new Socket("127.0.0.1", demo.port())) {
                var head =
                        "PUT /files/part HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                Eventually.becomes(1, () -> stored().size());
            }
            Eventually.becomes(0, () -> stored().size());
        }
    }

    @Test
    void aFileLargerThanTheReceiversHeapPasses() throws Exception {
        long size = 192L << 20;
        var receiver =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx48m",
                                "-XX:+UseSerialGC",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "whirlwind.demos.Demos",
                                "upload",
                                "--port",
                                "0")
                        .directory(folder.toFile())
                        .start();
        try {
            var line = receiver.inputReader().readLine();
            assertThat(line).startsWith("listening on ");
            var address = line.substring("listening on ".length()) + "/files/large";
            var body = BodyPublishers.ofInputStream(() -> new Zeros(size));
            var request = HttpRequest.newBuilder(java.net.URI.create(address)).PUT(body).build();
            var response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).contains("" + size);
            assertThat(folder.resolve("uploads/large")).hasSize(size);
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }

    @Test
    void theSenderSendsSeveralFilesAndSaysHowFarItIs(@TempDir Path chosen) throws Exception {
        var files = new ArrayList<Path>();
        for (int i = 0; i < 5; i++) {
            files.add(Files.write(chosen.resolve("größe " + i), random(i * 900_001)));
        }
        try (var demo = start();
                var loop = new IOLoop()) {
            var progress =
                    loop.runSync(() -> {
                        var sending = new Sending(demo.uri("/").toString(), files);
                        sending.run();
                        return sending.progress();
                    });
            assertThat(progress).contains("100 %", "8 of 8 MiB", "5 of 5 files");
            for (int i = 0; i < 5; i++) {
                assertThat(folder.resolve("größe " + i)).hasBinaryContent(random(i * 900_001));
            }
        }
    }

    @Test
    void aRefusedFileEndsTheSender(@TempDir Path chosen) throws Exception {
        var file = Files.write(chosen.resolve(".hidden"), random(900_001));
        try (var demo = start();
                var loop = new IOLoop()) {
            assertThatThrownBy(() ->
                            loop.runSync(() -> {
                                new Sending(demo.uri("/").toString(), List.of(file)).run();
                                return null;
                            }))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessageContaining("400");
        }
    }

    @Test
    void thePageSendsTheChosenFilesAndListsThem(@TempDir Path profile, @TempDir Path chosen)
            throws Exception {
        var files = List.of(chosen.resolve("ä one.bin"), chosen.resolve("two.bin"));
        Files.write(files.get(0), random(300_000));
        Files.write(files.get(1), random(1));
        try (var demo = start();
                var browser = new Browser(profile)) {
            browser.open(demo.uri("/").toString());
            var page = browser.driver();
            page.findElement(By.id("choose")).sendKeys(files.get(0) + "\n" + files.get(1));

            Eventually.becomes(2, () -> page.findElements(By.cssSelector("#received li")).size());
            assertThat(page.findElement(By.id("received")).getText())
                    .contains("ä one.bin", "293 KiB", "two.bin", "1 B");
            assertThat(page.findElements(By.cssSelector("#sending li"))).isEmpty();
            assertThat(folder.resolve("ä one.bin")).hasBinaryContent(random(300_000));
        }
    }

    /** That many zero bytes, which nobody keeps. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int size = (int) Math.min(length, left);
            left -= size;
            return size;
        }
    }
}
