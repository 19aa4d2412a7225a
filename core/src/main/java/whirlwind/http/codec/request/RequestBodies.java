package whirlwind.http.codec.request;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.loop.IOLoop;

/** How a server takes the bodies of requests. Confined to the loop. */
public final class RequestBodies {
    private final IOLoop loop;
    private final int limit;
    private final boolean decoded;
    private final MemoryQuota quota;
    private final Predicate<HttpServerRequest> streamed;

    /**
     * For one server.
     *
     * @param limit of each body, in bytes
     * @param decoded whether a coding is undone
     * @param quota bounds what those that are gathered take together
     * @param streamed whether a request is to begin without its body and to read it itself
     */
    public RequestBodies(
            IOLoop loop,
            int limit,
            boolean decoded,
            MemoryQuota quota,
            Predicate<HttpServerRequest> streamed) {
        this.loop = loop;
        this.limit = limit;
        this.decoded = decoded;
        this.quota = quota;
        this.streamed = streamed;
    }

    /**
     * A request that has announced a body. A client that asks whether it should send a body that is
     * to be gathered is told so.
     *
     * @param announced the length, or {@link BodyLength#IN_CHUNKS}
     * @throws HttpInputException (413, 417) if the body is not wanted
     */
    public IncomingRequest begin(
            StreamedBody.Source source, HttpServerRequest head, long announced) {
        boolean asks = IncomingRequest.expectsContinue(head);
        var decoding = decoding(head.headers());
        if (streamed.test(head)) {
            var body = new StreamedBody(loop, source, announced, limit, asks, decoding);
            return new IncomingRequest.Streamed(head.withStreamedBody(body.trailers()), body);
        }
        var body = RequestBody.of(announced, limit, decoding, quota);
        if (asks) {
            source.invite();
        }
        return new GatheredRequest(head, body);
    }

    /** What undoes the coding of a body, whose head is changed accordingly; or null. */
    private @Nullable RequestDecoding decoding(Headers headers) {
        return decoded ? RequestDecoding.of(headers) : null;
    }
}
