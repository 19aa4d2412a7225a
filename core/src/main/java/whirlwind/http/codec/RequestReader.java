package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;

/**
 * Netty's request decoder, which hands what it finds to its subclass instead of the next handler,
 * so that a connection is one handler and not three.
 *
 * <p>It is as strict as RFC 9112 asks, with one leniency: a line of the head may end with a bare
 * LF, as section 2.2 allows and Tornado does.
 */
abstract class RequestReader extends HttpRequestDecoder {
    /** How the decoder is set up; may be shared by many. */
    static HttpDecoderConfig config(ConnectionLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxStartLine())
                .setMaxHeaderSize(limits.maxHeaderSize())
                .setMaxChunkSize(64 << 10) // no more than a read brings anyway
                .setAllowDuplicateContentLengths(true) // if they are equal, RFC 9110 section 8.6
                .setStrictLineParsing(false);
    }

    RequestReader(HttpDecoderConfig config) {
        super(config);
    }

    /** The head of a request is there, and found to be well formed. */
    abstract void head(RequestStartLine startLine, Headers headers);

    /** A piece of the body; not to be kept. */
    abstract void piece(ByteBuf bytes);

    /** The request is whole. */
    abstract void end();

    /** What came is not HTTP. Nothing more will be read. */
    abstract void malformed(HttpInputException why);

    /** Decodes what is there, and no more than one request's head or piece of a body. */
    final void read(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decode(ctx, in, out);
        for (int i = 0; i < out.size(); i++) {
            found(out.get(i));
        }
        out.clear();
    }

    private void found(Object part) {
        switch (part) {
            case DecodedRequest request when request.decoderResult().isSuccess() ->
                    head(request.startLine(), request.fields());
            case HttpMessage broken -> malformed(reason(broken.decoderResult().cause()));
            case HttpContent content -> {
                try {
                    found(content);
                } finally {
                    content.release();
                }
            }
            default -> throw new IllegalStateException("decoded " + part);
        }
    }

    private void found(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            malformed(
                    new HttpInputException(
                            "malformed chunk: " + content.decoderResult().cause().getMessage()));
            return;
        }
        if (content.content().isReadable()) {
            piece(content.content());
        }
        if (content instanceof LastHttpContent) {
            end();
        }
    }

    private static HttpInputException reason(Throwable cause) {
        return switch (cause) {
            case HttpInputException known -> known;
            case TooLongHttpLineException tooLong ->
                    new HttpInputException(414, String.valueOf(tooLong.getMessage()), tooLong);
            case TooLongHttpHeaderException tooLong ->
                    new HttpInputException(431, String.valueOf(tooLong.getMessage()), tooLong);
            default -> new HttpInputException(400, String.valueOf(cause.getMessage()), cause);
        };
    }

    @Override
    protected final HttpMessage createMessage(String[] line) {
        return new DecodedRequest(
                RequestStartLine.received(line[0], line[1], HttpVersion.parse(line[2])));
    }

    @Override
    protected final HttpMessage createInvalidMessage() {
        return new DecodedRequest(new RequestStartLine("GET", "/", HttpVersion.HTTP_1_0));
    }

    @Override
    protected final boolean isContentAlwaysEmpty(HttpMessage message) {
        return false;
    }

    @Override
    protected final AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        @Nullable AsciiString known = HeaderNames.find(bytes, start, length);
        return known != null ? known : new AsciiString(bytes, start, length, true);
    }

    /**
     * Nothing comes after the end of the input: a request that isn't whole by then never was one.
     */
    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}
}
