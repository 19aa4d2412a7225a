package whirlwind.http.codec.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;

/** The server's side of the opening handshake of a WebSocket, RFC 6455 section 4.2. */
public final class WebSocketHandshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    /** 13 is the RFC's; 7 and 8 are drafts with the same frames and the same handshake. */
    private static final Set<String> VERSIONS = Set.of("13", "8", "7");

    private final Headers response;
    private final WebSocketTerms terms;
    private final MessageDeflate.@Nullable Terms deflate;

    /**
     * With the fields of the response, what the server wants, and what both agree on about
     * compression; null for none.
     */
    private WebSocketHandshake(
            Headers response, WebSocketTerms terms, MessageDeflate.@Nullable Terms deflate) {
        this.response = response;
        this.terms = terms;
        this.deflate = deflate;
    }

    /**
     * Answers the handshake.
     *
     * @throws HttpInputException (400 or 426) if the request is none
     */
    public static WebSocketHandshake accept(HttpServerRequest request, WebSocketTerms terms) {
        var asked = request.headers();
        check(
                request.version().compareTo(HttpVersion.HTTP_2) < 0,
                "a WebSocket begins with CONNECT there");
        check(request.method().equals("GET"), "method is not GET");
        check(request.version() != HttpVersion.HTTP_1_0, "HTTP/1.0 has no upgrades");
        check(asked.containsToken("Upgrade", "websocket"), "Upgrade doesn't say websocket");
        check(asked.containsToken("Connection", "upgrade"), "Connection doesn't say upgrade");
        if (!VERSIONS.contains(asked.get("Sec-WebSocket-Version", ""))) {
            throw new HttpInputException(426, "unknown WebSocket version");
        }
        var key = asked.get("Sec-WebSocket-Key", "");
        check(isKey(key), "malformed Sec-WebSocket-Key");

        var response = terms.headers().copy();
        var deflate = agree(asked, terms, response);
        response.set("Upgrade", "websocket");
        response.set("Connection", "Upgrade");
        response.set("Sec-WebSocket-Accept", acceptValue(key));
        return new WebSocketHandshake(response, terms, deflate);
    }

    /**
     * Answers the handshake over a stream of HTTP/2, RFC 8441 section 5: without a key, for the
     * protocol itself says that both sides mean it.
     *
     * @throws HttpInputException (426) for other versions
     */
    public static WebSocketHandshake acceptStream(HttpServerRequest request, WebSocketTerms terms) {
        if (!VERSIONS.contains(request.headers().get("Sec-WebSocket-Version", ""))) {
            throw new HttpInputException(426, "unknown WebSocket version");
        }
        var response = terms.headers().copy();
        var deflate = agree(request.headers(), terms, response);
        return new WebSocketHandshake(response, terms, deflate);
    }

    /** The fields of the 101 response, or of the 200 over HTTP/2. */
    public Headers response() {
        return response;
    }

    /** The server's end of what was agreed on. */
    public WebSocketChannel open(WebSocketHost host) {
        return WebSocketChannel.of(host, terms, deflate);
    }

    private static MessageDeflate.@Nullable Terms agree(
            Headers asked, WebSocketTerms terms, Headers response) {
        if (terms.subprotocol() != null) {
            response.set("Sec-WebSocket-Protocol", terms.subprotocol());
        }
        if (terms.deflate() == null) {
            return null;
        }
        var agreement = DeflateAgreement.find(asked, terms.deflate());
        if (agreement == null) {
            return null;
        }
        response.set("Sec-WebSocket-Extensions", agreement.answer());
        return agreement.terms();
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new HttpInputException("no WebSocket handshake: " + complaint);
        }
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What proves that the handshake was understood. */
    static String acceptValue(String key) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(
                            sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
