package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.Verbs.onGet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.loop.TaskGroup;
import whirlwind.testing.Eventually;
import whirlwind.testing.LogCapture;

class AccessLogTest {
    private final LinkedBlockingQueue<AccessRecord> logged = new LinkedBlockingQueue<>();
    private final ApplicationSettings toQueue =
            ApplicationSettings.DEFAULTS.withLogFunction(logged::add);

    private ServedApplication serve(ApplicationSettings settings, Verbs.Body get) {
        return ServedApplication.of(new Application(settings).route("/", onGet(get)));
    }

    /** A request is logged when its handler has ended, which is after its client has the answer. */
    private static List<ILoggingEvent> await(LogCapture log, int count) throws Exception {
        Eventually.holds(() -> log.events().size() >= count);
        return log.events();
    }

    // ---- access log ----

    @Test
    void eachRequestIsToldOnceWithStatusSizeAndDuration() throws Exception {
        try (var app =
                serve(
                        toQueue,
                        h -> {
                            h.setStatus(202);
                            h.write("12345");
                            Async.await(h.flush());
                            h.write("678");
                        })) {
            app.get("/?q=1");
            var access = logged.take();
            assertThat(access.status()).isEqualTo(202);
            assertThat(access.bodyLength()).isEqualTo(8);
            assertThat(access.summary()).isEqualTo("GET /?q=1 (127.0.0.1)");
            assertThat(access.duration()).isPositive();
            assertThat(access.requestId()).isNull();
            app.get("/none");
            assertThat(logged.take().status()).isEqualTo(404);
            assertThat(logged).isEmpty();
        }
    }

    @Test
    void handlersKnowHowLongTheirRequestHasTakenSoFar() throws Exception {
        var soFar = new LinkedBlockingQueue<Duration>();
        try (var app =
                serve(
                        toQueue,
                        h -> {
                            soFar.add(h.requestTime());
                            Async.sleep(Duration.ofMillis(2));
                            soFar.add(h.requestTime());
                        })) {
            app.get("/");
            var atFirst = soFar.take();
            var afterwards = soFar.take();
            assertThat(atFirst).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(afterwards.minus(atFirst)).isGreaterThanOrEqualTo(Duration.ofMillis(2));
            assertThat(logged.take().duration()).isGreaterThanOrEqualTo(afterwards);
        }
    }

    @Test
    void aClientThatWentAwayIsLoggedAs499() throws Exception {
        var waiting = new CountDownLatch(1);
        try (var app =
                serve(
                        toQueue,
                        h -> {
                            waiting.countDown();
                            Async.await(new CompletableFuture<>());
                        })) {
            try (var socket = new Socket("127.0.0.1", app.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                waiting.await();
            }
            assertThat(logged.take().status()).isEqualTo(499);
        }
    }

    @Test
    void aLineSaysStatusRequestDurationAndSize() throws Exception {
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app = serve(ApplicationSettings.DEFAULTS, h -> h.write("12345"))) {
            app.get("/?q=1");
            app.get("/none");
            var events = await(log, 2);
            assertThat(events.get(0).getFormattedMessage())
                    .matches("200 GET /\\?q=1 \\(127\\.0\\.0\\.1\\) [0-9.]+ ms 5 bytes");
            assertThat(events.get(0).getLevel()).isEqualTo(Level.INFO);
            assertThat(events.get(1).getLevel()).isEqualTo(Level.WARN);
        }
    }

    @Test
    void aLineIsTheSameInEveryCountry() throws Exception {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app = serve(ApplicationSettings.DEFAULTS, h -> h.write("12345"))) {
            app.get("/");
            assertThat(await(log, 1).getFirst().getFormattedMessage())
                    .matches("200 GET / \\(127\\.0\\.0\\.1\\) [0-9]+\\.[0-9]{2} ms 5 bytes");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aLineCanBeJson() throws Exception {
        var settings =
                ApplicationSettings.DEFAULTS
                        .withLogFunction(LogFunction.JSON)
                        .withRequestIds(RequestId.Source.HEADER);
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app = serve(settings, h -> h.write("12345"))) {
            app.get("/?q=%22", "X-Request-Id", "abc-1", "User-Agent", "a \"b\"", "Referer", "r");
            var line = Json.decode(await(log, 1).getFirst().getFormattedMessage());
            assertThat(line.propertyNames())
                    .containsExactly(
                            "time",
                            "method",
                            "uri",
                            "host",
                            "remoteIp",
                            "status",
                            "bytes",
                            "ms",
                            "requestId",
                            "userAgent",
                            "referer");
            assertThat(line.get("uri").asString()).isEqualTo("/?q=%22");
            assertThat(line.get("status").asInt()).isEqualTo(200);
            assertThat(line.get("bytes").asInt()).isEqualTo(5);
            assertThat(line.get("requestId").asString()).isEqualTo("abc-1");
            assertThat(line.get("userAgent").asString()).isEqualTo("a \"b\"");
        }
    }

