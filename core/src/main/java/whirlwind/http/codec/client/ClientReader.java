package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.HeaderNames;

/**
 * Netty's response decoder, which hands what it finds to its subclass instead of the next handler.
 *
 * <p>It is as strict as RFC 9112 asks and, for framing, as a server has to be: two readings of a
 * response's length are how one user gets another's. One leniency: a line of the head may end with
 * a bare LF, as section 2.2 allows.
 */
abstract class ClientReader extends HttpResponseDecoder {
    /** How the decoder is set up; may be shared by many. */
    static HttpDecoderConfig config(int maxHeaderSize) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(Math.min(maxHeaderSize, 16 << 10))
                .setMaxHeaderSize(maxHeaderSize)
                .setMaxChunkSize(64 << 10) // no more than a read brings anyway
                .setAllowDuplicateContentLengths(true) // if they are equal, RFC 9110 section 8.6
                .setStrictLineParsing(false);
    }

    /** What is being read is an interim response, which has no body. */
    private boolean interim;

    ClientReader(HttpDecoderConfig config) {
        super(config);
    }

    /** Whether the response answers HEAD, so that its body isn't there whatever its fields say. */
    abstract boolean answersHead();

    /** A response with status 1xx. */
    abstract void interim(ResponseStartLine startLine, Headers headers);

    /** The head of the final response. */
    abstract void head(ResponseStartLine startLine, Headers headers);

    /** A piece of the body; not to be kept. */
    abstract void piece(ByteBuf bytes);

    /** The response is whole, and these fields came behind it. */
    abstract void end(Headers trailers);

    /** What came is not HTTP. Nothing more will be read. */
    abstract void malformed(HttpInputException why);

    /** Decodes what is there, and no more than one response's head or piece of a body. */
    final void read(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decode(ctx, in, out);
        for (int i = 0; i < out.size(); i++) {
            found(out.get(i));
        }
        out.clear();
    }

    private void found(Object part) {
        switch (part) {
            case DecodedResponse response when response.decoderResult().isSuccess() ->
                    found(response);
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

    private void found(DecodedResponse response) {
        int code = response.startLine().code();
        interim = code < 200;
        if (interim) {
            interim(response.startLine(), response.fields());
        } else {
            head(response.startLine(), response.fields());
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
        if (content instanceof LastHttpContent last) {
            if (!interim) {
                end(last);
            }
            interim = false;
        }
    }

    private void end(LastHttpContent last) {
        var trailers = new Headers();
        try {
            last.trailingHeaders().forEach(field -> trailers.add(field.getKey(), field.getValue()));
        } catch (HeaderSyntaxException refused) {
            malformed(new HttpInputException(400, "trailer: " + refused.getMessage(), refused));
            return;
        }
        end(trailers);
    }

    private static HttpInputException reason(Throwable cause) {
        return cause instanceof HttpInputException known
                ? known
                : new HttpInputException(400, String.valueOf(cause.getMessage()), cause);
    }

    @Override
    protected final HttpMessage createMessage(String[] line) {
        var version = HttpVersion.parse(line[0]);
        var code = line[1];
        if (code.length() != 3 || !isDigit(code, 0) || !isDigit(code, 1) || !isDigit(code, 2)) {
            throw new HttpInputException("malformed status code " + Text.quoted(code));
        }
        return new DecodedResponse(new ResponseStartLine(version, Integer.parseInt(code), line[2]));
    }

    private static boolean isDigit(String text, int index) {
        return text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    @Override
    protected final HttpMessage createInvalidMessage() {
        return new DecodedResponse(new ResponseStartLine(HttpVersion.HTTP_1_0, 999, ""));
    }

    /** RFC 9112 section 6.3, and no header that contradicts it. */
    @Override
    protected final boolean isContentAlwaysEmpty(HttpMessage message) {
        var response = (DecodedResponse) message;
        int code = response.startLine().code();
        var headers = response.fields();
        var coding = headers.get("Transfer-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            throw new HttpInputException("transfer coding other than chunked: " + coding);
        }
        if (coding != null && headers.contains("Content-Length")) {
            throw new HttpInputException("both Transfer-Encoding and Content-Length");
        }
        boolean bodyless = code < 200 || code == 204;
        if (bodyless && (coding != null || !headers.get("Content-Length", "0").equals("0"))) {
            throw new HttpInputException("response with status " + code + " announces a body");
        }
        return answersHead() || HttpStatus.hasNoBody(code);
    }

    /** What comes behind status 101 is somebody else's to read, or the connection is closed. */
    @Override
    protected final boolean isSwitchingToNonHttp1Protocol(HttpResponse response) {
        return false;
    }

    /** The decoder forgives white space behind the name, and even that no colon follows it. */
    @Override
    protected final AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (bytes[start + length] != ':') {
            throw new HttpInputException("no colon after the name in a header line");
        }
        @Nullable AsciiString known = HeaderNames.find(bytes, start, length);
        return known != null ? known : new AsciiString(bytes, start, length, true);
    }

    /** What the end of the input means is the connection's to say. */
    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}
}
