package whirlwind.http.codec.server;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpStatus;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.Scratch;
import whirlwind.http.codec.exchange.GivenFields;
import whirlwind.http.codec.exchange.Refusal;
import whirlwind.http.codec.exchange.ServerFields;

/**
 * The head of an HTTP/1 response, with its body if that is given at once. It is encoded when it
 * goes out.
 *
 * @param reason null: the standard one
 * @param body empty if it comes later, or never
 * @param given what {@code headers} has of the {@link GivenFields}
 * @param framing what to add about the body's length
 * @param length the body's, for {@link Framing#LENGTH}
 * @param persistence what to add about the connection
 * @param server what to add about the server
 */
record ResponseHead(
        int status,
        @Nullable String reason,
        Headers headers,
        byte[] body,
        int given,
        Framing framing,
        int length,
        Persistence persistence,
        ServerFields server)
        implements Output.Head {

    /** How the client finds the end of the body, RFC 9112 section 6. */
    enum Framing {
        /** As the given fields say, or at the end of the connection, or there is none. */
        AS_GIVEN,
        /** {@code Content-Length} is to be added. */
        LENGTH,
        /** Chunks; {@code Transfer-Encoding} is to be added. */
        CHUNKED
    }

    /** What is to be said about the time after this response, RFC 9112 section 9.3. */
    enum Persistence {
        /** What the version says by itself, or the given fields. */
        AS_GIVEN,
        /** {@code Connection: close}. */
        CLOSE,
        /** {@code Connection: keep-alive}, for HTTP/1.0. */
        KEEP_ALIVE
    }

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

    /** A head as it is given, with nothing behind it that it tells of. */
    static ResponseHead alone(int status, Headers headers, int given, ServerFields server) {
        return new ResponseHead(
                status,
                null,
                headers,
                NOTHING,
                given,
                Framing.AS_GIVEN,
                0,
                Persistence.AS_GIVEN,
                server);
    }

    /** The whole of a refusal, after which the connection closes. */
    static ResponseHead of(Refusal refusal, ServerFields server) {
        return new ResponseHead(
                refusal.status(),
                null,
                refusal.headers(),
                refusal.body(),
                0,
                Framing.LENGTH,
                refusal.body().length,
                Persistence.CLOSE,
                server);
    }

    @Override
    public int size() {
        return body.length;
    }

    @Override
    public void encode(Scratch out) {
        addStatusLine(out);
        for (int i = 0; i < headers.size(); i++) {
            out.latin1(headers.nameAt(i));
            out.bytes(COLON);
            out.latin1(headers.valueAt(i));
            out.bytes(CRLF);
        }
        server.addLines(given, out);
        switch (framing) {
            case AS_GIVEN -> {}
            case CHUNKED -> out.bytes(CHUNKED);
            case LENGTH -> {
                out.bytes(LENGTH);
                out.number(length);
                out.bytes(CRLF);
            }
        }
        switch (persistence) {
            case AS_GIVEN -> {}
            case CLOSE -> out.bytes(CLOSE);
            case KEEP_ALIVE -> out.bytes(KEEP_ALIVE);
        }
        out.bytes(CRLF);
    }

    private void addStatusLine(Scratch out) {
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
