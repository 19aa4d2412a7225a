/**
 * What a hub stands on: an engine that numbers the publications of a topic, keeps the last of them,
 * tells of them to who has subscribed, and knows who is present. {@link
 * whirlwind.realtime.engine.HubEngine} says what the hub expects; {@link
 * whirlwind.realtime.engine.MemoryEngine} is the one for a single process, and others join several
 * processes to one hub.
 *
 * <p>A topic's publications are counted: each has an offset, one more than that of the one before.
 * Who knows a {@linkplain whirlwind.realtime.engine.Position position} can ask for what came after
 * it. Everything here is for any thread. Below: {@code whirlwind.loop}, for its clock. Above:
 * {@code whirlwind.realtime}, which is what applications use.
 */
@NullMarked
package whirlwind.realtime.engine;

import org.jspecify.annotations.NullMarked;
