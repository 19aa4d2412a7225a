package whirlwind.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what is POSTed on one connection as {@link Orders} says, whatever the path, and lets the
 * rest pass. A body that comes in pieces is put together.
 */
final class NettyOrders extends ChannelInboundHandlerAdapter {
    private static final AsciiString JSON = AsciiString.cached(Orders.JSON);
    private static final ObjectReader READER = JsonMapper.shared().readerFor(Orders.Order.class);
    private static final ObjectWriter WRITER = JsonMapper.shared().writerFor(Orders.Receipt.class);

    private boolean posted;
    private ByteBuf pieces = Unpooled.EMPTY_BUFFER;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
        if (message instanceof HttpRequest request) {
            posted = request.method().equals(HttpMethod.POST);
        }
        if (!posted) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (message instanceof HttpContent content) {
                take(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(ChannelHandlerContext context, HttpContent content) throws IOException {
        if (content instanceof LastHttpContent && !pieces.isReadable()) {
            answer(context, content.content());
            return;
        }
        pieces = Unpooled.wrappedBuffer(pieces, content.content().retain());
        if (content instanceof LastHttpContent) {
            try {
                answer(context, pieces);
            } finally {
                pieces.release();
                pieces = Unpooled.EMPTY_BUFFER;
            }
        }
    }

    private static void answer(ChannelHandlerContext context, ByteBuf body) throws IOException {
        byte[] receipt = WRITER.writeValueAsBytes(read(body).receipt());
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        Unpooled.wrappedBuffer(receipt),
                        DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                        DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, receipt.length);
        context.write(response, context.voidPromise());
    }

    private static Orders.Order read(ByteBuf body) throws IOException {
        try (InputStream in = new ByteBufInputStream(body)) {
            return READER.readValue(in);
        }
    }
}
