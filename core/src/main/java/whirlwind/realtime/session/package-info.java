/**
 * What a WebSocket does, by requests: frames both ways, over server-sent events and long polling. A
 * client begins a {@link whirlwind.realtime.session.Session} with one request, brings frames by
 * others, and takes frames away by a stream or by one poll after another. The {@link
 * whirlwind.realtime.session.Sessions} of a server find it by its token, whichever loop a request
 * comes to; what it is for, is for the {@link whirlwind.realtime.session.SessionHost} to say.
 *
 * <p>A session is confined to the loop that it began on. A stream may be on another one: what goes
 * there in one turn crosses together. A poll that waits costs no coroutine. Not exported. Below:
 * {@code whirlwind.realtime.sse} and {@code whirlwind.realtime.protocol}. Above: {@code
 * whirlwind.realtime}.
 */
@NullMarked
package whirlwind.realtime.session;

import org.jspecify.annotations.NullMarked;
