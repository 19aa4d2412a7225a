package whirlwind.realtime.websocket;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import whirlwind.web.ServedApplication;

/** A client of the JDK that collects what it is told. */
final class JdkClient implements WebSocket.Listener {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    final WebSocket socket;
    private final StringBuilder text = new StringBuilder();

    JdkClient(ServedApplication app, String path, String... subprotocols) {
        var builder = app.client().newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(
                    subprotocols[0],
                    List.of(subprotocols).subList(1, subprotocols.length).toArray(String[]::new));
        }
        var uri = URI.create("ws://127.0.0.1:" + app.port() + path);
        socket = builder.buildAsync(uri, this).join();
    }

    JdkClient say(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            told.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        told.add("binary " + data.remaining());
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        told.add("pong " + message.remaining());
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        told.add("closed " + statusCode + " " + reason);
        return null;
    }
}
