package whirlwind.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.EngineListener;

/**
 * The inside of an engine: its loop, and what keeps it linked to Redis, one {@link Link} after the
 * other. Everything but {@link #start} and {@link #close} is on the loop.
 */
final class Links {
    private static final Logger log = LoggerFactory.getLogger(RedisEngine.class);

    /** The longest pause before the first attempt to link again, doubled for each further one. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    final IOLoop loop = LoopResources.newLoop();
    final Topics topics;
    final Requests requests;
    final Bus bus;
    final Presence presence;

    private final RedisOptions options;
    private final EngineListener listener;
    private final Questions questions = new Questions(loop);
    private final RedisURI uri;
    private final RedisClient client;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    /** The latest, from before its greeting until after its end. */
    private @Nullable Link link;

    /** Whether it can be used. */
    private boolean linked;

    /** Since when Redis is out of reach; null: it isn't. */
    private @Nullable Instant lost;

    private boolean closing;

    Links(RedisOptions options, EngineListener listener) {
        this.options = options;
        this.listener = listener;
        var keys = new Keys(options.prefix());
        var server = Topics.newName();
        this.topics = new Topics(keys, server, options);
        this.requests = new Requests(loop, options);
        this.bus = new Bus(keys, listener, topics::saw);
        this.presence = new Presence(keys, server, options, questions);
        this.uri = RedisURI.create(options.url());
        uri.setTimeout(options.timeout());
        this.client = RedisClient.create(LoopResources.of(loop), uri);
        client.setOptions(lettuceOptions(options));
    }

    /** Lettuce is to do nothing by itself: neither to connect again, nor to repeat commands. */
    private static ClientOptions lettuceOptions(RedisOptions options) {
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP3)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder().connectTimeout(options.timeout()).build())
                .build();
    }

    // ---- life, from any thread ----

    void start() {
        Thread.ofPlatform()
                .daemon()
                .name("whirlwind-redis")
                .start(() -> {
                    loop.start();
                    loop.close();
                    ended.complete(null);
                });
        loop.spawnCallback(this::keepLinked);
        loop.addCallback(this::tick);
    }

    /** Ends it all, once. */
    CompletableFuture<@Nullable Void> close() {
        loop.spawnCallback(this::end);
        return ended;
    }

    private void end() {
        if (closing) {
            return;
        }
        closing = true;
        requests.close();
        leave();
        if (link != null) {
            var last = link;
            questions.ask(() -> last.breakDown(new CancellationException("the engine is closed")));
        }
        questions.ask(client::shutdownAsync);
        client.getResources().shutdown(0, 0, TimeUnit.SECONDS);
        loop.stop();
    }

    private void leave() {
        try {
            presence.leaveAll();
        } catch (RuntimeException e) {
            log.debug("Redis at {} could not be told of the end", options.address(), e);
        }
    }

    // ---- one link after the other ----

    private void keepLinked() {
        var pause = FIRST_PAUSE;
        while (!closing) {
            try {
                var why = use(open());
                pause = FIRST_PAUSE;
                unlink(why);
            } catch (RuntimeException e) {
                unlink(e);
                requests.failed(e);
            }
            if (!closing) {
                Async.sleep(
                        pause.multipliedBy(ThreadLocalRandom.current().nextInt(1, 100))
                                .dividedBy(100));
                pause = pause.multipliedBy(2);
                if (pause.compareTo(LONGEST_PAUSE) > 0) {
                    pause = LONGEST_PAUSE;
                }
            }
        }
    }

    private Link open() {
        var commands = questions.ask(() -> client.connectAsync(StringCodec.UTF8, uri));
        try {
            var messages = questions.ask(() -> client.connectPubSubAsync(StringCodec.UTF8, uri));
            return questions.ask(() ->
                    CompletableFuture.completedStage(new Link(commands, messages, loop, options)));
        } catch (RuntimeException e) {
            if (commands.isOpen()) {
                questions.ask(commands::closeAsync);
            }
            throw e;
        }
    }

    /** From a link's greeting to its end, for the reason that is returned. */
    private Throwable use(Link made) {
        link = made;
        questions.ask(made::identify);
        questions.askAll(() -> Arrays.stream(Script.values()).map(made::load).toList());
        questions.ask(() -> topics.greet(made));
        var reception = bus.subscribeAll(made, questions);
        questions.run(() -> {
            found();
            bus.linked(reception);
            presence.linked(made);
        });
        presence.begin(made); // of which our own subscribers are told, too
        questions.run(() -> {
            linked = true;
            requests.linked(made);
        });
        loop.spawnCallback(() -> presence.keep(made));
        return Async.await(made.broken());
    }

    private void unlink(Throwable why) {
        boolean was = linked;
        linked = false;
        if (link != null) {
            var over = link;
            link = null;
            questions.run(() -> {
                over.breakDown(why);
                bus.unlinked();
                presence.unlinked();
                if (was) {
                    requests.unlinked(why);
                }
            });
        }
        if (lost == null && !closing) {
            lost = loop.time();
            log.warn(
                    "Redis at {} is out of reach: {} (trying again until it is there)",
                    options.address(),
                    Requests.reasonOf(why));
            listener.lost();
        }
    }

    private void found() {
        if (lost != null) {
            var time = Duration.between(lost, loop.time());
            lost = null;
            log.info("Redis at {} is back, after {} ms", options.address(), time.toMillis());
            listener.restored();
        }
    }

    /** Finds silent links and requests that have waited for too long. */
    private void tick() {
        long now = loop.options().ticker().nanoTime();
        if (link != null) {
            link.check(now);
        }
        requests.check(now);
        loop.callLater(
                Duration.ofMillis(Math.clamp(options.timeout().toMillis() / 8, 10, 500)),
                this::tick);
    }
}
