package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.web.Verbs.onGet;

import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.IOLoop;

/** Applications and their settings. */
class ApplicationTest {
    @Test
    void whatNoRouteMatchesIsNotFound() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> {}))) {
            assertThat(app.get("/elsewhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whatHandlersShareMayConsistOfMoreThatTheyShare() {
        record Pool() {}
        record Store(Pool pool) {}
        var application = new Application();
        var store =
                application.attachment(
                        Store.class,
                        () -> new Store(application.attachment(Pool.class, Pool::new)));
        assertThat(application.attachment(Store.class, () -> new Store(new Pool())))
                .isSameAs(store);
        assertThat(application.attachment(Pool.class, Pool::new)).isSameAs(store.pool());
    }

    @Test
    void aServerThatIsStoppedListensNoMore() throws Exception {
        var application = new Application().route("/", onGet(h -> h.write("here")));
        try (var app = ServedApplication.of(application)) {
            int second =
                    app.onLoop(() -> {
                        var server = application.listen("127.0.0.1", 0);
                        int port = server.port();
                        server.stop();
                        return port;
                    });
            assertThat(second).isNotEqualTo(app.port());
            assertThatThrownBy(() -> new Socket("127.0.0.1", second).close())
                    .isInstanceOf(ConnectException.class);
            assertThat(app.get("/").body()).isEqualTo("here");
        }
    }

    /** What handlers share in an application has no locks. */
    @Test
    void anApplicationListensOnOneLoop() throws Exception {
        var application = new Application().route("/", onGet(h -> h.write("here")));
        try (var app = ServedApplication.of(application);
                var other = new IOLoop()) {
            assertThat(other).isSameAs(IOLoop.current());
            assertThatThrownBy(() -> application.listen("127.0.0.1", 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("one for each loop");
            assertThat(app.get("/").body()).isEqualTo("here");
        }
        try (var next = ServedApplication.of(application)) { // when the first one is closed
            assertThat(next.get("/").body()).isEqualTo("here");
        }
    }

    @Test
    void debugSwitchesOnWhatIsNotSetByItself() {
        var debug = ApplicationSettings.DEFAULTS.withDebug(true);
        assertThat(debug.autoreload()).isTrue();
        assertThat(debug.serveTraceback()).isTrue();
        assertThat(debug.templateCache()).isFalse();
        assertThat(debug.staticHashCache()).isFalse();
        for (boolean set : List.of(true, false)) {
            for (var settings : List.of(debug, ApplicationSettings.DEFAULTS)) {
                assertThat(settings.withAutoreload(set).autoreload()).isEqualTo(set);
                assertThat(settings.withServeTraceback(set).serveTraceback()).isEqualTo(set);
                assertThat(settings.withTemplateCache(set).templateCache()).isEqualTo(set);
                assertThat(settings.withStaticHashCache(set).staticHashCache()).isEqualTo(set);
            }
        }
        assertThat(ApplicationSettings.DEFAULTS.autoreload()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.templateCache()).isTrue();
        assertThat(ApplicationSettings.DEFAULTS.staticHashCache()).isTrue();
    }

    @Test
    void settingsOnlyEverChangeInACopy() {
        var changed =
                ApplicationSettings.DEFAULTS
                        .withDebug(true)
                        .withCompressResponse(true)
                        .withTimeLimit(Duration.ofSeconds(1))
                        .withRequestIds(RequestId.Source.OWN)
                        .withValue("a", List.of());
        assertThat(changed.serveTraceback()).isTrue();
        assertThat(changed.withServeTraceback(false).serveTraceback()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.debug()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.serveTraceback()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.compressResponse()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.timeLimit()).isZero();
        assertThat(ApplicationSettings.DEFAULTS.values()).isEmpty();
    }
}
