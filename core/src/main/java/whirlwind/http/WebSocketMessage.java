package whirlwind.http;

import java.nio.charset.StandardCharsets;

/**
 * What goes over a WebSocket, RFC 6455 section 5.6 and 5.5: messages, put together from their
 * frames or in parts, and the control frames. The arrays belong to the message; leave them as they
 * are.
 */
public sealed interface WebSocketMessage {
    /** The longest payload that a control frame has, in bytes (RFC 6455 section 5.5). */
    int MAX_CONTROL_BYTES = 125;

    /** Text; on the wire it is UTF-8. */
    record Text(String text) implements WebSocketMessage {
        /** Quotes the text, shortened. */
        @Override
        public String toString() {
            return "Text[" + whirlwind.escape.Text.quoted(text) + "]";
        }
    }

    /** Bytes. */
    record Binary(byte[] bytes) implements WebSocketMessage {
        /** Says how many. */
        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }

    /**
     * A part of a text message; each part is whole characters. Sent as a fragment, and heard by
     * those who ask for parts, however the peer has divided the message.
     *
     * @param last whether the message ends with it
     */
    record TextPart(String text, boolean last) implements WebSocketMessage {
        /** Quotes the text, shortened. */
        @Override
        public String toString() {
            return "TextPart[" + whirlwind.escape.Text.quoted(text) + (last ? ", last]" : "]");
        }
    }

    /**
     * A part of a binary message; see {@link TextPart}.
     *
     * @param last whether the message ends with it
     */
    record BinaryPart(byte[] bytes, boolean last) implements WebSocketMessage {
        /** Says how many. */
        @Override
        public String toString() {
            return "BinaryPart[" + bytes.length + " bytes" + (last ? ", last]" : "]");
        }
    }

    /**
     * Asks the other side for a {@link Pong} with the same bytes, which it sends by itself.
     *
     * @param bytes at most {@value #MAX_CONTROL_BYTES}
     */
    record Ping(byte[] bytes) implements WebSocketMessage {
        /**
         * Checks the length.
         *
         * @throws IllegalArgumentException if there are too many bytes
         */
        public Ping {
            requireControl("ping", bytes.length);
        }
    }

    /**
     * Answers a {@link Ping}, or says unasked that this side is alive.
     *
     * @param bytes at most {@value #MAX_CONTROL_BYTES}
     */
    record Pong(byte[] bytes) implements WebSocketMessage {
        /**
         * Checks the length.
         *
         * @throws IllegalArgumentException if there are too many bytes
         */
        public Pong {
            requireControl("pong", bytes.length);
        }
    }

    /**
     * Ends the conversation.
     *
     * @param code why: one of RFC 6455 section 7.4, or {@link #NO_CODE}
     * @param reason for people, at most 123 bytes of UTF-8; empty if there is no code
     */
    record Close(int code, String reason) implements WebSocketMessage {
        /** The close frame had no code. Never on the wire. */
        public static final int NO_CODE = 1005;

        /** The connection ended without a close frame. Never on the wire. */
        public static final int ABNORMAL = 1006;

        /**
         * Checks what could not be sent.
         *
         * @throws IllegalArgumentException if the code may not stand in a frame, the reason is too
         *     long, or there is a reason without code
         */
        public Close {
            if (code != NO_CODE && !isSendable(code)) {
                throw new IllegalArgumentException(
                        "close code: "
                                + code
                                + " (expected 1000 to 1014 without 1004 to 1006, or 3000 to 4999)");
            }
            if (code == NO_CODE && !reason.isEmpty()) {
                throw new IllegalArgumentException(
                        "close reason without a code: " + whirlwind.escape.Text.quoted(reason));
            }
            requireControl(
                    "close",
                    reason.isEmpty() ? 2 : 2 + reason.getBytes(StandardCharsets.UTF_8).length);
        }

        /**
         * Whether {@code code} may stand in a close frame, RFC 6455 section 7.4 and IANA's
         * registry.
         */
        public static boolean isSendable(int code) {
            return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
                    || (code >= 3000 && code <= 4999);
        }
    }

    private static void requireControl(String kind, int length) {
        if (length > MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException(
                    kind + ": " + length + " bytes (at most " + MAX_CONTROL_BYTES + ")");
        }
    }
}
