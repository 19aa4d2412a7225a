package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.ScriptedServer;
import whirlwind.loop.Async;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/** Clients in conversation with our server, and with one that does as it likes. */
final class Conversations {
    private Conversations() {}

    static class Echo extends WebSocketHandler {
        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }

        @Override
        protected void onMessage(byte[] message) {
            writeMessage(message);
        }
    }

    static ServedApplication serve(Supplier<RequestHandler> handler) {
        return ServedApplication.of(new Application().route("/ws", handler));
    }

    static String url(ServedApplication app) {
        return "ws://127.0.0.1:" + app.port() + "/ws";
    }

    interface Conversation {
        void hold(WebSocketClient socket) throws Exception;
    }

    /** Connects, talks in a coroutine of the server's loop, and closes. */
    static void talk(
            ServedApplication app, WebSocketClientOptions options, Conversation conversation)
            throws Exception {
        app.onLoop(() -> {
            try (var socket =
                    Async.await(WebSocketClient.connect(HttpRequest.of(url(app)), options))) {
                conversation.hold(socket);
            }
            return null;
        });
    }

    static String readText(WebSocketClient socket) {
        return ((WebSocketMessage.Text) Async.await(socket.readMessage())).text();
    }

    // ---- a server that does as it likes ----

    static void withScripted(
            ScriptedServer server, WebSocketClientOptions options, Conversation conversation)
            throws Exception {
        try (var app = ServedApplication.of(new Application())) {
            app.onLoop(() -> {
                var uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
                var request = HttpRequest.of(uri.toString());
                try (var socket = Async.await(WebSocketClient.connect(request, options))) {
                    conversation.hold(socket);
                }
                return null;
            });
        }
    }

    /** The answer to the handshake that comes, with this field instead of or beside the right. */
    static byte[] switched(ScriptedServer.Peer peer, String field) throws IOException {
        var key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(peer.readHead());
        assertThat(key.find()).isTrue();
        var fields = new java.util.LinkedHashMap<String, String>();
        fields.put("Upgrade", "websocket");
        fields.put("Connection", "Upgrade");
        fields.put("Sec-WebSocket-Accept", accept(key.group(1)));
        if (!field.isEmpty()) {
            var colon = field.indexOf(": ");
            fields.put(field.substring(0, colon), field.substring(colon + 2));
        }
        var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    static String accept(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            return Base64.getEncoder().encodeToString(digest.digest(text.getBytes(ISO_8859_1)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] frame(int first, String text) {
        var payload = text.getBytes(UTF_8);
        return joined(new byte[] {(byte) first, (byte) payload.length}, payload);
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The payload of a short masked frame. */
    static byte[] unmasked(byte[] bytes, int at) {
        var payload = new byte[bytes[at + 1] & 0x7F];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (bytes[at + 6 + i] ^ bytes[at + 2 + i % 4]);
        }
        return payload;
    }
}
