package whirlwind.demos.echo;

import whirlwind.demos.page.PageHandler;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;

/** WebSocket {@code /echo} sends back what it gets; {@code /} is a page to try it with. */
public final class Echo {
    private Echo() {}

    /** The application, on no port yet. */
    public static Application application() {
        return new Application()
                .route("/", PageHandler.of(Echo.class, "index.html"))
                .route("/icon.svg", PageHandler.icon())
                .route("/echo.css", PageHandler.of(Echo.class, "echo.css"))
                .route("/echo.js", PageHandler.of(Echo.class, "echo.js"))
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
