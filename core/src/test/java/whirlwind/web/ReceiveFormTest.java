package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.Async;
import whirlwind.testing.Eventually;

class ReceiveFormTest {
    private static final int LARGE = 3 << 20;

    @TempDir private Path folder;

    private final CountDownLatch gone = new CountDownLatch(1);

    @StreamRequestBody
    private class Upload extends RequestHandler {
        @Override
        protected void prepare() {
            setMaxBodySize(2L * LARGE);
            receiveForm(folder);
        }

        @Override
        protected void post() {
            var file = request().files().get("file").getFirst();
            var kept = folder.resolve(getBodyArgument("name"));
            Async.await(
                    Async.offload(() -> {
                        file.saveTo(kept);
                        return kept;
                    }));
            write(file.filename() + " " + file.size());
        }

        @Override
        protected void onConnectionClose() {
            gone.countDown();
        }
    }

    @StreamRequestBody
    private class Twice extends Upload {
        @Override
        protected void post() {
            try {
                receiveForm(folder);
            } catch (IllegalStateException e) {
                write(String.valueOf(e.getMessage()));
            }
        }
    }

    private ServedApplication serve() {
        var server = HttpServerOptions.DEFAULTS.withMaxBodySize(1000);
        return ServedApplication.of(
                new Application(ApplicationSettings.DEFAULTS.withServer(server))
                        .route("/upload", Upload::new)
                        .route("/twice", Twice::new));
    }

    private static HttpResponse<String> post(ServedApplication app, String body) throws Exception {
        return post(app, "/upload", body);
    }

    private static HttpResponse<String> post(ServedApplication app, String path, String body)
            throws Exception {
        return app.send("POST", path, body, "Content-Type", "multipart/form-data; boundary=1234");
    }

    private static String form(String name, int size) {
        return ("--1234\r\nContent-Disposition: form-data; name=name\r\n\r\n"
                        + name
                        + "\r\n--1234\r\nContent-Disposition: form-data; name=file; filename=f.bin\r\n\r\n")
                + "x".repeat(size)
                + "\r\n--1234--\r\n";
    }

    private void awaitOnly(String... names) throws Exception {
        Eventually.holds(() -> {
            try (var files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString())
                        .sorted()
                        .toList()
                        .equals(List.of(names));
            }
        });
    }

    @Test
    void aFormIsReceivedOnceAndNothingOfItStaysBehind() throws Exception {
        try (var app = serve()) {
            assertThat(post(app, "/twice", form("a", LARGE)).body())
                    .isEqualTo("receiveForm: the form has been received");
            awaitOnly();
        }
    }

    @Test
    void aFormLargerThanTheServersBodiesIsReceivedOnDisk() throws Exception {
        try (var app = serve()) {
            assertThat(post(app, form("kept", LARGE)).body()).isEqualTo("f.bin " + LARGE);

            assertThat(folder.resolve("kept")).hasSize(LARGE);
            awaitOnly("kept");
        }
    }

    @Test
    void aSmallFormIsReceivedInMemory() throws Exception {
        try (var app = serve()) {
            assertThat(post(app, form("kept", 3)).body()).isEqualTo("f.bin 3");
            awaitOnly("kept");
        }
    }

    @Test
    void whatTheHandlerDoesNotSaveIsDeletedWithTheRequest() throws Exception {
        Files.createFile(folder.resolve("kept"));
        try (var app = serve()) {
            assertThat(post(app, form("kept", LARGE)).statusCode()).isEqualTo(500);
            awaitOnly("kept");
        }
    }

    @Test
    void aMalformedOrTooLargeFormIsAnsweredAndLeavesNothing() throws Exception {
        try (var app = serve()) {
            assertThat(post(app, "no form").statusCode()).isEqualTo(400);
            assertThat(post(app, form("kept", 2 * LARGE)).statusCode()).isEqualTo(413);
            assertThat(app.send("POST", "/upload", "{}").statusCode()).isEqualTo(415);
            awaitOnly();
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleLeavesNothingBehind() throws Exception {
        try (var app = serve()) {
            try (var client = new Socket("127.0.0.1", app.port())) {
                var body = form("kept", LARGE);
                var head =
                        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n"
                                + "Content-Type: multipart/form-data; boundary=1234\r\n\r\n";
                var out = client.getOutputStream();
                out.write(head.formatted(body.length()).getBytes(StandardCharsets.US_ASCII));
                out.write(body.substring(0, 2 << 20).getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            gone.await();
            awaitOnly();
        }
    }
}
