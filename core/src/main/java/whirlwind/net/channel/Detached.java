package whirlwind.net.channel;

import io.netty.channel.Channel;
import whirlwind.loop.IOLoop;

/**
 * A connection on which another protocol was spoken, and which is to become a stream: Netty's
 * channel, out of sight of those who can't see this package.
 *
 * @param loop on which the channel is
 * @param channel with no handler that takes what comes, but TLS perhaps
 */
public record Detached(IOLoop loop, Channel channel) {}
