package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;

/** A client of the hub that says frames over a WebSocket, and collects those that come. */
final class HubClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private final boolean reading;
    private long id;

    private HubClient(int port, boolean reading) {
        this.reading = reading;
        socket =
                HTTP.newWebSocketBuilder()
                        .subprotocols("whirlwind.v1")
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/whirlwind/ws"), this)
                        .join();
    }

    /** Connects without a word. */
    static HubClient silent(int port) {
        return new HubClient(port, true);
    }

    /** Connects, and is let in. */
    static HubClient connect(int port) throws InterruptedException {
        return connect(port, null);
    }

    /** Connects with a token, and is let in. */
    static HubClient connect(int port, Object token) throws InterruptedException {
        var client = new HubClient(port, true);
        client.say(
                "{\"type\":\"connect\",\"id\":0,\"version\":1,\"token\":"
                        + Json.encode(token)
                        + "}");
        assertThat(client.next().get("type").stringValue()).isEqualTo("connected");
        return client;
    }

    /** As {@link #connect(int)}, for one that then reads nothing more. */
    static HubClient deaf(int port, String... frames) {
        var client = new HubClient(port, false);
        client.say("{\"type\":\"connect\",\"id\":0,\"version\":1}");
        for (var frame : frames) {
            client.say(frame);
        }
        return client;
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    /** Sends a frame. */
    HubClient say(String frame) {
        socket.sendText(frame, true).join();
        return this;
    }

    /** Sends a frame of this type with an id and these fields, and returns the next one. */
    JsonNode ask(String type, String fields) throws InterruptedException {
        say("{\"type\":\"" + type + "\",\"id\":" + ++id + "," + fields + "}");
        var answer = next();
        assertThat(answer.path("id").asLong()).as(answer.toString()).isEqualTo(id);
        return answer;
    }

    JsonNode subscribe(String topic) throws InterruptedException {
        return ask("subscribe", "\"topic\":\"" + topic + "\"");
    }

    JsonNode subscribe(String topic, String epoch, long offset) throws InterruptedException {
        return ask(
                "subscribe",
                "\"topic\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}"
                        .formatted(topic, epoch, offset));
    }

    /** The next frame. */
    JsonNode next() throws InterruptedException {
        var frame = frames.poll(20, TimeUnit.SECONDS);
        assertThat(frame).as("a frame of the hub").isNotNull();
        return frame;
    }

    /** The next frame, which must be of this type. */
    JsonNode next(String type) throws InterruptedException {
        var frame = next();
        assertThat(frame.path("type").asString()).as(frame.toString()).isEqualTo(type);
        return frame;
    }

    /** What the next messages have as data, as JSON. */
    String data() throws InterruptedException {
        return next("message").get("data").toString();
    }

    /** Shows that nothing else has come before the answer to something said now. */
    void expectNothingElse() throws InterruptedException {
        assertThat(ask("unsubscribe", "\"topic\":\"nothing-else\"").get("type").stringValue())
                .isEqualTo("unsubscribed");
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        if (reading) {
            webSocket.request(1);
        }
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
        frames.add(Json.decode("{\"type\":\"closed\",\"code\":" + statusCode + "}"));
        return null;
    }

    /** Goes without a word. */
    void vanish() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.sendClose(1000, "").handle((sent, gone) -> true).join();
    }
}
