package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPost;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What handlers learn from paths, queries and bodies. */
class HandlerInputTest {
    record Person(String name, int age) {}

    @Test
    void argumentsComeFromQueryAndBodyAndTheBodyWins() throws Exception {
        class Arguments extends RequestHandler {
            @Override
            protected void post() {
                writeJson(
                        Map.of(
                                "merged", getArgument("a"),
                                "all", getArguments("a"),
                                "query", getQueryArgument("a"),
                                "body", getBodyArgument("a"),
                                "fallback", String.valueOf(getArgument("none", "dflt"))));
            }
        }

        try (var served = ServedApplication.of(Arguments::new)) {
            var response =
                    served.send(
                            "POST",
                            "/?a=q+1",
                            "a=%20b%01b ",
                            "Content-Type",
                            "application/x-www-form-urlencoded");
            assertThat(response.body())
                    .contains("\"merged\":\"b b\"")
                    .contains("\"all\":[\"q 1\",\"b b\"]")
                    .contains("\"query\":\"q 1\"")
                    .contains("\"fallback\":\"dflt\"");
        }
    }

    @Test
    void allValuesOfOneNameComeByTheirPlace() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                onPost(h ->
                                        h.write(
                                                h.getQueryArguments("a")
                                                        + " "
                                                        + h.getBodyArguments("a")
                                                        + " "
                                                        + h.getArguments("a")
                                                        + " "
                                                        + h.getArguments("none")
                                                        + " "
                                                        + h.getArgument("empty"))));
        try (var app = ServedApplication.of(application)) {
            assertThat(
                            app.send(
                                            "POST",
                                            "/?a=1&a=2&empty=",
                                            "a=3",
                                            "Content-Type",
                                            "application/x-www-form-urlencoded")
                                    .body())
                    .isEqualTo("[1, 2] [3] [1, 2, 3] [] ");
        }
    }

    @Test
    void aMissingArgumentIsTheClientsFault() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.getArgument("who")))) {
            assertThat(app.get("/").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void anArgumentThatIsNotUtf8IsTheClientsFault() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.getArgument("who")))) {
            assertThat(app.get("/?who=%ff").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void pathArgumentsAreDecoded() throws Exception {
        var app =
                new Application()
                        .route("/user/{id}", onGet(h -> h.write(h.getPathArgument("id"))), "user")
                        .route("/link", onGet(h -> h.write(h.reverseUrl("user", "a b/c"))));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/user/a%20b%2Fc").body()).isEqualTo("a b/c");
            assertThat(served.get("/link").body()).startsWith("/user/a%20b");
        }
    }

    @Test
    void jsonBodiesBecomeRecordsOr400() throws Exception {
        class Named extends RequestHandler {
            @Override
            protected void put() {
                write(body(Person.class).name());
            }
        }

        try (var served = ServedApplication.of(Named::new)) {
            assertThat(served.send("PUT", "/", "{\"name\":\"Ada\",\"age\":36}").body())
                    .isEqualTo("Ada");
            assertThat(served.send("PUT", "/", "{\"name\":").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void filesAndOtherBodiesAreThereAsTheyCame() throws Exception {
        var application =
                new Application()
                        .route("/raw", onPost(h -> h.write(h.request().body())))
                        .route(
                                "/file",
                                onPost(h -> {
                                    var file = h.request().files().get("f").getFirst();
                                    h.write(file.filename() + " " + new String(file.body(), UTF_8));
                                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.send("POST", "/raw", "%7B=&", "Content-Type", "text/x").body())
                    .isEqualTo("%7B=&");
            var form =
                    "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"å.txt\"\r\n\r\n"
                            + "ünï\r\n--b--\r\n";
            assertThat(
                            app.send(
                                            "POST",
                                            "/file",
                                            form,
                                            "Content-Type",
                                            "multipart/form-data; boundary=b")
                                    .body())
                    .isEqualTo("å.txt ünï");
        }
    }
}
