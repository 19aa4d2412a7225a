/**
 * HTTP requests sent: pooled connections, redirects, authentication, cookies, limits and timeouts.
 *
 * <p>Start with {@link whirlwind.http.client.AsyncHttpClient#current()} on a loop and {@link
 * whirlwind.http.client.HttpRequest#of}; outside of loops with {@link
 * whirlwind.http.client.HttpClient}. Requests, responses and options are values. Everything else is
 * confined to the client's loop.
 *
 * <p>The client decides what is asked, of whom and for how long; a {@link
 * whirlwind.http.transport.HttpTransport} moves the bytes, and can be chosen. Below: {@code
 * whirlwind.http}, {@code whirlwind.http.transport}, {@code whirlwind.net.connect}, {@code
 * whirlwind.net.tls}. Tornado: {@code httpclient} and {@code simple_httpclient}.
 */
@NullMarked
package whirlwind.http.client;

import org.jspecify.annotations.NullMarked;
