package whirlwind.http.codec;

import java.util.HashSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * What was agreed on about permessage-deflate, RFC 7692 section 7.1.
 *
 * @param terms how messages will be compressed, seen from the server
 * @param answer the value of the response's {@code Sec-WebSocket-Extensions}
 */
record DeflateAgreement(MessageDeflate.Terms terms, String answer) {
    private static final String NAME = "permessage-deflate";

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
        if (!parts[0].strip().equalsIgnoreCase(NAME)) {
            return null;
        }
        boolean serverAlone = ours.serverNoContextTakeover();
        boolean clientAlone = ours.clientNoContextTakeover();
        int window = 0;
        var seen = new HashSet<String>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            var name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            var value = equals < 0 ? null : unquoted(parts[i].substring(equals + 1).strip());
            if (!seen.add(name.toLowerCase(Locale.ROOT)) || !isAcceptable(name, value)) {
                return null;
            }
            serverAlone |= name.equalsIgnoreCase("server_no_context_takeover");
            clientAlone |= name.equalsIgnoreCase("client_no_context_takeover");
            if (name.equalsIgnoreCase("server_max_window_bits") && value != null) {
                window = Integer.parseInt(value);
            }
        }
        var answer = new StringBuilder(NAME);
        answer.append(serverAlone ? "; server_no_context_takeover" : "");
        answer.append(clientAlone ? "; client_no_context_takeover" : "");
        answer.append(window > 0 ? "; server_max_window_bits=" + window : "");
        int windowBits = window > 0 ? window : MessageDeflate.MAX_WINDOW_BITS;
        return new DeflateAgreement(
                new MessageDeflate.Terms(ours.level(), windowBits, serverAlone, clientAlone),
                answer.toString());
    }

    private static boolean isAcceptable(String name, @Nullable String value) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            case "server_max_window_bits" -> value != null && isWindow(value);
            // Whatever window the client takes, inflating with the largest works.
            case "client_max_window_bits" -> value == null || isWindow(value);
            default -> false;
        };
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
