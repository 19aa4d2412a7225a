/**
 * One request on its way and its response coming back: what the HTTP client asks of whoever moves
 * the bytes. {@link whirlwind.http.transport.HttpTransport} is what an implementation behind the
 * client provides: the built-in one, or one over libcurl.
 *
 * <p>A transport knows connections, framing and content codings. It doesn't know redirects,
 * authentication (but for proxies that connect), cookies, retries by policy, queues or timeouts,
 * which are the client's, so that they are the same with every transport.
 *
 * <p>For users of the client there is nothing to do here but to choose; start with {@code
 * whirlwind.http.client}. Everything runs on the loop. Below: {@code whirlwind.http} (messages).
 * Above: {@code http.codec.client}, which has the built-in transport, and {@code
 * whirlwind.http.client}. Tornado: {@code AsyncHTTPClient.fetch_impl}.
 */
@NullMarked
package whirlwind.http.transport;

import org.jspecify.annotations.NullMarked;
