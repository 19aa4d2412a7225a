package whirlwind.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Answers the requests of all connections; one flush for all that one read brought. */
@Sharable
final class NettyRequests extends ChannelInboundHandlerAdapter {
    private static final Answer PLAINTEXT = new Answer("text/plain", "Hello, World!");
    private static final Answer JSON =
            new Answer("application/json", "{\"message\":\"Hello, World!\"}");
    private static final Answer NOT_FOUND =
            new Answer(HttpResponseStatus.NOT_FOUND, "text/plain", "");

    private final NettyEcho echo = new NettyEcho();
    private final NettyRoom room = new NettyRoom();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            answer(context, request);
        }
        ReferenceCountUtil.release(message);
    }

    private void answer(ChannelHandlerContext context, HttpRequest request) {
        switch (request.uri()) {
            case "/plaintext", "/pause" -> PLAINTEXT.writeTo(context, request);
            case "/json" -> JSON.writeTo(context, request);
            case "/echo", "/read" -> upgrade(context, request, echo);
            case "/room" -> upgrade(context, request, room);
            case "/wait" -> {} // a long poll to which nothing ever comes
            default -> NOT_FOUND.writeTo(context, request);
        }
    }

    private void upgrade(
            ChannelHandlerContext context, HttpRequest request, ChannelHandler conversation) {
        var config =
                WebSocketDecoderConfig.newBuilder()
                        .allowExtensions(false)
                        .withUTF8Validator(false)
                        .build();
        var whole =
                new DefaultFullHttpRequest(
                        request.protocolVersion(),
                        request.method(),
                        request.uri(),
                        Unpooled.EMPTY_BUFFER,
                        request.headers(),
                        EmptyHttpHeaders.INSTANCE);
        new WebSocketServerHandshaker13("ws://localhost/echo", null, config)
                .handshake(context.channel(), whole)
                .addListener(done -> {
                    if (done.isSuccess()) {
                        context.pipeline().replace(this, "conversation", conversation);
                    }
                });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** An answer whose parts are made once. */
    private record Answer(
            HttpResponseStatus status, AsciiString type, AsciiString length, ByteBuf body) {
        Answer(String type, String body) {
            this(HttpResponseStatus.OK, type, body);
        }

        Answer(HttpResponseStatus status, String type, String body) {
            this(
                    status,
                    AsciiString.cached(type),
                    AsciiString.cached(String.valueOf(body.length())),
                    constant(body));
        }

        private static ByteBuf constant(String text) {
            var bytes = text.getBytes(StandardCharsets.US_ASCII);
            return Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(bytes.length).writeBytes(bytes));
        }

        void writeTo(ChannelHandlerContext context, HttpRequest request) {
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            status,
                            body.duplicate(),
                            DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                            DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, type)
                    .set(HttpHeaderNames.CONTENT_LENGTH, length);
            if (request.headers()
                    .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
                context.write(response).addListener(ChannelFutureListener.CLOSE);
            } else {
                context.write(response, context.voidPromise());
            }
        }
    }
}
