/**
 * Netty's channels for the packages above: listening ones ({@link whirlwind.net.channel.Listener}).
 * Not exported, for Netty stops here.
 *
 * <p>Channels are touched on the loop's own thread only; {@link whirlwind.net.channel.OwnThread}
 * gets there.
 */
@NullMarked
package whirlwind.net.channel;

import org.jspecify.annotations.NullMarked;
