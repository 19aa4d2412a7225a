package whirlwind.demos.chat;

import java.util.List;
import whirlwind.demos.page.PageHandler;
import whirlwind.web.Application;

/** The page of the chat, which is the same for every transport but for one script. */
final class ChatPage {
    private static final List<String> FILES = List.of("chat.css", "chat.js", "view.js");

    private ChatPage() {}

    /**
     * Adds the page at {@code /}, with {@code transport} as the script that talks to the server.
     */
    static Application addTo(Application application, String transport) {
        application
                .route("/", PageHandler.of(ChatPage.class, "index.html"))
                .route("/static/icon.svg", PageHandler.icon())
                .route("/static/transport.js", PageHandler.of(ChatPage.class, transport));
        for (var file : FILES) {
            application.route("/static/" + file, PageHandler.of(ChatPage.class, file));
        }
        return application;
    }
}
