package whirlwind.http.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;

/** Remembers all that it hears, and how it ended. */
class WsRecorder implements WebSocketListener {
    final List<String> heard = new ArrayList<>();
    final CompletableFuture<String> end = new CompletableFuture<>();

    @Override
    public void message(WebSocketMessage message) {
        heard.add(message.toString());
    }

    @Override
    public void closed(int code, String reason) {
        if (!end.complete(code + " " + reason)) {
            heard.add("closed twice");
        }
    }

    String end() throws Exception {
        return end.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