    @Test
    void nothingIsLoggedWhereNothingIsToBe() throws Exception {
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app =
                        serve(
                                ApplicationSettings.DEFAULTS.withLogFunction(LogFunction.NONE),
                                h -> {})) {
            app.get("/");
            app.onLoop(() -> "the handler has ended");
            assertThat(log.events()).isEmpty();
        }
    }

    // ---- request ids ----

    private static final ApplicationSettings OWN =
            ApplicationSettings.DEFAULTS.withRequestIds(RequestId.Source.OWN);

    private static final ApplicationSettings FROM_HEADER =
            ApplicationSettings.DEFAULTS.withRequestIds(RequestId.Source.HEADER);

    @Test
    void aRequestHasNoNameUnlessItIsWanted() throws Exception {
        try (var app =
                serve(ApplicationSettings.DEFAULTS, h -> h.write("" + RequestId.current()))) {
            var response = app.get("/", "X-Request-Id", "abc");
            assertThat(response.body()).isEqualTo("null");
            assertThat(response.headers().firstValue("X-Request-Id")).isEmpty();
        }
    }

    @Test
    void aNameIsMadeAndToldWithEveryResponse() throws Exception {
        try (var app = serve(OWN, h -> h.write(RequestId.current()))) {
            var first = app.get("/", "X-Request-Id", "from-the-client");
            assertThat(first.body()).matches("[0-9a-f]{32}");
            assertThat(first.headers().firstValue("X-Request-Id")).contains(first.body());
            assertThat(app.get("/").body()).isNotEqualTo(first.body());
            assertThat(app.get("/none").headers().firstValue("X-Request-Id")).isPresent();
        }
    }

    @Test
    void whatAHandlerOffloadsIsDoneInTheNameOfItsRequest() throws Exception {
        Callable<String> names = () -> RequestId.current() + " " + MDC.get(RequestId.KEY);
        try (var app = serve(FROM_HEADER, h -> h.write(Async.await(Async.offload(names))))) {
            assertThat(app.get("/", "X-Request-Id", "a").body()).isEqualTo("a a");
            assertThat(app.onLoop(() -> Async.await(Async.offload(names)))).isEqualTo("null null");
        }
    }

    @Test
    void aNameThatAProxyGaveIsKept() throws Exception {
        try (var app = serve(FROM_HEADER, h -> h.write(RequestId.current()))) {
            assertThat(app.get("/", "X-Request-Id", "Root=1-67;a:b".replace(";", "_")).body())
                    .isEqualTo("Root=1-67_a:b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<b>", "%0a", "a\"", "a,b"})
    void aNameThatCouldForgeALogIsReplaced(String name) throws Exception {
        try (var app = serve(FROM_HEADER, h -> h.write(RequestId.current()))) {
            assertThat(app.get("/", "X-Request-Id", name).body()).matches("[0-9a-f]{32}");
            assertThat(app.get("/", "X-Request-Id", "x".repeat(129)).body()).hasSize(32);
        }
    }

    @Test
    void theCoroutinesOfARequestHaveItsNameAndSoDoTheirLogLines() throws Exception {
        var log = LoggerFactory.getLogger("test.ids");
        try (var captured = LogCapture.of("test.ids", Level.INFO);
                var app =
                        serve(
                                FROM_HEADER,
                                h -> {
                                    log.info("handler");
                                    var spawned =
                                            Async.spawn(() -> {
                                                Async.moment();
                                                log.info("spawned");
                                                return Async.await(Async.spawn(RequestId::current));
                                            });
                                    var grouped =
                                            TaskGroup.run(group ->
                                                    Async.await(group.spawn(RequestId::current)));
                                    h.write(Async.await(spawned) + " " + grouped);
                                })) {
            assertThat(app.get("/", "X-Request-Id", "r-1").body()).isEqualTo("r-1 r-1");
            assertThat(app.get("/", "X-Request-Id", "r-2").body()).isEqualTo("r-2 r-2");
            assertThat(captured.events())
                    .extracting(event ->
                            event.getMessage() + " " + event.getMDCPropertyMap().get("requestId"))
                    .containsExactly("handler r-1", "spawned r-1", "handler r-2", "spawned r-2");
        }
    }

    @Test
    void problemDetailsNameTheRequest() throws Exception {
        try (var app = serve(FROM_HEADER, h -> h.sendError(409))) {
            assertThat(app.get("/", "X-Request-Id", "r-1", "Accept", "application/json").body())
                    .contains("\"requestId\":\"r-1\"");
        }
    }

    // ---- settings ----

    @Test
    void aSettingWithoutSenseIsRefusedInASentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OWN.withTimeLimit(Duration.ofSeconds(-1)))
                .withMessage("timeLimit: -1 s (at least 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OWN.withDrainLimit(Duration.ofSeconds(-1)))
                .withMessage("drainLimit: -1 s (at least 0)");
    }

    @Test
    void aSettingOfYourOwnIsFoundOrMissedByName() throws Exception {
        try (var app =
                serve(
                        ApplicationSettings.DEFAULTS.withValue("shop", "open"),
                        h -> {
                            h.write(h.requireSetting("shop", "selling") + " ");
                            try {
                                h.requireSetting("till", "selling");
                            } catch (IllegalStateException e) {
                                h.write(e.getMessage());
                            }
                        })) {
            assertThat(app.get("/").body())
                    .isEqualTo(
                            "open selling needs the setting till:"
                                    + " ApplicationSettings.withValue(\"till\", ...)");
        }
    }
}
