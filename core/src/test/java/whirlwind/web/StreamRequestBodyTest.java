package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class StreamRequestBodyTest {

    @StreamRequestBody
    static class Counting extends RequestHandler {
        private long bytes;
        private boolean inside;
        private String seenByPrepare = "";

        @Override
        protected void prepare() {
            seenByPrepare = request().headers().get("X-Kind", "none");
            if (seenByPrepare.equals("refuse")) {
                throw new HttpError(401);
            }
            if (seenByPrepare.equals("large")) {
                setMaxBodySize(1 << 20);
            }
        }

        @Override
        protected void dataReceived(byte[] piece) {
            assertThat(inside).as("calls don't overlap").isFalse();
            inside = true;
            Async.await(Async.spawn(() -> bytes += piece.length));
            inside = false;
        }

        @Override
        protected void put() {
            write(seenByPrepare + " " + bytes + " " + request().body().length);
        }
    }

    static class Forgetful extends Counting {
        @Override
        protected void dataReceived(byte[] piece) {
            throw new HttpError(422);
        }
    }

    private static HttpResponse<String> put(
            ServedApplication app, String path, String kind, int size) throws Exception {
        var request =
                HttpRequest.newBuilder(app.uri(path))
                        .header("X-Kind", kind)
                        .PUT(BodyPublishers.ofByteArray(new byte[size]))
                        .build();
        return app.client().send(request, BodyHandlers.ofString());
    }

    private static Application application() {
        var settings =
                ApplicationSettings.DEFAULTS.withServer(
                        HttpServerOptions.DEFAULTS.withMaxBodySize(100_000));
        return new Application(settings)
                .route("/count", Counting::new)
                .route("/forgetful", Forgetful::new);
    }

    @Test
    void piecesAreTakenOneAfterTheOtherAndTheVerbRunsAfterTheLast() throws Exception {
        try (var app = ServedApplication.of(application())) {
            assertThat(put(app, "/count", "small", 90_000).body()).isEqualTo("small 90000 0");
        }
    }

    /** Asks for arguments before the body is there. */
    static class Asking extends Counting {
        @Override
        protected void prepare() {
            setHeader("X-Kind", getArgument("kind", "") + getArguments("other").size());
        }
    }

    @Test
    void argumentsOfTheQueryAreThereBeforeTheBodyIs() throws Exception {
        try (var app = ServedApplication.of(application().route("/asking", Asking::new))) {
            var type = "multipart/form-data; boundary=1234";
            var response = app.send("PUT", "/asking?kind=small", "abc", "Content-Type", type);
            assertThat(response.headers().firstValue("X-Kind")).contains("small0");
        }
    }

    @Test
    void prepareMayRaiseTheLimit() throws Exception {
        try (var app = ServedApplication.of(application())) {
            assertThat(put(app, "/count", "large", 1 << 20).body()).isEqualTo("large 1048576 0");
            assertThat(put(app, "/count", "small", 100_001).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void prepareMayRefuseBeforeTheBodyIsRead() throws Exception {
        try (var app = ServedApplication.of(application())) {
            var head =
                    "PUT /count HTTP/1.1\r\nHost: x\r\nX-Kind: refuse\r\nContent-Length: 10\r\n\r\n";
            assertThat(app.raw(head)).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void theAnnotationIsInheritedAndAFailureInDataReceivedIsAnswered() throws Exception {
        try (var app = ServedApplication.of(application())) {
            assertThat(put(app, "/forgetful", "small", 10).statusCode()).isEqualTo(422);
        }
    }

    @Test
    void aRequestWithoutABodyGoesStraightToTheVerb() throws Exception {
        try (var app = ServedApplication.of(application())) {
            assertThat(put(app, "/count", "small", 0).body()).isEqualTo("small 0 0");
            assertThat(put(app, "/count", "large", 0).body()).isEqualTo("large 0 0");
        }
    }

    @StreamRequestBody
    static class Mistaken extends RequestHandler {
        @Override
        protected void dataReceived(byte[] piece) {}

        @Override
        protected void put() {
            body(List.class);
        }

        @Override
        protected void post() {
            getBodyArgument("a");
        }
    }

    @Test
    void whoAsksForTheBodyThatWasStreamedIsTold() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(Mistaken::new)) {
            assertThat(app.send("PUT", "/", "[1]").statusCode()).isEqualTo(500);
            assertThat(app.send("POST", "/", "a=1").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .hasSize(2)
                    .allSatisfy(e -> assertThat(e).hasMessageContaining("@StreamRequestBody"));
        }
    }
}
