package whirlwind.http.codec.server;

import io.netty.buffer.ByteBuf;
import whirlwind.http.codec.Scratch;

/**
 * How a connection begins whose client knows that the server speaks HTTP/2, RFC 9113 section 3.4.
 */
final class Http2Preface {
    /** As much as tells it from any request of HTTP/1. */
    private static final byte[] START = Scratch.ascii("PRI * HTTP/2.0\r\n");

    private Http2Preface() {}

    /** Whether what has come is the start of it, or may turn out to be. */
    static boolean mayBegin(ByteBuf in) {
        int length = Math.min(in.readableBytes(), START.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != START[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether that is enough to be sure. */
    static boolean isCertain(ByteBuf in) {
        return in.readableBytes() >= START.length;
    }
}
