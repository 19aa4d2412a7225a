package whirlwind.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.chat.ChatWindow.Message;
import whirlwind.realtime.HubOptions;
import whirlwind.redis.RedisEngine;
import whirlwind.web.Application;

/** The page in a real browser, over the hub and by long polling. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChatPageTest {
    enum Transport {
        HUB(Chat::application),
        LONG_POLLING(LongPoll::application);

        private final Supplier<Application> application;

        Transport(Supplier<Application> application) {
            this.application = application;
        }
    }

    @TempDir private static Path profile;

    private static Browser browser;
    private RunningDemo demo;

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
        if (demo != null) {
            demo.close();
        }
    }

    private void start(Transport transport) {
        demo = RunningDemo.start(transport.application);
    }

    private ChatWindow visitor(String name) {
        return open().join(name);
    }

    private ChatWindow open() {
        return new ChatWindow(browser.driver(), browser.open(demo.uri("/").toString()));
    }

    private static Message own(String text) {
        return new Message("You", text, true);
    }

    private static Message other(String name, String text) {
        return new Message(name, text, false);
    }

    @ParameterizedTest
    @EnumSource
    void whatOneTypesAppearsInTheOther(Transport transport) {
        start(transport);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        ada.say("Hello Bob");
        bob.awaitMessages(other("Ada", "Hello Bob"));
        bob.say("Hello Ada");
        ada.awaitMessages(own("Hello Bob"), other("Bob", "Hello Ada"));
        assertThat(ada.unsent()).isZero();
        assertThat(ada.typedText()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void markupStaysText(Transport transport) {
        start(transport);
        var ada = visitor("<b>Ada</b>");
        var bob = visitor("Bob");
        var script = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>";
        ada.say(script);
        bob.awaitMessages(other("<b>Ada</b>", script));
        ada.awaitMessages(own(script));
        bob.awaitPeople("Bob", "<b>Ada</b>");
        assertThat(bob.global("ran")).isNull();
        assertThat(ada.global("ran")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void presenceShowsBothAndDropsOneThatCloses(Transport transport) {
        start(transport);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        ada.awaitPeople("Ada", "Bob");
        bob.awaitPeople("Bob", "Ada");
        bob.close();
        ada.awaitPeople("Ada");
    }

    @Test
    void whereNamesAreUniqueTheSecondOneGetsANumber() {
        start(Transport.LONG_POLLING);
        var ada = visitor("Ada");
        visitor("ada").awaitPeople("ada 2", "Ada");
        ada.awaitPeople("Ada", "ada 2");
    }

    @Test
    void roomsAreApart() {
        start(Transport.HUB);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        ada.say("in the lobby");
        bob.awaitMessages(other("Ada", "in the lobby"));
        bob.enter("garden");
        bob.awaitPeople("Bob");
        ada.awaitPeople("Ada");
        bob.say("in the garden");
        bob.awaitMessages(own("in the garden"));
        ada.enter("garden");
        ada.awaitMessages(other("Bob", "in the garden"));
        ada.awaitPeople("Ada", "Bob");
        ada.enter("lobby");
        ada.awaitMessages(own("in the lobby"));
    }

    @Test
    void oneSeesThatTheOtherTypes() {
        start(Transport.HUB);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        bob.awaitPeople("Bob", "Ada");
        ada.type("I am about to");
        Eventually.becomes("Ada is typing…", bob::typing);
        ada.say(" speak");
        bob.awaitMessages(other("Ada", "I am about to speak"));
        Eventually.becomes("", bob::typing);
    }

    @Test
    void anotherNameIsSeenByTheOthers() {
        start(Transport.HUB);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        bob.rename("Robert");
        ada.awaitPeople("Ada", "Robert");
        bob.say("me");
        ada.awaitMessages(other("Robert", "me"));
    }

    @ParameterizedTest
    @EnumSource
    void aLateComerSeesWhatWasSaid(Transport transport) {
        start(transport);
        var ada = visitor("Ada");
        ada.say("one");
        ada.say("two");
        ada.awaitMessages(own("one"), own("two"));
        visitor("Bob").awaitMessages(other("Ada", "one"), other("Ada", "two"));
    }

    @ParameterizedTest
    @EnumSource
    void aRestartLosesNobodyAndRepeatsNothing(Transport transport) throws InterruptedException {
        start(transport);
        var ada = visitor("Ada");
        var bob = visitor("Bob");
        ada.say("before");
        bob.awaitMessages(other("Ada", "before"));

        demo.close();
        ada.awaitState("waiting");
        ada.say("meanwhile");
        assertThat(ada.unsent()).isOne();
        demo = RunningDemo.start(transport.application, demo.port());

        bob.awaitMessages(other("Ada", "before"), other("Ada", "meanwhile"));
        bob.awaitState("open");
        bob.say("after");
        ada.awaitMessages(own("before"), own("meanwhile"), other("Bob", "after"));
        ada.awaitPeople("Ada", "Bob");
        bob.awaitPeople("Bob", "Ada");
        assertThat(ada.unsent()).isZero();
        bob.awaitMessages(other("Ada", "before"), other("Ada", "meanwhile"), own("after"));
    }

    @Test
    void severalServersAreOneChat() throws Exception {
        try (var redis = new RedisProcess()) {
            Supplier<Application> server =
                    () ->
                            Chat.application(
                                    HubOptions.DEFAULTS.withEngine(RedisEngine.at(redis.url())));
            demo = RunningDemo.start(server);
            try (var second = RunningDemo.start(server)) {
                var ada = visitor("Ada");
                var address = second.uri("/").toString();
                var bob = new ChatWindow(browser.driver(), browser.open(address)).join("Bob");
                ada.awaitPeople("Ada", "Bob");
                ada.say("Hello over there");
                bob.awaitMessages(other("Ada", "Hello over there"));
                demo.close();
                ada.awaitState("waiting");
                bob.say("Are you there?");
                bob.awaitMessages(other("Ada", "Hello over there"), own("Are you there?"));
                demo = RunningDemo.start(server, demo.port());
                ada.awaitMessages(own("Hello over there"), other("Bob", "Are you there?"));
                ada.awaitPeople("Ada", "Bob");
                bob.awaitPeople("Bob", "Ada");
            }
        }
    }

    @Test
    void itFitsEveryScreen() throws IOException {
        start(Transport.HUB);
        var ada = visitor("Ada Lovelace");
        var grace = visitor("Grace Hopper");
        ada.say("Has anybody tried how many of these windows one loop can hold?");
        grace.awaitMessages(
                other(
                        "Ada Lovelace",
                        "Has anybody tried how many of these windows one loop can hold?"));
        grace.say("A hundred thousand so far. They mostly wait, which costs next to nothing.");
        Eventually.becomes(2, () -> ada.messages().size());
        ada.say("Then I will leave this one open, too.");
        Eventually.becomes(3, () -> grace.messages().size());
        ada.type("And");
        Eventually.becomes("Ada Lovelace is typing…", grace::typing);
        grace.look("chat");
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsWiderThanAPhone(Transport transport) {
        start(transport);
        var phone = open().asPhone().join("W".repeat(24));
        for (var name : new String[] {"Ada", "Bob", "Eve"}) {
            visitor(name + "W".repeat(20)).say("w".repeat(200));
        }
        phone.say("x".repeat(200));
        Eventually.becomes(4, () -> phone.messages().size());
        assertThat(phone.scrollsSideways()).isFalse();
    }
}
