package whirlwind.http.client;

/**
 * Writes a request's body while it is sent, so that it need never be in memory as a whole. Runs in
 * a coroutine of its own, once for each time the request is sent; what it throws fails the fetch.
 *
 * {@snippet :
 * HttpRequest.of(url).withMethod("PUT").withBodyProducer(out -> {
 *     for (var line : lines) {
 *         Async.await(out.write(line));
 *     }
 * })
 * }
 */
@FunctionalInterface
public interface BodyProducer {
    /** Writes the whole body, and returns. */
    void produce(BodyWriter out) throws Exception;
}
