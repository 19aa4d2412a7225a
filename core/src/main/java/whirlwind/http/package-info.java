/**
 * HTTP messages as values: start lines, headers, cookies, dates, forms, ranges. Tornado's {@code
 * httputil}.
 *
 * <p>Nothing here knows a socket, a loop or a clock, and nothing blocks. Start at {@link
 * whirlwind.http.HttpServerRequest} and {@link whirlwind.http.Headers}. Blame is a type: {@link
 * whirlwind.http.HttpInputException} is the peer's fault and says how to answer it, {@link
 * whirlwind.http.HttpOutputException} and {@code IllegalArgumentException} are ours. Values are
 * immutable except {@code Headers}; none is made for use by two threads at a time. Below is {@code
 * whirlwind.escape}; above are {@code whirlwind.http.codec}, which turns bytes into these, and the
 * server, the client and web, which hand them around.
 */
@NullMarked
package whirlwind.http;

import org.jspecify.annotations.NullMarked;
