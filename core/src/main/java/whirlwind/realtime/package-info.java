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
 * <p>How a publication travels: the engine numbers it and tells the hub; the hub puts it into the
 * queue of each loop that has subscribers, and wakes that loop once; the loop goes through the
 * subscribers of the topic, so many in a turn, and hands each the same encoded frame. What a slow
 * client can't take waits in its own queue, which is bounded. A loop's part is confined to the loop
 * and takes no lock.
 *
 * <p>Clients speak the protocol of {@code docs/realtime-protocol.md}. Below: {@code
 * whirlwind.realtime.engine}, which counts and keeps, {@code whirlwind.realtime.protocol}, and
 * {@code whirlwind.web} with the handlers of long conversations.
 */
@NullMarked
package whirlwind.realtime;

import org.jspecify.annotations.NullMarked;
