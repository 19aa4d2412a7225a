/**
 * What a hub and its clients say to each other, as values: version 1 of the protocol that {@code
 * docs/realtime-protocol.md} specifies. {@link whirlwind.realtime.protocol.ClientFrame} reads what
 * clients send, {@link whirlwind.realtime.protocol.ServerFrames} writes what the server does, each
 * as a {@link whirlwind.realtime.protocol.Frame}, which is encoded once for all who get it. No
 * connections and no state here.
 *
 * <p>Not exported. Below: {@code whirlwind.realtime.engine}, whose positions and publications are
 * spoken of, and the transports whose forms a frame takes. Above: all of {@code whirlwind.realtime}
 * that has connections.
 */
@NullMarked
package whirlwind.realtime.protocol;

import org.jspecify.annotations.NullMarked;
