package whirlwind.http.codec.websocket;

import java.util.HashMap;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;

/**
 * What was agreed on about permessage-deflate, RFC 7692 section 7.1.
 *
 * @param terms how messages will be compressed, seen from the server
 * @param answer the value of the response's {@code Sec-WebSocket-Extensions}
 */
record DeflateAgreement(MessageDeflate.Terms terms, String answer) {
    private static final String NAME = "permessage-deflate";

    // ---- the client's side ----

    /** What a client offers. */
    static String offer(WebSocketTerms.Deflate ours) {
        return NAME
                + "; client_max_window_bits"
                + (ours.serverNoContextTakeover() ? "; server_no_context_takeover" : "")
                + (ours.clientNoContextTakeover() ? "; client_no_context_takeover" : "");
    }

    /**
     * What the server has made of the offer; null: nothing.
     *
     * @param ours what was offered; null for nothing
     * @throws HttpInputException if it answers what was not offered
     */
    static MessageDeflate.@Nullable Terms confirmed(
            Headers answer, WebSocketTerms.@Nullable Deflate ours) {
        var extensions = answer.get("Sec-WebSocket-Extensions");
        if (extensions == null) {
            return null;
        }
        var parts = extensions.split(";", -1);
        boolean ok = ours != null && parts[0].strip().equalsIgnoreCase(NAME);
        WebSocketOpening.check(ok, "extension " + Text.quoted(extensions) + ", not offered");
        var given = Parameters.of(parts);
        boolean fits =
                ours != null
                        && given != null
                        && given.clientWindow() != Parameters.ANY
                        && (given.serverAlone() || !ours.serverNoContextTakeover());
        WebSocketOpening.check(fits, "extension " + Text.quoted(extensions));
        return new MessageDeflate.Terms(
                Objects.requireNonNull(ours).level(),
                Objects.requireNonNull(given).clientWindow() > 0
                        ? given.clientWindow()
                        : MessageDeflate.MAX_WINDOW_BITS,
                given.clientAlone() || ours.clientNoContextTakeover(),
                given.serverAlone());
    }

    // ---- the server's ----

    /** The first of a client's offers that can be accepted; null: none can. */
    static @Nullable DeflateAgreement find(Headers asked, WebSocketTerms.Deflate ours) {
        for (var value : asked.getList("Sec-WebSocket-Extensions")) {
            for (var offer : value.split(",", -1)) {
                var agreement = accept(offer, ours);
                if (agreement != null) {
                    return agreement;
                }
            }
        }
        return null;
    }

    /** An offer with a parameter that is unknown, malformed or there twice is declined. */
    private static @Nullable DeflateAgreement accept(String offer, WebSocketTerms.Deflate ours) {
        var parts = offer.split(";", -1);
        var asked = parts[0].strip().equalsIgnoreCase(NAME) ? Parameters.of(parts) : null;
        if (asked == null) {
            return null;
        }
        boolean serverAlone = ours.serverNoContextTakeover() || asked.serverAlone();
        boolean clientAlone = ours.clientNoContextTakeover() || asked.clientAlone();
        int window = asked.serverWindow();
        var answer = new StringBuilder(NAME);
        answer.append(serverAlone ? "; server_no_context_takeover" : "");
        answer.append(clientAlone ? "; client_no_context_takeover" : "");
        answer.append(window > 0 ? "; server_max_window_bits=" + window : "");
        int windowBits = window > 0 ? window : MessageDeflate.MAX_WINDOW_BITS;
        return new DeflateAgreement(
                new MessageDeflate.Terms(ours.level(), windowBits, serverAlone, clientAlone),
                answer.toString());
    }

    /**
     * What stands behind the name, RFC 7692 section 7.1.
     *
     * @param serverWindow in bits; 0: not there
     * @param clientWindow the same, and {@link #ANY} if it is there without value
     */
    private record Parameters(
            boolean serverAlone, boolean clientAlone, int serverWindow, int clientWindow) {
        static final int ANY = -1;

        /** Null: one is unknown, malformed, or there twice. */
        static @Nullable Parameters of(String[] parts) {
            var seen = new HashMap<String, String>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                var name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
                name = name.strip().toLowerCase(Locale.ROOT);
                var value = equals < 0 ? "" : unquoted(parts[i].substring(equals + 1).strip());
                boolean empty = equals >= 0 && value.isEmpty();
                if (empty || !isKnown(name, value) || seen.put(name, value) != null) {
                    return null;
                }
            }
            return new Parameters(
                    seen.containsKey("server_no_context_takeover"),
                    seen.containsKey("client_no_context_takeover"),
                    bits(seen.get("server_max_window_bits")),
                    bits(seen.get("client_max_window_bits")));
        }

        private static int bits(@Nullable String value) {
            return value == null ? 0 : value.isEmpty() ? ANY : Integer.parseInt(value);
        }

        private static boolean isKnown(String name, String value) {
            return switch (name) {
                case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
                case "server_max_window_bits" -> isWindow(value);
                // Whatever window the client takes, inflating with the largest works.
                case "client_max_window_bits" -> value.isEmpty() || isWindow(value);
                default -> false;
            };
        }
    }

    private static boolean isWindow(String bits) {
        return switch (bits) {
            case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
            default -> false;
        };
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
