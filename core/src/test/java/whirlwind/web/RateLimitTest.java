package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.FilteredPages.application;
import static whirlwind.web.FilteredPages.header;
import static whirlwind.web.FilteredPages.request;
import static whirlwind.web.FilteredPages.serve;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class RateLimitTest {
    /** An application on a loop whose time a test moves. */
    private static void onVirtualTime(Filter filter, Probe probe) throws Exception {
        var time = new VirtualTime();
        try (var loop = time.newLoop();
                var app =
                        ServedApplication.on(
                                loop, application(ApplicationSettings.DEFAULTS).filter(filter))) {
            probe.run(
                    app,
                    seconds ->
                            app.onLoop(() -> {
                                time.advance(Duration.ofSeconds(seconds));
                                return true;
                            }));
        }
    }

    private interface Probe {
        void run(ServedApplication app, Wait wait) throws Exception;
    }

    private interface Wait {
        void seconds(int seconds) throws Exception;
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() throws Exception {
        onVirtualTime(
                RateLimit.perClient(3, Duration.ofSeconds(30)),
                (app, wait) -> {
                    for (int left = 2; left >= 0; left--) {
                        var response = app.get("/");
                        assertThat(response.statusCode()).isEqualTo(200);
                        assertThat(header(response, "RateLimit-Policy"))
                                .isEqualTo("\"default\";q=3;w=30");
                        assertThat(header(response, "RateLimit"))
                                .isEqualTo("\"default\";r=" + left + ";t=" + (3 - left) * 10);
                        assertThat(header(response, "Retry-After")).isNull();
                    }
                    wait.seconds(3);
                    var refused = app.get("/");
                    assertThat(refused.statusCode()).isEqualTo(429);
                    assertThat(header(refused, "Retry-After")).isEqualTo("7");
                    assertThat(header(refused, "RateLimit")).isEqualTo("\"default\";r=0;t=27");

                    wait.seconds(7);
                    assertThat(app.get("/").statusCode()).isEqualTo(200);
                    assertThat(app.get("/").statusCode()).isEqualTo(429);

                    wait.seconds(3600);
                    for (int i = 0; i < 3; i++) {
                        assertThat(app.get("/").statusCode()).isEqualTo(200);
                    }
                    assertThat(app.get("/").statusCode()).isEqualTo(429);
                });
    }

    @Test
    void partsOfASecondAreWaitedForWhole() throws Exception {
        onVirtualTime(
                RateLimit.perClient(2, Duration.ofSeconds(5)),
                (app, wait) -> {
                    assertThat(header(app.get("/"), "RateLimit")).isEqualTo("\"default\";r=1;t=3");
                    app.get("/");
                    assertThat(header(app.get("/"), "Retry-After")).isEqualTo("3");
                    wait.seconds(3);
                    assertThat(app.get("/").statusCode()).isEqualTo(200);
                });
    }

    @Test
    void eachClientHasALimitOfItsOwn() throws Exception {
        var byKey =
                RateLimit.perClient(1, Duration.ofMinutes(1))
                        .withKey(request -> request.headers().get("X-Key"));
        onVirtualTime(
                byKey,
                (app, wait) -> {
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(200);
                    assertThat(app.get("/", "X-Key", "b").statusCode()).isEqualTo(200);
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    for (int i = 0; i < 3; i++) {
                        var unlimited = app.get("/");
                        assertThat(unlimited.statusCode()).isEqualTo(200);
                        assertThat(header(unlimited, "RateLimit")).isNull();
                    }
                });
    }

    @Test
    void aClientOfIpv6IsItsNetwork() {
        var limit = RateLimit.perClient(1, Duration.ofDays(1));
        new VirtualTime()
                .run(() -> {
                    assertThat(limit.answer(request("2001:db8:1:2::1", "http"))).isNull();
                    assertThat(limit.answer(request("2001:db8:1:2:ffff::2", "http"))).isNotNull();
                    assertThat(limit.answer(request("2001:db8:1:3::1", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.1", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.2", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.2", "http"))).isNotNull();
                    assertThat(limit.answer(request("un:known", "http"))).isNull();
                });
    }

    @Test
    void theClientThatWasQuietForLongestIsForgottenFirst() throws Exception {
        var limit =
                RateLimit.perClient(1, Duration.ofMinutes(1))
                        .withKey(request -> request.headers().get("X-Key"))
                        .withMaxClients(2);
        onVirtualTime(
                limit,
                (app, wait) -> {
                    app.get("/", "X-Key", "a");
                    app.get("/", "X-Key", "b");
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    app.get("/", "X-Key", "c");
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    assertThat(app.get("/", "X-Key", "b").statusCode())
                            .as("forgotten")
                            .isEqualTo(200);
                });
    }

    @Test
    void aLimitCountsForOneLoop() throws Exception {
        var limit = RateLimit.perClient(10, Duration.ofMinutes(1));
        try (var log = LogCapture.of(RequestHandler.class);
                var first = serve(limit);
                var second = serve(limit)) {
            assertThat(first.get("/").statusCode()).isEqualTo(200);
            assertThat(second.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures().getFirst()).hasMessageContaining("one for each application");
        }
    }

    @Test
    void limitsThatCannotBeMeantAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perClient(0, Duration.ofMinutes(1)))
                .withMessage("requests: 0 (at least 1)");
        for (var per : new Duration[] {Duration.ZERO, Duration.ofDays(366)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RateLimit.perClient(1, per))
                    .withMessageEndingWith("(more than 0, at most a year)");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perClient(1, Duration.ofMinutes(1)).withMaxClients(0));
    }
}
