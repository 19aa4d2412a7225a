package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class AuthenticatedTest {
    private static final ApplicationSettings SETTINGS =
            ApplicationSettings.DEFAULTS.withLoginUrl("/login");

    /** Believes a header, after a wait. */
    abstract static class Believing extends RequestHandler {
        @Override
        protected @Nullable Object getCurrentUser() {
            Async.moment();
            return request().headers().get("X-User");
        }
    }

    @Authenticated
    static class Whole extends Believing {
        @Override
        protected void get() {
            write("for " + currentUser(String.class));
        }

        @Override
        protected void head() {}

        @Override
        protected void post() {
            write("for " + currentUser());
        }
    }

    static class Inheriting extends Whole {
        @Override
        protected void get() {
            write("inherited");
        }
    }

    static class Partly extends Believing {
        @Override
        protected void get() {
            write("for all");
        }

        @Override
        @Authenticated
        protected void post() {
            write("for " + currentUser());
        }

        @Override
        @Authenticated
        protected void otherMethod(String method) {
            write(method + " for " + currentUser());
        }
    }

    static class Reopened extends Partly {
        @Override
        protected void post() {
            write("for all again");
        }
    }

    static class ElsewhereSigned extends Whole {
        private final String url;

        ElsewhereSigned(String url) {
            this.url = url;
        }

        @Override
        protected String getLoginUrl() {
            return url;
        }
    }

    @Authenticated
    @StreamRequestBody
    static class Upload extends Believing {
        @Override
        protected void dataReceived(byte[] piece) {}

        @Override
        protected void put() {
            write("taken");
        }
    }

    private static ServedApplication serve(ApplicationSettings settings) {
        return ServedApplication.of(
                new Application(settings)
                        .route("/whole", Whole::new)
                        .route("/inheriting", Inheriting::new)
                        .route("/partly", Partly::new)
                        .route("/reopened", Reopened::new)
                        .route("/upload", Upload::new)
                        .route("/absolute", () -> new ElsewhereSigned("https://id.example/login"))
                        .route("/ready", () -> new ElsewhereSigned("/login?from=here")));
    }

    private static ServedApplication serve() {
        return serve(SETTINGS);
    }

    private static String location(ServedApplication app, String path) throws Exception {
        var response = app.get(path);
        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.body()).isEmpty();
        return response.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void usersAreLetIn() throws Exception {
        try (var app = serve()) {
            assertThat(app.get("/whole", "X-User", "ada").body()).isEqualTo("for ada");
            assertThat(app.send("POST", "/whole", "", "X-User", "ada").body()).isEqualTo("for ada");
            assertThat(app.get("/inheriting", "X-User", "ada").body()).isEqualTo("inherited");
        }
    }

    @Test
    void strangersAreSentToSignInAndThenBack() throws Exception {
        try (var app = serve()) {
            assertThat(location(app, "/whole")).isEqualTo("/login?next=%2Fwhole");
            assertThat(location(app, "/whole?a=1&b=%20"))
                    .isEqualTo("/login?next=%2Fwhole%3Fa%3D1%26b%3D%2520");
            assertThat(location(app, "/inheriting")).isEqualTo("/login?next=%2Finheriting");
            assertThat(app.send("HEAD", "/whole", "").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void anotherHostIsToldTheWholeAddress() throws Exception {
        try (var app = serve()) {
            assertThat(location(app, "/absolute"))
                    .isEqualTo(
                            "https://id.example/login?next=http%3A%2F%2F127.0.0.1%3A"
                                    + app.port()
                                    + "%2Fabsolute");
        }
    }

    @Test
    void anAddressThatSaysItAllIsUsedAsItIs() throws Exception {
        try (var app = serve()) {
            assertThat(location(app, "/ready")).isEqualTo("/login?from=here");
        }
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        try (var app = serve()) {
            assertThat(app.send("POST", "/whole", "").statusCode()).isEqualTo(403);
            assertThat(app.send("PUT", "/whole", "").statusCode())
                    .as("nobody may do that")
                    .isEqualTo(405);
        }
    }

    @Test
    void singleMethodsMayBeForUsersAlone() throws Exception {
        try (var app = serve()) {
            assertThat(app.get("/partly").body()).isEqualTo("for all");
            assertThat(app.send("POST", "/partly", "").statusCode()).isEqualTo(403);
            assertThat(app.send("POST", "/partly", "", "X-User", "ada").body())
                    .isEqualTo("for ada");
            assertThat(app.send("PURGE", "/partly", "").statusCode()).isEqualTo(403);
            assertThat(app.send("PURGE", "/partly", "", "X-User", "ada").body())
                    .isEqualTo("PURGE for ada");
            assertThat(app.send("get", "/partly", "").statusCode())
                    .as("a verb of its own, for case matters")
                    .isEqualTo(403);
            assertThat(app.send("POST", "/reopened", "").body()).isEqualTo("for all again");
        }
    }

    @Test
    void strangersUploadNothing() throws Exception {
        var settings = SETTINGS.withServer(HttpServerOptions.DEFAULTS.withMaxBodySize(10));
        try (var app = serve(settings)) {
            assertThat(app.send("PUT", "/upload", "x".repeat(11)).statusCode())
                    .as("refused before its length is noticed")
                    .isEqualTo(403);
            assertThat(app.send("PUT", "/upload", "x", "X-User", "ada").body()).isEqualTo("taken");
        }
    }

    @Test
    void withoutAnAddressStrangersGetAnErrorThatSaysWhatToSet() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = serve(ApplicationSettings.DEFAULTS)) {
            assertThat(app.get("/whole").statusCode()).isEqualTo(500);
            assertThat(log.failures().getFirst())
                    .hasMessageContaining("ApplicationSettings.withLoginUrl");
        }
    }

    @Test
    void theUserIsAskedForOnceAndOnlyWhenWanted() throws Exception {
        var asked = new AtomicInteger();
        class Counting extends RequestHandler {
            @Override
            protected @Nullable Object getCurrentUser() {
                return "user " + asked.incrementAndGet();
            }

            @Override
            protected void get() {
                if (getArgument("look", null) != null) {
                    write(currentUser() + ", " + currentUser());
                }
            }
        }
        try (var app = ServedApplication.of(new Application().route("/", Counting::new))) {
            app.get("/");
            assertThat(asked).hasValue(0);
            assertThat(app.get("/?look=1").body()).isEqualTo("user 1, user 1");
        }
    }

    @Test
    void anAssignedUserIsNotAskedFor() throws Exception {
        @Authenticated
        class Assigning extends RequestHandler {
            @Override
            protected void prepare() {
                Async.moment();
                setCurrentUser(getArgument("user", null));
            }

            @Override
            protected @Nullable Object getCurrentUser() {
                throw new AssertionError("asked");
            }

            @Override
            protected void get() {
                write("for " + currentUser());
            }
        }
        try (var app = ServedApplication.of(new Application(SETTINGS).route("/", Assigning::new))) {
            assertThat(app.get("/?user=ada").body()).isEqualTo("for ada");
            assertThat(app.get("/").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void nobodyIsKnownByDefault() throws Exception {
        class Plain extends RequestHandler {
            @Override
            protected void get() {
                write(String.valueOf(currentUser()));
            }
        }
        try (var app = ServedApplication.of(new Application().route("/", Plain::new))) {
            assertThat(app.get("/").body()).isEqualTo("null");
        }
    }
}
