package whirlwind.http.server;

import whirlwind.http.WebSocketMessage;

/** Sends back text and binary messages. */
final class WsEcho extends WsRecorder {
    WebSocketConnection connection;

    @Override
    public void message(WebSocketMessage message) {
        super.message(message);
        if (message instanceof WebSocketMessage.Text
                || message instanceof WebSocketMessage.Binary) {
            connection.send(message);
        }
    }

    /** Serves one connection, with these options. */
    HttpHandler handler(WebSocketUpgrade options) {
        return exchange -> {
            connection = exchange.upgrade(options);
            connection.listen(this);
        };
    }
}
