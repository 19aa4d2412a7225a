/**
 * The hub: what is published in a topic reaches all who have subscribed to it, over WebSocket,
 * server-sent events or long polling, on any number of loops, and with an engine of several
 * processes. Start at {@link whirlwind.realtime.Hub}:
 *
 * {@snippet :
 * var hub = new Hub(HubOptions.DEFAULTS
 *         .withTopics("room.*", TopicOptions.DEFAULTS
 *                 .withHistory(100, Duration.ofHours(1))
 *                 .withPresence(true)));
 * var application = new Application();
 * hub.mount(application);           // clients come to /whirlwind
 * hub.publish("room.1", Map.of("text", "hello"));
 * }
 *
 * <p>Here are what applications use and the connections of clients, whichever transport they come
 * by: what a client asks for is done by one handler of frames a loop, and what it can't take yet
 * waits in a queue of its own, which is bounded. A connection is confined to its loop and takes no
 * lock. The rest has packages of its own below, which are not exported unless it says so:
 *
 * <ul>
 *   <li>{@code whirlwind.realtime.engine}, exported, counts publications and keeps them, in this
 *       process or for several.
 *   <li>{@code whirlwind.realtime.protocol} has what clients and hub say to each other, the
 *       protocol of {@code docs/realtime-protocol.md}, as values.
 *   <li>{@code whirlwind.realtime.feed} brings publications from the engine to their subscribers on
 *       each loop.
 *   <li>{@code whirlwind.realtime.session} carries frames by requests: server-sent events and long
 *       polling.
 *   <li>{@code whirlwind.realtime.websocket}, {@code .sse} and {@code .longpoll}, exported, are the
 *       transports, for applications that need no hub, too.
 * </ul>
 */
@NullMarked
package whirlwind.realtime;

import org.jspecify.annotations.NullMarked;
