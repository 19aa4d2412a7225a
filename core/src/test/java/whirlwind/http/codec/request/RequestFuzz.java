package whirlwind.http.codec.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HostAndPort;
import whirlwind.http.HttpInputException;
import whirlwind.http.RequestStartLine;
import whirlwind.net.channel.TrustedProxies;

/**
 * Requests of HTTP/1, and what proxies say of them: read at once or byte by byte, it is the same.
 */
public final class RequestFuzz {
    private RequestFuzz() {}

    /** What is read doesn't depend on how it arrives. */
    public static void read(byte[] input) {
        var atOnce = new Reading();
        atOnce.take(input, input.length);
        var byteByByte = new Reading();
        byteByByte.take(input, 1);
        if (!atOnce.text.toString().equals(byteByByte.text.toString())) {
            throw new AssertionError(atOnce.text + " differs from " + byteByByte.text);
        }
    }

    /** What a proxy adds. */
    public static void forwarded(String header) {
        Forwarded.parse(header);
        try {
            var headers = Headers.of("Forwarded", header, "X-Forwarded-For", header);
            var origin = Origin.of(TrustedProxies.of(List.of("10.0.0.0/8")), headers);
            if (origin.host() != null && !HostAndPort.isValid(origin.host())) {
                throw new AssertionError(origin);
            }
        } catch (HeaderSyntaxException noHeader) {
            // it would not have come so far
        }
    }

    /** What a reader of requests finds. */
    private static final class Reading extends RequestReader {
        final StringBuilder text = new StringBuilder();
        private final StringBuilder body = new StringBuilder();

        Reading() {
            super(new Lines(), 100, 200);
        }

        void take(byte[] input, int step) {
            var in = Unpooled.buffer(input.length + 1);
            for (int at = 0; at < input.length; at += step) {
                in.writeBytes(input, at, Math.min(step, input.length - at));
                for (int left = -1; in.isReadable() && left != in.readableBytes(); ) {
                    left = in.readableBytes();
                    read(in);
                }
            }
            in.release();
        }

        @Override
        protected void head(RequestStartLine startLine, Headers headers, long length) {
            text.append(startLine).append(headers).append(length);
            headers.forEach((name, value) -> new Headers().add(name, value)); // refuses bad ones
        }

        @Override
        protected void piece(ByteBuf bytes) {
            body.append(bytes.toString(ISO_8859_1));
        }

        @Override
        protected void end(Headers trailers) {
            text.append(body).append(trailers).append('\n');
            body.setLength(0);
        }

        @Override
        protected void malformed(HttpInputException why) {
            text.append(why.status());
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            throw new UnsupportedOperationException("without a channel");
        }
    }
}
