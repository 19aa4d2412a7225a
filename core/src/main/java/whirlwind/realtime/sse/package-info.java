/**
 * Server-sent events, as the HTML standard has them (section 9.2): a response that goes on, and
 * tells of one event after another. {@link whirlwind.realtime.sse.SseStream} is the server's end,
 * {@link whirlwind.realtime.sse.EventSource} the client's, and {@link
 * whirlwind.realtime.sse.SseEvent} what goes from one to the other.
 *
 * <p>A stream that waits keeps neither coroutine nor timer nor the request that it came from: all
 * streams of an application share one timer for the comments that keep them alive. Everything is
 * confined to its loop. Below: {@code whirlwind.web}, whose handlers open streams over HTTP/1.1 and
 * HTTP/2 alike, and {@code whirlwind.http.client}. Above: {@code whirlwind.realtime}.
 */
@NullMarked
package whirlwind.realtime.sse;

import org.jspecify.annotations.NullMarked;
