/**
 * Web applications: an {@link whirlwind.web.Application} maps paths to {@link
 * whirlwind.web.RequestHandler}s, makes one handler for each request and runs it in a coroutine of
 * the loop, where it may wait with {@code Async.await} anywhere and where no other code of the loop
 * runs in between.
 *
 * <p>Below: {@code whirlwind.http.server} serves connections, {@code whirlwind.web.routing} finds
 * the handler, and {@code whirlwind.web.template} renders text. Above: {@code whirlwind.web.files},
 * {@code whirlwind.web.auth} and {@code whirlwind.realtime.websocket}, written as any user could
 * write them. Tornado: {@code web}.
 */
@NullMarked
package whirlwind.web;

import org.jspecify.annotations.NullMarked;
