package whirlwind.demos.chat;

import whirlwind.demos.page.PageHandler;
import whirlwind.demos.page.Pages;
import whirlwind.web.Application;

/** The page of the chat, which is the same over the hub and by long polling but for its script. */
final class ChatPage {
    private ChatPage() {}

    /** Adds the page at {@code /}, with {@code script} as what talks to the server. */
    static Application addTo(Application application, String script, String... others) {
        Pages.add(application, ChatPage.class, "chat.css", "composer.js", "view.js")
                .route("/static/main.js", PageHandler.of(ChatPage.class, script));
        for (var file : others) {
            application.route("/static/" + file, PageHandler.of(ChatPage.class, file));
        }
        return application;
    }
}
