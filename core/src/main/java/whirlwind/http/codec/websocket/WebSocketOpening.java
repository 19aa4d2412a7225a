package whirlwind.http.codec.websocket;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.transport.TransportHook;

/**
 * The client's side of the opening handshake, RFC 6455 section 4.1. It goes with the request, and
 * makes the WebSocket when the server has switched to it. For one request.
 */
public final class WebSocketOpening implements TransportHook {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 16;

    private final WebSocketTerms terms;
    private final List<String> subprotocols;
    private final String key;
    private @Nullable WebSocketChannel channel;

    /** With the subprotocols that are offered, the best first; the one of the terms is ignored. */
    public WebSocketOpening(WebSocketTerms terms, List<String> subprotocols) {
        this.terms = terms;
        this.subprotocols = subprotocols;
        var bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        this.key = Base64.getEncoder().encodeToString(bytes);
    }

    /** Sets the fields of the request. */
    public void ask(Headers headers) {
        headers.set("Upgrade", "websocket");
        headers.set("Connection", "Upgrade");
        headers.set("Sec-WebSocket-Key", key);
        headers.set("Sec-WebSocket-Version", "13");
        if (!subprotocols.isEmpty()) {
            headers.set("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        if (terms.deflate() != null) {
            headers.set("Sec-WebSocket-Extensions", DeflateAgreement.offer(terms.deflate()));
        }
    }

    /**
     * Makes the WebSocket out of the answer.
     *
     * @throws HttpInputException if it is none to this question
     */
    public WebSocketChannel opened(WebSocketHost host, Headers answer) {
        check(answer.containsToken("Upgrade", "websocket"), "Upgrade doesn't say websocket");
        check(answer.containsToken("Connection", "upgrade"), "Connection doesn't say upgrade");
        check(
                WebSocketHandshake.acceptValue(key).equals(answer.get("Sec-WebSocket-Accept")),
                "Sec-WebSocket-Accept doesn't fit the key");
        var subprotocol = answer.get("Sec-WebSocket-Protocol");
        check(
                subprotocol == null || subprotocols.contains(subprotocol),
                "subprotocol " + Text.quoted(String.valueOf(subprotocol)) + ", not offered");
        var agreed =
                new WebSocketTerms(
                        subprotocol,
                        terms.headers(),
                        terms.maxMessageSize(),
                        terms.inParts(),
                        terms.deflate());
        var opened =
                WebSocketChannel.of(
                        host, agreed, DeflateAgreement.confirmed(answer, terms.deflate()));
        channel = opened;
        return opened;
    }

    static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new HttpInputException("no WebSocket handshake: " + complaint);
        }
    }

    /** The WebSocket, once the response with status 101 is there; else null. */
    public @Nullable WebSocketChannel channel() {
        return channel;
    }

    /** A proxy would take the upgrade for its own, section 4.1. */
    @Override
    public boolean tunnels() {
        return true;
    }
}
