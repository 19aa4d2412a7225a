/**
 * What a hub and its clients say to each other, as values: version 1 of the protocol that {@code
 * docs/realtime-protocol.md} specifies. {@link whirlwind.realtime.protocol.ClientFrame} reads what
 * clients send, {@link whirlwind.realtime.protocol.ServerFrames} writes what the server does. No
 * connections and no state here.
 *
 * <p>Not exported. Below: {@code whirlwind.realtime.engine}, whose positions and publications are
 * spoken of. Above: {@code whirlwind.realtime}.
 */
@NullMarked
package whirlwind.realtime.protocol;

import org.jspecify.annotations.NullMarked;
