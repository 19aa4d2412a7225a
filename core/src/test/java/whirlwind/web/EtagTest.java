package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPost;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.loop.Async;

/** Tags of what was written, so that a client that has it gets 304. */
class EtagTest {
    @Test
    void aResponseThatTheClientHasIsAnsweredWith304() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.write("same")))) {
            var etag = app.get("/").headers().firstValue("Etag").orElseThrow();
            var again = app.get("/", "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'*', 304",
        "'\"a\"', 304",
        "'W/\"a\"', 304",
        "'\"b\", \"a\"', 304",
        "'\"b\", W/\"a\" ,\"c\"', 304",
        "'\"b\"', 200",
        "'W/\"b\"', 200",
        "'\"a', 200",
        "'a', 200"
    })
    void theClientsTagsAreComparedWeakly(String known, int status) throws Exception {
        class Tagged extends RequestHandler {
            @Override
            protected String computeEtag(byte[] body) {
                return "\"a\"";
            }

            @Override
            protected void get() {
                write("body");
            }
        }

        try (var app = ServedApplication.of(Tagged::new)) {
            var response = app.get("/", "If-None-Match", known);
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("Etag")).contains("\"a\"");
        }
    }

    @Test
    void whatIsNotFetchedHasNoTagAndIsAlwaysAnswered() throws Exception {
        try (var app = ServedApplication.of(onPost(h -> h.write("done")))) {
            var response = app.send("POST", "/", "", "If-None-Match", "*");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("done");
            assertThat(response.headers().firstValue("Etag")).isEmpty();
        }
    }

    @Test
    void aTagOfTheHandlersOwnSavesItTheWork() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setHeader("Etag", "\"v7\"");
                            if (h.checkEtagHeader()) {
                                h.setStatus(304);
                                return;
                            }
                            h.write("much work");
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("much work");
            assertThat(app.get("/", "If-None-Match", "\"v7\"").statusCode()).isEqualTo(304);
        }
    }

    @Test
    void whatIsWrittenSoFarCanBeTaggedBeforeItIsFlushed() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.write("one ");
                            h.write("two");
                            h.setEtagHeader();
                            Async.await(h.flush());
                            h.write(" three");
                        }))) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("one two three");
            assertThat(response.headers().firstValue("Etag"))
                    .contains("\"" + sha1("one two") + "\"");
        }
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    }
}
