package whirlwind.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.TopicPattern;

/**
 * What a {@link Hub} is told once and for all; immutable, for any thread. Start from {@link
 * #DEFAULTS}. Each {@code with} method leaves these options as they are and answers others.
 */
public final class HubOptions implements Cloneable {
    private static final HubAccess OPEN = new HubAccess() {};

    /** What each option's method says is its default. */
    public static final HubOptions DEFAULTS = new HubOptions();

    /** Larger ones can't be: their bytes are counted as an int. */
    private static final int MAX_FRAME_SIZE = Integer.MAX_VALUE / 3;

    private record TopicRule(TopicPattern pattern, TopicOptions options) {}

    // Written only by the withers, each in a copy that nobody has seen yet.
    private List<TopicRule> topicRules = List.of();
    private HubAccess access = OPEN;
    private @Nullable HubEngine engine;
    private Duration heartbeat = Duration.ofSeconds(25);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private int maxSubscriptions = 128;
    private int maxFrameSize = 64 << 10;
    private int maxQueuedBytes = 1 << 20;
    private int frameRate = 100;
    private int frameBurst = 200;
    private int maxHistoryPage = 1000;
    private int maxSessions = 100_000;
    private int maxSessionsPerAddress = 1000;
    private boolean compression;

    private HubOptions() {}

    private HubOptions with(Consumer<HubOptions> change) {
        try {
            var copy = (HubOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** The options of a topic: those of the first rule that matches, or the defaults. */
    public TopicOptions topic(String name) {
        for (var rule : topicRules) {
            if (rule.pattern.matches(name)) {
                return rule.options;
            }
        }
        return TopicOptions.DEFAULTS;
    }

    /**
     * These options, with a rule for topics behind those that are there.
     *
     * @param pattern a topic or a pattern, see {@link TopicPattern}
     * @throws IllegalArgumentException if it is malformed
     */
    public HubOptions withTopics(String pattern, TopicOptions options) {
        var rules = new ArrayList<>(topicRules);
        rules.add(new TopicRule(new TopicPattern(pattern), options));
        return with(copy -> copy.topicRules = List.copyOf(rules));
    }

    /** Who may do what; by default anybody may subscribe to single topics, and nobody publish. */
    public HubAccess access() {
        return access;
    }

    /** These options with other rules of access. */
    public HubOptions withAccess(HubAccess access) {
        return with(copy -> copy.access = Objects.requireNonNull(access, "access"));
    }

    /** What counts and keeps; null, the default: a new one in memory for each hub. */
    public @Nullable HubEngine engine() {
        return engine;
    }

    /** These options with an engine, which then belongs to the one hub made with them. */
    public HubOptions withEngine(HubEngine engine) {
        return with(copy -> copy.engine = Objects.requireNonNull(engine, "engine"));
    }

    /**
     * How long a connection may be quiet before it is asked for a sign of life; one that gives none
     * for as long again is ended. 25 seconds by default, below what proxies commonly allow.
     */
    public Duration heartbeat() {
        return heartbeat;
    }

    /** These options with another heartbeat. */
    public HubOptions withHeartbeat(Duration heartbeat) {
        return with(copy -> copy.heartbeat = Check.positive("heartbeat", heartbeat));
    }

    /** How long the application may take to answer a client's request; 30 seconds by default. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** These options with another limit of time for answers. */
    public HubOptions withRequestTimeout(Duration limit) {
        return with(copy -> copy.requestTimeout = Check.positive("requestTimeout", limit));
    }

    /** How many subscriptions a connection may have; 128 by default. */
    public int maxSubscriptions() {
        return maxSubscriptions;
    }

    /** These options with another limit for a connection's subscriptions. */
    public HubOptions withMaxSubscriptions(int limit) {
        return with(copy -> copy.maxSubscriptions = Check.positive("maxSubscriptions", limit));
    }

    /** The largest frame that a client may send, in characters; 65,536 by default. */
    public int maxFrameSize() {
        return maxFrameSize;
    }

    /** These options with another limit for frames of clients. */
    public HubOptions withMaxFrameSize(int characters) {
        return with(copy ->
                copy.maxFrameSize =
                        Math.min(Check.positive("maxFrameSize", characters), MAX_FRAME_SIZE));
    }

    /**
     * How many characters may wait for one slow connection, in all its queues; beyond, it is
     * disconnected, whatever the topics say. 1,048,576 by default.
     */
    public int maxQueuedBytes() {
        return maxQueuedBytes;
    }

    /** These options with another limit for what waits for a connection. */
    public HubOptions withMaxQueuedBytes(int limit) {
        return with(copy -> copy.maxQueuedBytes = Check.positive("maxQueuedBytes", limit));
    }

    /** How many frames a client may send in a second, in the long run; 100 by default. */
    public int frameRate() {
        return frameRate;
    }

    /** How many it may send at once after a pause; 200 by default. */
    public int frameBurst() {
        return frameBurst;
    }

    /**
     * These options with another rate for what a client sends. Beyond it frames are refused with
     * the code {@code rate}, and reading is slowed down to the rate.
     *
     * @param perSecond frames, in the long run
     * @param burst frames at once, after a pause
     */
    public HubOptions withFrameRate(int perSecond, int burst) {
        Check.positive("frameRate", perSecond);
        Check.positive("frameBurst", burst);
        return with(copy -> {
            copy.frameRate = perSecond;
            copy.frameBurst = burst;
        });
    }

    /** How many publications a client gets at most for one question; 1,000 by default. */
    public int maxHistoryPage() {
        return maxHistoryPage;
    }

    /** These options with another limit for a client's question. */
    public HubOptions withMaxHistoryPage(int publications) {
        return with(copy -> copy.maxHistoryPage = Check.positive("maxHistoryPage", publications));
    }

    /**
     * How many clients may be here by server-sent events and long polling, in this process; 100,000
     * by default.
     */
    public int maxSessions() {
        return maxSessions;
    }

    /** How many of them may come from one address; 1,000 by default. */
    public int maxSessionsPerAddress() {
        return maxSessionsPerAddress;
    }

    /**
     * These options with other limits for clients by server-sent events and long polling. Those
     * behind a proxy have its address, unless the server trusts it: {@code
     * HttpServerOptions.withTrustedProxies}.
     */
    public HubOptions withMaxSessions(int inAll, int perAddress) {
        Check.positive("maxSessions", inAll);
        Check.positive("maxSessionsPerAddress", perAddress);
        return with(copy -> {
            copy.maxSessions = inAll;
            copy.maxSessionsPerAddress = perAddress;
        });
    }

    /** Whether WebSockets compress their frames; not by default. */
    public boolean compression() {
        return compression;
    }

    /**
     * These options with WebSockets that compress what they send, if the client can, or not. What
     * goes to many is compressed once for all, and no connection keeps any state for it.
     */
    public HubOptions withCompression(boolean compression) {
        return with(copy -> copy.compression = compression);
    }
}
