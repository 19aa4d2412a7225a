package whirlwind.realtime.feed;

import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;

/** Somebody came to a topic or went. */
public final class PresenceChange implements FeedEvent {
    private final String topic;
    private final Member member;
    private final boolean joined;
    private volatile @Nullable Frame frame;

    PresenceChange(String topic, Member member, boolean joined) {
        this.topic = topic;
        this.member = member;
        this.joined = joined;
    }

    String topic() {
        return topic;
    }

    /** What clients get; made when it is first needed. */
    public Frame frame() {
        var known = frame;
        if (known == null) {
            known = joined ? ServerFrames.join(topic, member) : ServerFrames.leave(topic, member);
            frame = known; // should two loops make it, either will do
        }
        return known;
    }
}
