/**
 * How a publication comes to its subscribers on each loop, in the order of its topic and with
 * nothing missing. The way of one:
 *
 * <ol>
 *   <li>The engine numbers it and tells {@link whirlwind.realtime.feed.Interests}, which all loops
 *       of a hub share, and which know the loops that want its topic or a pattern that fits.
 *   <li>Each of these finds one {@link whirlwind.realtime.feed.Broadcast} in the queue of its
 *       {@link whirlwind.realtime.feed.LoopFeeds}, and is woken once for all that waits there.
 *   <li>The {@link whirlwind.realtime.feed.Feed} of the topic looks whether it is the next one. If
 *       there is a gap, a {@link whirlwind.realtime.feed.CatchUp} mends it from the history before
 *       anything else is told.
 *   <li>Its audience is told, so many in a turn: each {@link whirlwind.realtime.feed.Subscriber},
 *       in the order in which they came, gets the same encoded frame.
 * </ol>
 *
 * <p>Here it is not known who subscribes. A loop's part is confined to the loop and takes no lock;
 * what loops share says so. Not exported. Below: {@code whirlwind.realtime.engine}, which counts
 * and keeps, and {@code whirlwind.realtime.protocol} with the frames. Above: {@code
 * whirlwind.realtime}, whose subscribers are clients and applications.
 */
@NullMarked
package whirlwind.realtime.feed;

import org.jspecify.annotations.NullMarked;
