package whirlwind.demos.websocket;

import whirlwind.demos.page.PageHandler;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;

/** WebSocket {@code /echo} sends back what it gets; {@code /} is a page to try it with. */
public final class WebSocketEcho {
    private WebSocketEcho() {}

    /** The application, on no port yet. */
    public static Application application() {
        return new Application()
                .route("/", PageHandler.of(WebSocketEcho.class, "index.html"))
                .route("/icon.svg", PageHandler.icon())
                .route("/websocket.css", PageHandler.of(WebSocketEcho.class, "websocket.css"))
                .route("/websocket.js", PageHandler.of(WebSocketEcho.class, "websocket.js"))
                .route("/echo", EchoHandler::new);
    }

    private static final class EchoHandler extends WebSocketHandler {
        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }

        @Override
        protected void onMessage(byte[] message) {
            writeMessage(message);
        }
    }
}
