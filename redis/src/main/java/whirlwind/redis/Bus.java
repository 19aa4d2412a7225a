package whirlwind.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.TopicPattern;

/**
 * What this server has subscribed to, and the messages that come of it. On the loop's own thread.
 */
final class Bus {
    private final Keys keys;
    private final EngineListener listener;
    private final LongConsumer saw;
    private final Set<String> topics = new LinkedHashSet<>();
    private final Set<TopicPattern> patterns = new LinkedHashSet<>();

    /** That of the link in use; messages of any other are dropped. */
    private @Nullable Reception reception;

    /**
     * @param saw told the number of each publication
     */
    Bus(Keys keys, EngineListener listener, LongConsumer saw) {
        this.saw = saw;
        this.keys = keys;
        this.listener = listener;
    }

    // ---- subscriptions ----

    /** Each link to come has it subscribed to; what is returned is for the one that is there. */
    Requests.Call<Boolean> subscribe(TopicPattern pattern) {
        if (pattern.isTopic()) {
            topics.add(pattern.text());
        } else {
            patterns.add(pattern);
        }
        return (link, again) ->
                has(pattern)
                        ? link.subscribe(!pattern.isTopic(), List.of(keys.channel(pattern.text())))
                        : CompletableFuture.completedStage(false); // has been given up meanwhile
    }

    void unsubscribe(TopicPattern pattern) {
        boolean was = pattern.isTopic() ? topics.remove(pattern.text()) : patterns.remove(pattern);
        if (was && reception != null) {
            reception.link.unsubscribe(!pattern.isTopic(), keys.channel(pattern.text()));
        }
    }

    private boolean has(TopicPattern pattern) {
        return pattern.isTopic() ? topics.contains(pattern.text()) : patterns.contains(pattern);
    }

    // ---- links ----

    /** Subscribes to everything by a new link. In a coroutine. */
    Reception subscribeAll(Link link, Questions questions) {
        var made = new Reception(link);
        questions.run(() -> link.receive(made));
        subscribeAll(link, false, topics.stream(), questions);
        subscribeAll(link, true, patterns.stream().map(TopicPattern::text), questions);
        questions.ask(link::pingBus); // which is answered after the last of them is confirmed
        return made;
    }

    private void subscribeAll(
            Link link, boolean ofPatterns, Stream<String> names, Questions questions) {
        for (var some : Questions.parts(names.map(keys::channel).toList())) {
            questions.ask(() -> link.subscribe(ofPatterns, some));
        }
    }

    /** Begins to tell what comes over that link. */
    void linked(Reception made) {
        reception = made;
        made.unsubscribeUnwanted();
    }

    void unlinked() {
        reception = null;
    }

    private boolean isWanted(String topic) {
        return topics.contains(topic)
                || patterns.stream().anyMatch(pattern -> pattern.matches(topic));
    }

    /**
     * What comes over one link. Redis sends a message once for its channel, and once for each
     * pattern that fits; and its patterns fit more than ours, as its star stands for dots as well.
     * Which of them counts depends on what Redis had subscribed at that moment: that is what it has
     * confirmed, for the confirmations stand in between the messages.
     */
    final class Reception extends RedisPubSubAdapter<String, String> {
        private final Link link;
        private final Set<String> confirmed = new HashSet<>();
        private final Map<String, TopicPattern> confirmedPatterns = new LinkedHashMap<>();

        private Reception(Link link) {
            this.link = link;
        }

        /** What was given up while it was subscribed to. */
        private void unsubscribeUnwanted() {
            for (var channel : confirmed) {
                if (!topics.contains(keys.topicOf(channel))) {
                    link.unsubscribe(false, channel);
                }
            }
            confirmedPatterns.forEach((channels, pattern) -> {
                if (!patterns.contains(pattern)) {
                    link.unsubscribe(true, channels);
                }
            });
        }

        @Override
        public void subscribed(String channel, long count) {
            confirmed.add(channel);
        }

        @Override
        public void unsubscribed(String channel, long count) {
            confirmed.remove(channel);
        }

        @Override
        public void psubscribed(String pattern, long count) {
            confirmedPatterns.put(pattern, new TopicPattern(keys.topicOf(pattern)));
        }

        @Override
        public void punsubscribed(String pattern, long count) {
            confirmedPatterns.remove(pattern);
        }

        @Override
        public void message(String channel, String message) {
            tell(keys.topicOf(channel), message, true);
        }

        @Override
        public void message(String pattern, String channel, String message) {
            var topic = keys.topicOf(channel);
            if (!confirmed.contains(channel) && pattern.equals(firstThatMatches(topic))) {
                tell(topic, message, false);
            }
        }

        private @Nullable String firstThatMatches(String topic) {
            for (var each : confirmedPatterns.entrySet()) {
                if (each.getValue().matches(topic)) {
                    return each.getKey();
                }
            }
            return null;
        }

        private void tell(String topic, String message, boolean ofTheTopic) {
            if (reception != this) {
                return;
            }
            if (message.charAt(0) == Wire.PUBLISHED) {
                if (isWanted(topic)) {
                    var published = Wire.published(topic, message);
                    saw.accept(published.count());
                    listener.published(published.publication());
                }
            } else if (ofTheTopic && topics.contains(topic)) {
                if (message.charAt(0) == Wire.JOINED) {
                    listener.joined(topic, Wire.member(message, 1, 1));
                } else {
                    listener.left(topic, Wire.member(message, 1, 0));
                }
            }
        }
    }
}
