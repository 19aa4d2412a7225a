/**
 * HTTP requests by the system's libcurl, called through {@code java.lang.foreign}.
 *
 * <p>{@link whirlwind.curl.CurlTransport} is what a client is given in its options; everything else
 * stays the client's: redirects, authentication, cookies, retries, limits and timeouts. Its methods
 * and those that it calls belong to the loop.
 *
 * <p>Below: {@code whirlwind.http.transport}, which it implements, and {@code whirlwind.loop},
 * which drives it. Tornado: {@code curl_httpclient}.
 */
@NullMarked
package whirlwind.curl;

import org.jspecify.annotations.NullMarked;
