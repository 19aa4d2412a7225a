package whirlwind.realtime;

import whirlwind.realtime.engine.Position;

/** Somebody on this loop who gets what happens in a topic, or in those of a pattern. */
abstract class Subscriber {
    /** Where it stands in its {@link Audience}. */
    int place;

    /** A publication, in the order of its topic. */
    abstract void deliver(Broadcast broadcast);

    /** Somebody came or went. */
    abstract void deliver(PresenceChange change);

    /** What lies between the last publication and this position can't be had any more. */
    abstract void lost(Position position);
}
