package whirlwind.realtime.feed;

/** What happens in a topic, on its way to the loops that want to know. */
sealed interface FeedEvent permits Broadcast, PresenceChange {}
