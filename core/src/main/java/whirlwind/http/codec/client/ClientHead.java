package whirlwind.http.codec.client;

import whirlwind.http.codec.ContentDecoding;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.Scratch;
import whirlwind.http.transport.TransportRequest;

/**
 * The head of an HTTP/1.1 request. It is encoded when it goes out.
 *
 * @param keepsAlive whether the connection may serve more requests
 */
record ClientHead(TransportRequest request, boolean keepsAlive) implements Output.Head {
    private static final byte[] CRLF = Scratch.ascii("\r\n");
    private static final byte[] COLON = Scratch.ascii(": ");
    private static final byte[] VERSION = Scratch.ascii(" HTTP/1.1\r\n");
    private static final byte[] ACCEPT_ENCODING =
            Scratch.ascii("Accept-Encoding: " + ContentDecoding.ACCEPTED + "\r\n");
    private static final byte[] CHUNKED = Scratch.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Scratch.ascii("Connection: close\r\n");

    static boolean isChunked(TransportRequest request) {
        return request.streamed() && !request.headers().contains("Content-Length");
    }

    @Override
    public int size() {
        return 0; // nobody waits for heads
    }

    @Override
    public byte[] body() {
        return NOTHING; // goes by itself
    }

    @Override
    public void encode(Scratch out) {
        out.latin1(request.method());
        out.latin1(" ");
        if (request.route().isForwarded()) {
            out.latin1(request.route().origin());
        }
        out.latin1(request.target());
        out.bytes(VERSION);
        var headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            out.latin1(headers.nameAt(i));
            out.bytes(COLON);
            out.latin1(headers.valueAt(i));
            out.bytes(CRLF);
        }
        if (request.decompress()) {
            out.bytes(ACCEPT_ENCODING);
        }
        if (isChunked(request)) {
            out.bytes(CHUNKED);
        }
        if (!keepsAlive && !headers.contains("Connection")) {
            out.bytes(CLOSE);
        }
        out.bytes(CRLF);
    }
}
