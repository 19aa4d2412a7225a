package whirlwind.redis;

/** Names of what is kept in Redis, all of which begin with the hub's prefix. */
final class Keys {
    private final String prefix;

    /**
     * Hash: how many publications there were, in which run of Redis and in which era; and for each
     * earlier run, how many publications were kept of it.
     */
    final String home;

    /** Sorted set of the servers, by the time when each counts as dead. */
    final String servers;

    /** Sorted set of the dead ones, by the time until which one of the others clears them away. */
    final String dying;

    private final String bus;

    Keys(String prefix) {
        this.prefix = prefix + ":";
        this.home = prefix + ":home";
        this.servers = prefix + ":servers";
        this.dying = prefix + ":dying";
        this.bus = prefix + ":bus:";
    }

    /** Hash: where a topic stands. */
    String topic(String topic) {
        return prefix + "topic:" + topic;
    }

    /** Stream: what is kept of a topic. */
    String log(String topic) {
        return prefix + "log:" + topic;
    }

    /** Hash: who is present in a topic, by user. */
    String members(String topic) {
        return prefix + "members:" + topic;
    }

    /** Hash: in what topics which connections of a server are present, with their users. */
    String connections(String server) {
        return prefix + "connections:" + server;
    }

    /** Stream: the latest publications of a server, by its own count, with their positions. */
    String sent(String server) {
        return prefix + "sent:" + server;
    }

    /** The channel, or pattern of channels, of a topic, or pattern of topics. */
    String channel(String topicOrPattern) {
        return bus + topicOrPattern;
    }

    /** The reverse of {@link #channel}. */
    String topicOf(String channel) {
        return channel.substring(bus.length());
    }
}
