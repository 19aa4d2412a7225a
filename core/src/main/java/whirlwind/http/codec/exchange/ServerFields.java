package whirlwind.http.codec.exchange;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpDate;
import whirlwind.http.codec.Scratch;
import whirlwind.loop.IOLoop;

/**
 * What all responses of a server say, unless a handler says it: the date, the server's name, and
 * where else it can be reached. Confined to the loop.
 */
public final class ServerFields {
    private static final AsciiString SERVER = AsciiString.cached("server");
    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString ALT_SVC = AsciiString.cached("alt-svc");

    /** How long clients remember, unless another response tells them otherwise. */
    private static final int ALT_SVC_SECONDS = 86_400;

    /** How many fields there are at most. */
    public static final int MOST = 3;

    private final IOLoop loop;
    private final @Nullable AsciiString server;
    private final byte[] serverLine;
    private byte[] dateLine = new byte[0];
    private AsciiString date = AsciiString.EMPTY_STRING;
    private long dateSecond = Long.MIN_VALUE;

    /** Where else this server can be reached, RFC 7838; empty for nowhere. */
    private AsciiString altSvc = AsciiString.EMPTY_STRING;

    private byte[] altSvcLine = new byte[0];

    /** With what to call the server, or null. */
    ServerFields(IOLoop loop, @Nullable String server) {
        this.loop = loop;
        this.server = server == null ? null : AsciiString.of(server);
        this.serverLine =
                server == null ? new byte[0] : Scratch.ascii("Server: " + server + "\r\n");
    }

    /** Looks at the clock, once for all that is sent in this turn. */
    void beginTurn() {
        var now = loop.time();
        if (now.getEpochSecond() != dateSecond) {
            dateSecond = now.getEpochSecond();
            date = AsciiString.of(HttpDate.format(now));
            dateLine = Scratch.ascii("Date: " + date + "\r\n");
        }
    }

    /** Has responses tell clients that HTTP/3 is spoken on a UDP port; 0: on none. */
    public void advertiseHttp3(int port) {
        var value = port == 0 ? "" : "h3=\":" + port + "\"; ma=" + ALT_SVC_SECONDS;
        altSvc = AsciiString.of(value);
        altSvcLine = Scratch.ascii(port == 0 ? "" : "Alt-Svc: " + value + "\r\n");
    }

    /** Adds the lines of those that a handler hasn't {@linkplain GivenFields given}. */
    public void addLines(int given, Scratch out) {
        if ((given & GivenFields.SERVER) == 0) {
            out.bytes(serverLine);
        }
        if ((given & GivenFields.DATE) == 0) {
            out.bytes(dateLine);
        }
        if ((given & GivenFields.ALT_SVC) == 0) {
            out.bytes(altSvcLine);
        }
    }

    /**
     * Puts names, in lower case, and values of those that a handler hasn't given into an array.
     *
     * @return the place behind the last
     */
    int put(int given, @Nullable AsciiString[] fields, int start) {
        int used = start;
        if (server != null && (given & GivenFields.SERVER) == 0) {
            fields[used++] = SERVER;
            fields[used++] = server;
        }
        if ((given & GivenFields.DATE) == 0) {
            fields[used++] = DATE;
            fields[used++] = date;
        }
        if ((given & GivenFields.ALT_SVC) == 0 && !altSvc.isEmpty()) {
            fields[used++] = ALT_SVC;
            fields[used++] = altSvc;
        }
        return used;
    }
}
