package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpDate;
import whirlwind.http.HttpStatus;
import whirlwind.loop.IOLoop;

/** Turns heads into bytes, with what all responses of a server share: the date, and its name. */
final class Encoding {
    /** How long clients remember, unless another response tells them otherwise. */
    private static final int ALT_SVC_SECONDS = 86_400;

    private static final byte[] CRLF = Scratch.ascii("\r\n");
    private static final byte[] COLON = Scratch.ascii(": ");
    private static final byte[] VERSION = Scratch.ascii("HTTP/1.1 ");
    private static final byte[] LENGTH = Scratch.ascii("Content-Length: ");
    private static final byte[] CHUNKED = Scratch.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Scratch.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Scratch.ascii("Connection: keep-alive\r\n");

    /**
     * Whole status lines with their standard reasons, made when first needed. Any loop may make
     * one.
     */
    private static final byte[] @Nullable [] STATUS_LINES = new byte[1000][];

    private final IOLoop loop;
    private final @Nullable AsciiString server;
    private final byte[] serverField;
    private final IdentityHashMap<SharedFrame, ByteBuf> shared = new IdentityHashMap<>();
    private byte[] date = new byte[0];
    private AsciiString dateValue = AsciiString.EMPTY_STRING;
    private long dateSecond = Long.MIN_VALUE;

    /** Where else this server can be reached, RFC 7838; empty for nowhere. */
    private AsciiString altSvcValue = AsciiString.EMPTY_STRING;

    private byte[] altSvc = new byte[0];

    /** With what to call the server, or null. */
    Encoding(IOLoop loop, @Nullable String server) {
        this.loop = loop;
        this.server = server == null ? null : AsciiString.of(server);
        this.serverField =
                server == null ? new byte[0] : Scratch.ascii("Server: " + server + "\r\n");
    }

    /** What to call the server, or null. */
    @Nullable AsciiString server() {
        return server;
    }

    /** Looks at the clock, once for all that is encoded in this turn. */
    void beginTurn() {
        var now = loop.time();
        if (now.getEpochSecond() != dateSecond) {
            dateSecond = now.getEpochSecond();
            dateValue = AsciiString.of(HttpDate.format(now));
            date = Scratch.ascii("Date: " + dateValue + "\r\n");
        }
    }

    /** The time of this turn, for {@code Date}. */
    AsciiString date() {
        return dateValue;
    }

    /** Has responses tell clients that HTTP/3 is spoken on a UDP port; 0: on none. */
    void advertiseHttp3(int port) {
        var value = port == 0 ? "" : "h3=\":" + port + "\"; ma=" + ALT_SVC_SECONDS;
        altSvcValue = AsciiString.of(value);
        altSvc = Scratch.ascii(port == 0 ? "" : "Alt-Svc: " + value + "\r\n");
    }

    /** The value of {@code Alt-Svc}; empty for none. */
    AsciiString altSvc() {
        return altSvcValue;
    }

    /** What was shared belongs to those who got it now. */
    void endTurn() {
        if (!shared.isEmpty()) {
            shared.values().forEach(ByteBuf::release);
            shared.clear();
        }
    }

    /** A view of the one buffer that has the frame's bytes in this turn. */
    ByteBuf shared(SharedFrame frame, ByteBufAllocator allocator) {
        var buffer = shared.get(frame);
        if (buffer == null) {
            buffer = allocator.directBuffer(frame.size()).writeBytes(frame.bytes());
            shared.put(frame, buffer);
        }
        return buffer.retainedDuplicate();
    }

    void encode(ResponseHead head, Scratch out) {
        statusLine(head.status(), head.reason(), out);
        var headers = head.headers();
        for (int i = 0; i < headers.size(); i++) {
            out.latin1(headers.nameAt(i));
            out.bytes(COLON);
            out.latin1(headers.valueAt(i));
            out.bytes(CRLF);
        }
        if ((head.given() & ResponseHead.SERVER) == 0) {
            out.bytes(serverField);
        }
        if ((head.given() & ResponseHead.DATE) == 0) {
            out.bytes(date);
        }
        if ((head.given() & ResponseHead.ALT_SVC) == 0) {
            out.bytes(altSvc);
        }
        switch (head.framing()) {
            case AS_GIVEN -> {}
            case CHUNKED -> out.bytes(CHUNKED);
            case LENGTH -> {
                out.bytes(LENGTH);
                out.number(head.length());
                out.bytes(CRLF);
            }
        }
        switch (head.persistence()) {
            case AS_GIVEN -> {}
            case CLOSE -> out.bytes(CLOSE);
            case KEEP_ALIVE -> out.bytes(KEEP_ALIVE);
        }
        out.bytes(CRLF);
    }

    private static void statusLine(int status, @Nullable String reason, Scratch out) {
        if (reason != null) {
            out.bytes(VERSION);
            out.number(status);
            out.latin1(" ");
            out.latin1(reason);
            out.bytes(CRLF);
            return;
        }
        var line = STATUS_LINES[status];
        if (line == null) {
            line = Scratch.ascii("HTTP/1.1 " + status + " " + HttpStatus.reason(status) + "\r\n");
            STATUS_LINES[status] = line;
        }
        out.bytes(line);
    }
}
