package whirlwind.realtime.feed;

import whirlwind.realtime.engine.Position;

/** Somebody on this loop who gets what happens in a topic, or in those of a pattern. */
public abstract class Subscriber {
    /** Where it stands in its {@link Audience}. */
    int place;

    /** Not added yet. */
    protected Subscriber() {}

    /** A publication, in the order of its topic. */
    protected abstract void deliver(Broadcast broadcast);

    /** Somebody came or went. */
    protected abstract void deliver(PresenceChange change);

    /** What lies between the last publication and this position can't be had any more. */
    protected abstract void lost(Position position);
}
