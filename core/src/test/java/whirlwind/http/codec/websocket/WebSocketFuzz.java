package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Outbox;

/** Frames in whatever order and shape: read at once or byte by byte, they say the same. */
public final class WebSocketFuzz {
    private static final int MAX_MESSAGE_SIZE = 1000;
    private static final int CLIENT = 1;
    private static final int DEFLATE = 2;
    private static final int PARTS = 4;

    private WebSocketFuzz() {}

    /** The first byte says which end reads, and what was agreed on. */
    public static void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var bytes = Arrays.copyOfRange(input, 1, input.length);
        var atOnce = new Reader(input[0]);
        atOnce.received(Unpooled.wrappedBuffer(bytes), Wire.INSTANCE);
        atOnce.forget();
        var slowly = new Reader(input[0]);
        for (byte one : bytes) {
            slowly.received(Unpooled.wrappedBuffer(new byte[] {one}), Wire.INSTANCE);
        }
        slowly.forget();
        if (atOnce.failed != slowly.failed || !atOnce.said().equals(slowly.said())) {
            throw new AssertionError(atOnce.said() + " at once, slowly " + slowly.said());
        }
    }

    /** What peers offer and answer about compression. */
    public static void extensions(String text) {
        Headers headers;
        try {
            headers = Headers.of("Sec-WebSocket-Extensions", text);
        } catch (HeaderSyntaxException refused) {
            return;
        }
        var ours = new WebSocketTerms.Deflate(6, false, false);
        DeflateAgreement.find(headers, ours);
        DeflateAgreement.confirmed(headers, ours);
    }

    private static final class Reader extends MessageReader {
        private final List<String> heard = new ArrayList<>();
        private final StringBuilder parts = new StringBuilder();
        private boolean failed;
        private boolean over;

        Reader(int flags) {
            super(
                    new WebSocketTerms(
                            null, new Headers(), MAX_MESSAGE_SIZE, (flags & PARTS) != 0, null),
                    (flags & DEFLATE) == 0
                            ? null
                            : new MessageDeflate(
                                    new MessageDeflate.Terms(6, 15, false, false),
                                    new DeflateMemory()),
                    MemoryQuota.unlimited(),
                    (flags & CLIENT) != 0);
        }

        /**
         * Of a message in parts nothing until its last: where it is cut is for who reads to say.
         */
        String said() {
            return heard.toString();
        }

        @Override
        MemoryQuota quota() {
            return MemoryQuota.unlimited();
        }

        @Override
        boolean isReading() {
            return !over;
        }

        @Override
        boolean isDeaf() {
            return over;
        }

        @Override
        void heard(WebSocketMessage message) {
            switch (message) {
                case WebSocketMessage.TextPart(var text, boolean last) -> part(text, last);
                case WebSocketMessage.BinaryPart(var bytes, boolean last) ->
                        part(HexFormat.of().formatHex(bytes), last);
                case WebSocketMessage.Binary(var bytes) -> heard.add(Arrays.toString(bytes));
                case WebSocketMessage.Ping(var bytes) ->
                        heard.add("ping " + Arrays.toString(bytes));
                case WebSocketMessage.Pong(var bytes) ->
                        heard.add("pong " + Arrays.toString(bytes));
                case WebSocketMessage.Text(var text) -> heard.add(text);
                case WebSocketMessage.Close _ -> throw new AssertionError("comes otherwise");
            }
        }

        private void part(String part, boolean last) {
            parts.append(part);
            if (last) {
                heard.add(parts.toString());
                parts.setLength(0);
            }
        }

        @Override
        void heardFarewell(int code, String reason) {
            heard.add("close " + code + " " + reason);
            over = true;
        }

        @Override
        void fail(WebSocketFault fault) {
            failed = true;
            over = true;
        }

        @Override
        public void drop() {
            throw new AssertionError("a failure of ours");
        }
    }

    private enum Wire implements WebSocketWire {
        INSTANCE;

        @Override
        public ByteBufAllocator alloc() {
            return UnpooledByteBufAllocator.DEFAULT;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public boolean drain(Outbox outbox) {
            return true;
        }

        @Override
        public void closeBehindOutput() {}

        @Override
        public void endOutput() {}

        @Override
        public void close() {}

        @Override
        public void setNodelay(boolean nodelay) {}
    }
}
