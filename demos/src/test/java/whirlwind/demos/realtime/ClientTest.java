package whirlwind.demos.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;

/** The hub's client in a real browser, against a server that behaves in every way, good or bad. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientTest {
    private static final int CALM = 25_000; // heartbeat in milliseconds

    @TempDir private static Path profile;

    private static Browser browser;
    private final ScriptedHub hub = new ScriptedHub();

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

    @AfterEach
    void stop() throws InterruptedException {
        browser.closeWindows();
        hub.close();
    }

    private HubPage connected() {
        return connected("");
    }

    private HubPage connected(String options) {
        return new HubPage(browser, hub.address())
                .connect("{ url: '/scripted', transports: ['websocket'], " + options + " }");
    }

    // ---- coming in ----

    @Test
    void theFirstFrameNamesTheVersionAndTheTokenOfThatMoment() throws InterruptedException {
        var page =
                connected("token: async () => ({ count: window.count = (window.count ?? 0) + 1 })");
        var line = hub.accept();
        var hello = line.expect("connect");
        assertThat(hello.get("version").asInt()).isEqualTo(1);
        assertThat(hello.at("/token/count").asInt()).isEqualTo(1);
        line.answer(hello, "connected", "\"user\":\"ada\",\"heartbeat\":25000");
        page.awaitState("open");
        assertThat(page.run("return hub.user")).isEqualTo("ada");
        assertThat(page.transport()).isEqualTo("websocket");

        line.close();
        assertThat(hub.accept().expect("connect").at("/token/count").asInt()).isEqualTo(2);
    }

    @Test
    void aRefusalForGoodClosesAndSaysWhy() throws InterruptedException {
        var page = connected();
        page.run("hub.on('state', ({ state, error }) => log.push(`${state} ${error?.code}`))");
        page.subscribe("t", "{}");
        page.run("outcome('presence', room.presence())");
        var line = hub.accept();
        line.answer(
                line.expect("connect"), "error", "\"code\":\"unauthorized\",\"message\":\"no\"");
        page.awaitLog(
                "closed unauthorized",
                "unsubscribed unauthorized",
                "presence failed: unauthorized");
        line.expectEnd();
        page.run("outcome('publish', hub.publish('t', 1))");
        Eventually.becomes("publish failed: closed", () -> page.log().getLast());
    }

    @Test
    void aRefusalForNowIsFollowedByAnotherAttempt() throws InterruptedException {
        var page = connected();
        var line = hub.accept();
        line.answer(
                line.expect("connect"), "error", "\"code\":\"unavailable\",\"message\":\"later\"");
        hub.accept().welcome(CALM);
        page.awaitState("open");
    }

    /** At random, up to a bound that doubles, to 20 seconds. */
    @Test
    void pausesBetweenAttemptsGrowAndAreNotTheSameForAll() throws InterruptedException {
        var page = connected();
        page.run(
                """
                const later = setTimeout;
                window.setTimeout = (action, delay) => later(action, delay === 10_000 ? delay : 0); // that is for an attempt
                Math.random = () => 0.9999999;
                hub.on('state', ({ state, delay }) => state === 'waiting' && log.push(`${Math.round(delay)}`));
                """);
        for (int attempt = 1; attempt <= 8; attempt++) {
            var line = hub.accept();
            var question = line.expect("connect");
            if (attempt == 8) {
                page.run("Math.random = () => 0.25");
            }
            line.answer(question, "error", "\"code\":\"unavailable\",\"message\":\"later\"");
        }
        page.awaitLog("500", "1000", "2000", "4000", "8000", "16000", "20000", "5000");
    }

    @Test
    void aDismissalIsObeyed() throws InterruptedException {
        var page = connected();
        hub.accept()
                .welcome(CALM)
                .say("{\"type\":\"disconnect\",\"code\":\"moved\",\"reconnect\":true,\"after\":1}");
        hub.accept()
                .welcome(CALM)
                .say("{\"type\":\"disconnect\",\"code\":\"banned\",\"reconnect\":false}");
        page.awaitState("closed");
    }

    @Test
    void aDismissalSaysHowLongToStayAway() throws InterruptedException {
        var page = connected();
        page.run("hub.on('state', ({ delay }) => delay && log.push(`${delay >= 60000}`))");
        hub.accept()
                .welcome(CALM)
                .say(
                        "{\"type\":\"disconnect\",\"code\":\"busy\",\"reconnect\":true,\"after\":60000}");
        page.awaitLog("true");
        page.run("hub.reconnect()"); // but the user need not wait
        hub.accept().welcome(CALM);
        page.awaitState("open");
    }

    @Test
    void silenceIsABrokenConnection() throws InterruptedException {
        var page = connected();
        page.run("hub.on('state', ({ state }) => state === 'open' && log.push(state))");
        hub.accept().welcome(100).expectEnd();
        page.awaitLog("open");
        hub.accept().welcome(CALM);
        page.awaitLog("open", "open");
    }

    @Test
    void aPingIsAnswered() throws InterruptedException {
        connected();
        hub.accept().welcome(CALM).say("{\"type\":\"ping\"}").expect("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "<html>", "null", "17"})
    void garbageIsABrokenConnection(String garbage) throws InterruptedException {
        var page = connected();
        hub.accept().welcome(CALM).say(garbage);
        hub.accept().welcome(CALM);
        page.awaitState("open");
    }

    @Test
    void framesOfAnUnknownTypeAreLeftAlone() throws InterruptedException {
        connected();
        var line = hub.accept().welcome(CALM);
        line.say("{\"type\":\"news from the future\"}").say("{\"type\":\"ping\"}").expect("pong");
    }

    // ---- streams ----

    @Test
    void whatComesTwiceIsToldOnceAndWhatIsMissingIsTold() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        assertThat(line.subscribed("e1", 4, null).has("since")).isFalse();
        for (long offset : new long[] {5, 5, 6, 4, 6, 9, 10}) {
            line.message("e1", offset);
        }
        line.message("e2", 1);
        page.awaitLog(
                "subscribed false",
                "message 5",
                "message 6",
                "lost e1:6 to e1:9",
                "message 9",
                "message 10",
                "lost e1:10 to e2:1",
                "message 1");
    }

    @Test
    void aStreamGoesOnBehindTheLastMessage() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.message("e", 1).message("e", 2);
        page.awaitLog("subscribed false", "message 1", "message 2");
        line.close();

        line = hub.accept().welcome(CALM);
        var since = line.expect("subscribe");
        assertThat(since.get("since")).hasToString("{\"epoch\":\"e\",\"offset\":2}");
        line.message("e", 4); // before its turn
        line.answer(since, "subscribed", "\"epoch\":\"e\",\"offset\":2,\"recovered\":true");
        line.message("e", 2).message("e", 3).message("e", 4);
        page.awaitLog(
                "subscribed false",
                "message 1",
                "message 2",
                "subscribed true",
                "message 3",
                "message 4");
    }

    @Test
    void aStreamThatCannotGoOnSaysSoAndBeginsAtThePresent() throws InterruptedException {
        var page = connected().subscribe("t", "{ since: { epoch: 'old', offset: 7 } }");
        var line = hub.accept().welcome(CALM);
        line.subscribed("new", 3, false);
        line.message("new", 4);
        page.awaitLog("lost old:7 to new:3", "subscribed false", "message 4");
    }

    @Test
    void theLastMessagesComeBeforeThoseThatCameMeanwhile() throws InterruptedException {
        var page = connected().subscribe("t", "{ last: 3 }");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 7, null);
        var question = line.expect("history");
        assertThat(question.get("limit").asInt()).isEqualTo(3);
        line.message("e", 8).message("e", 9).message("e", 10);
        line.answer(
                question,
                "history",
                """
                "epoch":"e","offset":9,"complete":true,
                "messages":[{"offset":7,"data":7},{"offset":8,"data":8},{"offset":9,"data":9}]\
                """);
        line.message("e", 11);
        page.awaitLog(
                "subscribed false",
                "message 7",
                "message 8",
                "message 9",
                "message 10",
                "message 11");
    }

    @Test
    void severalSubscriptionsShareAStreamAndTheLastOneEndsIt() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        page.run("window.first = room");
        page.subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.message("e", 1);
        page.awaitLog("subscribed false", "subscribed false", "message 1", "message 1");
        page.run("first.unsubscribe()");
        line.message("e", 2);
        Eventually.becomes("message 2", () -> page.log().getLast());
        page.run("room.unsubscribe()");
        assertThat(line.expect("unsubscribe").get("topic").asString()).isEqualTo("t");
        line.message("e", 3).say("{\"type\":\"ping\"}").expect("pong");
        assertThat(page.log())
                .endsWith("unsubscribed undefined", "message 2", "unsubscribed undefined");
    }

    @Test
    void aPatternHearsWhatComesByIt() throws InterruptedException {
        var page = connected();
        page.run(
                """
                for (const pattern of ['*', 't']) {
                  hub.subscribe(pattern).on('message', ({ topic, offset }) => log.push(`${pattern}: ${topic} ${offset}`));
                }
                """);
        var line = hub.accept().welcome(CALM);
        var question = line.expect("subscribe");
        line.answer(question, "subscribed", "\"topic\":\"*\"");
        line.subscribed("e", 0, null);
        line.message("e", 1);
        line.say(
                "{\"type\":\"message\",\"topic\":\"t\",\"pattern\":\"*\",\"offset\":1,\"data\":1}");
        line.say(
                "{\"type\":\"message\",\"topic\":\"u\",\"pattern\":\"*\",\"offset\":7,\"data\":1}");
        page.awaitLog("t: t 1", "*: t 1", "*: u 7");
    }

    @Test
    void whatTheServerSaysOfALossCountsAndMessagesNeedNotNameTheEpoch()
            throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.say("{\"type\":\"message\",\"topic\":\"t\",\"offset\":1,\"data\":1}");
        line.say("{\"type\":\"lost\",\"topic\":\"t\",\"epoch\":\"f\",\"offset\":4}");
        line.say("{\"type\":\"message\",\"topic\":\"t\",\"offset\":5,\"data\":5}");
        page.awaitLog("subscribed false", "message 1", "lost e:1 to f:4", "message 5");
    }

    @Test
    void theServerMaySpeakToOneConnection() throws InterruptedException {
        var page = connected();
        page.run("hub.on('message', data => log.push(data))");
        hub.accept().welcome(CALM).say("{\"type\":\"message\",\"data\":\"only you\"}");
        page.awaitLog("only you");
    }

    @Test
    void aSubscriptionThatIsRefusedForNowIsAskedForAgain() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.answer(line.expect("subscribe"), "error", "\"code\":\"unavailable\"");
        line.subscribed("e", 1, null);
        line.message("e", 2);
        line.say("{\"type\":\"unsubscribed\",\"topic\":\"t\",\"code\":\"unavailable\"}");
        assertThat(line.subscribed("e", 2, true).at("/since/offset").asInt()).isEqualTo(2);
        page.awaitLog("subscribed false", "message 2", "subscribed true");
    }

    @Test
    void aSubscriptionOfTheMomentWhenTheConnectionOpensIsAskedForOnce()
            throws InterruptedException {
        var page = connected();
        page.run("hub.on('state', ({ state }) => state === 'open' && hub.subscribe('t'))");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.say("{\"type\":\"ping\"}").expect("pong"); // not "subscribe"
    }

    @Test
    void whatASubscriptionIsAnsweredThatHasEndedDoesNotConcernTheNextOne()
            throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        var question = line.expect("subscribe");
        page.run("room.unsubscribe()");
        page.subscribe("t", "{}");
        line.answer(question, "error", "\"code\":\"limit\"");
        line.answer(line.expect("unsubscribe"), "unsubscribed", "\"topic\":\"t\"");
        line.subscribed("e", 0, null);
        line.message("e", 1);
        page.awaitLog("unsubscribed undefined", "subscribed false", "message 1");
    }

    @Test
    void anAnswerThatComesTooLateEndsNothing() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        page.awaitLog("subscribed false");
        page.run(
                """
                const later = setTimeout;
                window.setTimeout = action => later(action, 0); // no answer comes in time
                room.unsubscribe();
                window.setTimeout = later;
                """);
        var question = line.expect("unsubscribe");
        page.subscribe("t", "{}");
        line.subscribed("e", 0, null);
        line.answer(question, "unsubscribed", "\"topic\":\"t\"");
        line.message("e", 1);
        page.awaitLog(
                "subscribed false", "unsubscribed undefined", "subscribed false", "message 1");
    }

    @Test
    void aRefusalThatNobodyHearsIsOnTheConsole() throws InterruptedException {
        var page = connected();
        page.run("console.warn = (text, error) => log.push(`${text} ${error.code}`)");
        page.run("hub.subscribe('t')");
        var line = hub.accept().welcome(CALM);
        line.answer(line.expect("subscribe"), "error", "\"code\":\"forbidden\"");
        page.awaitLog(
                "whirlwind: the subscription to t has ended, and on('unsubscribed', ...) is not"
                        + " there to hear why: forbidden");
        page.run("hub.subscribe('t')");
        line.expect("subscribe");
        page.run("hub.close()"); // that is no surprise
        line.expectEnd();
        assertThat(page.log()).hasSize(1);
    }

    @Test
    void anEventThatNeverComesIsRefused() {
        var page = connected();
        page.run("try { hub.on('sate', () => {}) } catch (error) { log.push(error.message) }");
        assertThat(page.log()).containsExactly("no event \"sate\" (one of state, message, error)");
    }

    @Test
    void aSubscriptionThatIsRefusedForGoodEnds() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.answer(line.expect("subscribe"), "error", "\"code\":\"forbidden\"");
        page.awaitLog("unsubscribed forbidden");
        line.close();
        hub.accept().welcome(CALM).say("{\"type\":\"ping\"}").expect("pong"); // not "subscribe"
    }

    @Test
    void presenceIsToldWholeAfterEachChange() throws InterruptedException {
        var page = connected();
        page.run(
                """
                window.room = hub.subscribe('t');
                room.on('presence', members => log.push(members.map(({ user }) => user).join(' ')));
                """);
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        var question = line.expect("presence");
        line.say(change("leave", "ada")).say(change("join", "eve")); // while it is asked
        line.answer(question, "presence", "\"members\":[{\"user\":\"ada\"},{\"user\":\"bob\"}]");
        line.say(change("join", "kim")).say(change("leave", "bob"));
        page.awaitLog("bob eve", "bob eve kim", "eve kim");
    }

    @Test
    void presenceThatCannotBeHadNowIsAskedForAgain() throws InterruptedException {
        var page = connected();
        page.run(
                """
                hub.subscribe('t').on('presence', members => log.push(members.map(({ user }) => user).join(' ')));
                """);
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.answer(line.expect("presence"), "error", "\"code\":\"unavailable\"");
        line.say(change("join", "eve"));
        line.answer(line.expect("presence"), "presence", "\"members\":[{\"user\":\"eve\"}]");
        page.awaitLog("eve");
    }

    @Test
    void aCrowdIsCountedAndNotNamed() throws InterruptedException {
        var page = connected();
        page.run(
                """
                window.room = hub.subscribe('t');
                room.on('presence', members => log.push(members.length + ' of ' + members.count));
                """);
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.answer(
                line.expect("presence"),
                "presence",
                "\"count\":5000,\"members\":[{\"user\":\"ada\"}]");
        line.say(change("join", "kim")).say(change("leave", "bob")).say(change("leave", "ada"));
        page.awaitLog("1 of 5000", "2 of 5001", "2 of 5000", "1 of 4999");
        page.run("outcome('asked', room.presence().then(({ length, count }) => length + count))");
        line.answer(line.expect("presence"), "presence", "\"count\":7,\"members\":[]");
        page.awaitLog("1 of 5000", "2 of 5001", "2 of 5000", "1 of 4999", "asked 7");
    }

    private static String change(String type, String user) {
        return "{\"type\":\"%s\",\"topic\":\"t\",\"member\":{\"user\":\"%s\"}}"
                .formatted(type, user);
    }

    // ---- iteration ----

    @Test
    void messagesAreIteratedUntilTheSubscriptionEnds() throws InterruptedException {
        var page = connected();
        page.run(
                """
                window.room = hub.subscribe('t');
                (async () => {
                  for await (const { data } of room) log.push(`message ${data}`);
                  log.push('end');
                })();
                """);
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        line.message("e", 1).message("e", 2);
        page.awaitLog("message 1", "message 2");
        page.run("room.unsubscribe()");
        page.awaitLog("message 1", "message 2", "end");
    }

    @Test
    void aLoopThatIsTooSlowFailsWithoutAHole() throws InterruptedException {
        var page = connected();
        page.run(
                """
                window.room = hub.subscribe('t');
                room.on('message', ({ offset }) => offset === 1002 && proceed());
                let proceed;
                const pause = new Promise(resolve => { proceed = resolve; });
                const loop = async () => {
                  let next = 1;
                  for await (const { offset } of room) {
                    if (offset !== next++) log.push(`hole at ${offset}`);
                    if (offset === 1) await pause;
                    if (offset === 1001) log.push('1001');
                  }
                };
                outcome('loop', loop());
                """);
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        IntStream.rangeClosed(1, 1002).forEach(offset -> line.message("e", offset));
        page.awaitLog("1001", "loop failed: overflow");
    }

    // ---- questions ----

    @Test
    void questionsWaitForTheConnectionAndTheirOwnAnswer() throws InterruptedException {
        var page = connected();
        page.run(
                "outcome('publish', hub.publish('t', { text: 'hi' })); outcome('request', hub.request('sum', [1, 2]))");
        var line = hub.accept().welcome(CALM);
        var publish = line.expect("publish");
        assertThat(publish.get("data")).hasToString("{\"text\":\"hi\"}");
        var request = line.expect("request");
        assertThat(request.get("name").asString()).isEqualTo("sum");
        line.answer(request, "reply", "\"data\":3");
        line.answer(publish, "published", "\"topic\":\"t\",\"epoch\":\"e\",\"offset\":1");
        page.awaitLog("request 3", "publish {\"epoch\":\"e\",\"offset\":1}");
    }

    @Test
    void whatIsInDoubtFailsAndWhatChangesNothingIsAskedAgain() throws InterruptedException {
        var page = connected();
        page.run("outcome('publish', hub.publish('t', 1)); outcome('presence', hub.presence('t'))");
        var line = hub.accept().welcome(CALM);
        line.expect("publish");
        line.expect("presence");
        line.close();
        line = hub.accept().welcome(CALM);
        line.answer(line.expect("presence"), "presence", "\"members\":[]");
        page.awaitLog("publish failed: disconnected", "presence []");
    }

    @Test
    void aQuestionWithoutAnswerFailsInTheEnd() throws InterruptedException {
        var page = connected();
        page.run("outcome('request', hub.request('x', null, { timeout: 50 }))");
        hub.accept().welcome(CALM);
        page.awaitLog("request failed: timeout");
    }

    @Test
    void theServersQuestionsAreAnswered() throws InterruptedException {
        var page = connected();
        var line = hub.accept().welcome(CALM);
        page.awaitState("open");
        line.say("{\"type\":\"request\",\"id\":7,\"data\":1}");
        assertThat(line.expect("error").get("code").asString()).isEqualTo("unavailable");
        page.run(
                "hub.onRequest(async data => { if (data < 0) throw new HubError('negative'); return data + 1; })");
        line.say("{\"type\":\"request\",\"id\":8,\"data\":1}");
        assertThat(line.expect("reply")).hasToString("{\"type\":\"reply\",\"id\":8,\"data\":2}");
        line.say("{\"type\":\"request\",\"id\":9,\"data\":-1}");
        assertThat(line.expect("error").get("code").asString()).isEqualTo("negative");
    }

    @Test
    void afterCloseNothingGoesOn() throws InterruptedException {
        var page = connected().subscribe("t", "{}");
        var line = hub.accept().welcome(CALM);
        line.subscribed("e", 0, null);
        page.awaitLog("subscribed false");
        page.run("hub.close()");
        line.expectEnd();
        page.awaitState("closed");
        page.awaitLog("subscribed false", "unsubscribed undefined");
        assertThat(page.run("try { hub.subscribe('t') } catch (error) { return error.code }"))
                .isEqualTo("closed");
    }
}
