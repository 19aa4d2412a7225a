/**
 * Long polling: a client asks for what is new, and the answer waits until there is something.
 * {@link whirlwind.realtime.longpoll.LongPolls} is where its requests wait.
 *
 * <p>A request that waits is a suspended coroutine, which ends when the client leaves. Everything
 * is confined to its loop, over HTTP/1.1 and HTTP/2 alike. Below: {@code whirlwind.web} and {@code
 * whirlwind.sync}. Above: {@code whirlwind.realtime}.
 */
@NullMarked
package whirlwind.realtime.longpoll;

import org.jspecify.annotations.NullMarked;
