package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/** A request whose body is gathered, and that is answered when it is whole. */
record GatheredRequest(HttpServerRequest head, RequestBody body) implements IncomingRequest {
    @Override
    public boolean add(ByteBuf piece) {
        body.add(piece);
        return true;
    }

    @Override
    public int unread() {
        return 0;
    }

    @Override
    public HttpServerRequest end(Headers trailers) {
        var whole = head.withBody(body.bytes());
        return trailers.isEmpty() ? whole : whole.withTrailers(trailers);
    }

    @Override
    public boolean counts() {
        return body.counts();
    }

    @Override
    public void fail(RuntimeException why) {
        body.close();
    }

    @Override
    public void close() {
        body.close();
    }
}
