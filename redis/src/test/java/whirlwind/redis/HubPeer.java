package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;

/** A client that speaks the hub's protocol over the JDK's WebSocket. */
final class HubPeer implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonNode GONE = Json.decode("{\"type\":\"gone\"}");
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private long id;

    private HubPeer(int port) throws IOException {
        try {
            socket =
                    HTTP.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + port + "/whirlwind/ws"), this)
                            .join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Connected and let in. */
    static HubPeer connect(int port, String user) throws Exception {
        var peer = new HubPeer(port);
        peer.say("connect", "\"version\":1,\"token\":\"" + user + "\"");
        var answer = peer.next();
        if (!answer.path("type").asString().equals("connected")) {
            throw new IOException(answer.toString());
        }
        return peer;
    }

    /** Sends a frame with these fields, and returns its id. */
    long say(String type, String fields) throws IOException {
        try {
            var frame = "{\"type\":\"" + type + "\",\"id\":" + ++id + "," + fields + "}";
            socket.sendText(frame, true).join();
            return id;
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    long subscribe(String topic) throws IOException {
        return say("subscribe", "\"topic\":\"" + topic + "\"");
    }

    long subscribe(String topic, String epoch, long offset) throws IOException {
        return say(
                "subscribe",
                "\"topic\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}"
                        .formatted(topic, epoch, offset));
    }

    long publish(String topic, String data) throws IOException {
        return say("publish", "\"topic\":\"" + topic + "\",\"data\":" + data);
    }

    /** The next frame; one of type {@code gone} when the connection is. */
    JsonNode next() throws InterruptedException {
        var frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(frame).as("a frame of the hub").isNotNull();
        if (frame == GONE) {
            frames.add(frame);
        }
        return frame;
    }

    /** The next frame, if one comes within this time. */
    @Nullable JsonNode next(long millis) throws InterruptedException {
        return frames.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** The next frame of this type; others are dropped. */
    JsonNode next(String type) throws InterruptedException {
        var dropped = new ArrayList<JsonNode>();
        var frame = next();
        while (!frame.path("type").asString().equals(type)) {
            dropped.add(frame);
            assertThat(frame).as("%s after %s", type, dropped).isNotSameAs(GONE);
            frame = next();
        }
        return frame;
    }

    static boolean isGone(JsonNode frame) {
        return frame == GONE || frame.path("type").asString().equals("disconnect");
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            frames.add(Json.decode(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        frames.add(GONE);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        frames.add(GONE);
    }

    /** Goes without a word. */
    @Override
    public void close() {
        socket.abort();
        frames.add(GONE);
    }
}
