package whirlwind.demos;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client whose messages a test takes one by one. */
public final class TestSocket implements AutoCloseable {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;

    public TestSocket(URI address) {
        this(address, null);
    }

    /** A client that names an origin, as a browser does. */
    public TestSocket(URI address, String origin) {
        var builder = client.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        socket = builder.buildAsync(address, new Listener()).join();
    }

    public TestSocket send(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    /** The next message; {@code closed CODE} if the server has closed instead. */
    public String next() throws InterruptedException {
        var message = messages.poll(30, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came within 30 seconds");
        }
        return message;
    }

    @Override
    public void close() {
        // Fails if the server has closed, which is as good.
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(_ -> null).join();
        client.shutdownNow();
        client.close();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            messages.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            messages.add("closed: " + error);
        }
    }
}
