package whirlwind.demos.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;

/** A real hub, a real browser, and a network between them that is not to be relied upon. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TransportsTest {
    @TempDir private static Path profile;

    private static Browser browser;
    private final TestHub server = new TestHub();
    private Cable cable;

    @BeforeAll
    static void startBrowser() {
        browser = new Browser(profile);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void connect() throws IOException {
        cable = new Cable(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        browser.closeWindows();
        cable.close();
        server.close();
    }

    private HubPage page(String options) {
        var page = new HubPage(browser, "http://localhost:" + cable.port() + "/");
        return page.connect("{ " + options + " }");
    }

    private HubPage page(String user, String transport) {
        return page("token: '%s', transports: ['%s']".formatted(user, transport));
    }

    /** Writes down the numbers that come in a topic. */
    private static HubPage listen(HubPage page, String topic) {
        page.run(
                """
                window.room = hub.subscribe(arguments[0]);
                room.on('message', ({ data }) => log.push(data));
                room.on('lost', () => log.push('lost'));
                """,
                topic);
        Eventually.becomes(true, () -> page.run("return room.position !== null"));
        return page;
    }

    private void publish(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(number -> server.publish("room.1", number));
    }

    /** Nothing is lost, nothing comes twice, nothing out of order. */
    private static void awaitAll(HubPage page, int last) {
        Eventually.becomes((long) last, () -> page.run("return log.length"));
        assertThat(page.run("return log"))
                .isEqualTo(
                        IntStream.rangeClosed(1, last).mapToObj(number -> (long) number).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "longpoll"})
    void pagesMeet(String transport) {
        var ada = page("ada", transport).subscribe("room.1", "{}");
        Eventually.becomes(true, () -> ada.log().contains("subscribed false"));
        var bob = page("bob", transport);
        bob.run(
                """
                window.room = watch(hub.subscribe('room.1'), ['message']);
                room.on('presence', members => { window.here = members.map(({ user }) => user).sort().join(' '); });
                """);
        Eventually.becomes("ada bob", () -> bob.run("return window.here"));
        assertThat(ada.transport()).isEqualTo(transport);
        ada.run("outcome('published', room.publish('hello').then(({ offset }) => offset))");
        bob.awaitLog("message hello");
        bob.run("room.publish('hello ada')");
        Eventually.becomes(
                List.of(
                        "join bob",
                        "message hello",
                        "message hello ada",
                        "published 1",
                        "subscribed false"),
                () ->
                        ada.log().stream()
                                .filter(line -> !line.equals("join ada"))
                                .sorted()
                                .toList());
        ada.close();
        Eventually.becomes("bob", () -> bob.run("return window.here"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "longpoll"})
    void bothSidesAsk(String transport) {
        var page = page("ada", transport);
        page.run(
                """
                hub.onRequest(number => number + 1);
                outcome('reply', hub.request('echo', [1]).then(({ name, data }) => name + data));
                """);
        page.awaitLog("reply \"echo1\"");
        var connection = server.hub().connectionsOf("ada").join().getFirst();
        var answer = connection.request(41, Duration.ofSeconds(30));
        assertThat(answer.orTimeout(30, TimeUnit.SECONDS).join())
                .isEqualTo(JsonNodeFactory.instance.numberNode(42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "longpoll"})
    void aRestartLosesNothing(String transport) throws InterruptedException {
        var page = listen(page("ada", transport), "room.1");
        publish(1, 100);
        server.restart();
        publish(101, 200);
        awaitAll(page, 200);
        server.restart();
        publish(201, 300);
        awaitAll(page, 300);
        assertThat(server.connects()).containsOnly(transport);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "longpoll"})
    void aCutInTheMiddleLosesNothing(String transport) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var page = listen(page("ada", transport), "room.1");
        for (int part = 0; part < 5; part++) {
            cable.cutAfter(random.nextLong(5_000));
            publish(part * 200 + 1, part * 200 + 200);
            cable.cut();
        }
        awaitAll(page, 1000);
    }

    /** By all transports at a time, for it takes its time. */
    @Test
    void aNetworkThatGoesDeadIsNoticed() throws InterruptedException {
        server.restart(Duration.ofSeconds(1)); // so it needn't take long
        var pages =
                Stream.of("websocket", "sse", "longpoll")
                        .map(transport -> listen(page("ada", transport), "room.1"))
                        .toList();
        publish(1, 50);
        pages.forEach(page -> awaitAll(page, 50));
        cable.goDead();
        publish(51, 100);
        pages.forEach(page -> awaitAll(page, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "longpoll"})
    void framesMayTakeTheServerAsLongAsItIsHeardOf(String transport) {
        var page = page("ada", transport);
        page.awaitState("open");
        page.run(
                """
                const timeout = AbortSignal.timeout.bind(AbortSignal);
                AbortSignal.timeout = limit => timeout(limit === 10_000 ? 300 : limit); // that of connecting
                outcome('published', hub.publish('slow', 1).then(({ offset }) => offset));
                """);
        page.awaitLog("published 1");
        assertThat(server.connects()).containsExactly(transport);
    }

    @Test
    void withoutWebSocketsThereAreServerSentEvents() {
        server.block("/ws");
        var page = listen(page("token: 'ada'"), "room.1");
        assertThat(page.transport()).isEqualTo("sse");
        publish(1, 50);
        cable.cut();
        publish(51, 100);
        awaitAll(page, 100);
        assertThat(server.connects()).containsOnly("sse"); // what has worked is used again
    }

    @Test
    void withoutBothThereIsLongPolling() {
        server.block("/ws", "/events");
        var page = listen(page("token: 'ada'"), "room.1");
        assertThat(page.transport()).isEqualTo("longpoll");
        publish(1, 50);
        cable.cut();
        publish(51, 100);
        awaitAll(page, 100);
    }

    /** The browser repeats the poll by itself, and the page doesn't notice. */
    @Test
    void anAnswerThatWasLostComesAgain() {
        var page = listen(page("ada", "longpoll"), "room.1");
        cable.loseAnswer("/whirlwind/poll", () -> publish(2, 50));
        publish(1, 1);
        awaitAll(page, 50);
    }

    @Test
    void anEventStreamThatSomebodyHoardsIsNoneAtAll() {
        server.block("/ws");
        cable.hoard("/whirlwind/events");
        var page = listen(page("token: 'ada'"), "room.1");
        assertThat(page.transport()).isEqualTo("longpoll");
        publish(1, 50);
        awaitAll(page, 50);
    }

    @Test
    void aPageThatComesBackGoesOnWhereItWas() {
        var page = listen(page("token: 'ada'"), "room.1");
        publish(1, 10);
        awaitAll(page, 10);
        page.run("sessionStorage.position = JSON.stringify(room.position)");
        page.run("location.reload()");
        Eventually.becomes(true, () -> page.run("return 'connect' in window && log.length === 0"));
        publish(11, 20);
        page.run(
                """
                window.hub = connect({ token: 'ada' });
                hub.subscribe('room.1', { since: JSON.parse(sessionStorage.position) })
                   .on('message', ({ data }) => log.push(data));
                """);
        Eventually.becomes(10L, () -> page.run("return log.length"));
        assertThat(page.run("return [log[0], log[9]]")).isEqualTo(List.of(11L, 20L));
    }

    @Test
    void offlineAndOnlineAreObeyed() {
        var page = listen(page("token: 'ada'"), "room.1");
        publish(1, 5);
        assertThat(page.run("dispatchEvent(new Event('offline')); return hub.state"))
                .isEqualTo("waiting");
        publish(6, 10);
        page.run("dispatchEvent(new Event('online'))");
        awaitAll(page, 10);
    }
}
