package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateSource;

/** What a conversation can do with templates, and what it can't, when its request is let go. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketTemplatesTest {
    private static final ApplicationSettings SETTINGS =
            ApplicationSettings.DEFAULTS
                    .withTemplates(
                            new PebbleTemplateLoader(
                                    TemplateSource.map(
                                            Map.of(
                                                    "message",
                                                    "{{ locale.code }} {% module linkify(text) %}"
                                                            + " {{ reverse_url('chat') }}",
                                                    "user",
                                                    "{{ current_user }} {{ text }}"))))
                    .withLocales(Locales.of(Map.of("de", Catalogue.EMPTY)));

    static class Chat extends WebSocketHandler {
        @Override
        protected Object getCurrentUser() {
            return request().queryArguments().get("user").getFirst();
        }

        @Override
        protected void onMessage(String message) {
            writeMessage(renderString("message", Map.of("text", message)));
        }
    }

    private static String answer(Chat chat) throws Exception {
        RequestHandler[] once = {chat};
        var application = new Application(SETTINGS).route("/ws", () -> once[0], "chat");
        try (var app = ServedApplication.of(application)) {
            return new JdkClient(app, "/ws?user=ada").say("http://a.example").told.take();
        }
    }

    @Test
    void messagesAreRenderedInTheDefaultLanguage() throws Exception {
        assertThat(answer(new Chat()))
                .isEqualTo("en_US <a href=\"http://a.example\">http://a.example</a> /ws");
    }

    @Test
    void messagesAreRenderedInTheLanguageThatOpenHasChosen() throws Exception {
        class German extends Chat {
            @Override
            protected void open() {
                setLocale(settings().locales().get("de"));
            }
        }

        assertThat(answer(new German())).startsWith("de <a");
    }

    @Test
    void messagesShowTheUserThatOpenHasAskedFor() throws Exception {
        class Named extends Chat {
            @Override
            protected void open() {
                currentUser();
            }

            @Override
            protected void onMessage(String message) {
                writeMessage(renderString("user", Map.of("text", "hello")));
            }
        }

        assertThat(answer(new Named())).isEqualTo("ada hello");
    }

    @Test
    void whoAsksForTheRequestLaterIsToldWhereToKeepWhatHeNeeds() throws Exception {
        class Late extends Chat {
            @Override
            protected void onMessage(String message) {
                var told = new HashSet<String>();
                for (var asked :
                        List.<ThrowingCallable>of(
                                this::request,
                                this::pathArguments,
                                () -> getPathArgument("room"))) {
                    told.add(catchThrowableOfType(IllegalStateException.class, asked).getMessage());
                }
                writeMessage(String.join("; ", told));
            }
        }

        assertThat(answer(new Late()))
                .isEqualTo(
                        "this handler has no request any more: it was let go, as a WebSocket's is"
                                + " when open() has returned; keep in a field what is needed later");
    }
}
