package whirlwind.redis;

import io.lettuce.core.MapScanCursor;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * A pair of connections to one Redis: one for commands, one that messages come over. When one of
 * them breaks, or falls silent, both end; what wasn't answered by then will never be. Used on the
 * loop's own thread.
 */
final class Link {
    private static final Pattern RUN_ID = Pattern.compile("^run_id:(\\w+)", Pattern.MULTILINE);

    /** About so many fields of a hash at once. */
    private static final int SCANNED = 200;

    private final StatefulRedisConnection<String, String> commands;
    private final StatefulRedisPubSubConnection<String, String> bus;
    private final IOLoop loop;
    private final RedisOptions options;
    private final Pulse commandPulse;
    private final Pulse busPulse;
    private final CompletableFuture<Throwable> broken;
    private String runId = "";
    private boolean flushing;
    private @Nullable CompletableFuture<Void> closed;

    Link(
            StatefulRedisConnection<String, String> commands,
            StatefulRedisPubSubConnection<String, String> bus,
            IOLoop loop,
            RedisOptions options) {
        this.commands = commands;
        this.bus = bus;
        this.loop = loop;
        this.options = options;
        this.broken = loop.newFuture();
        this.commandPulse = new Pulse(() -> flushed(commands.async().ping()));
        this.busPulse = new Pulse(this::pingBus);
        commands.setAutoFlushCommands(false);
        breakWith(commands);
        breakWith(bus);
    }

    private void breakWith(StatefulConnection<String, String> connection) {
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                        breakDown(new RedisException("the connection was closed"));
                    }
                });
        if (!connection.isOpen()) {
            breakDown(new RedisException("the connection was closed"));
        }
    }

    /**
     * Names the run of Redis, from one start to the next; once it was {@linkplain #identify asked
     * for}.
     */
    String runId() {
        return runId;
    }

    CompletionStage<String> identify() {
        return flushed(commands.async().info("server"))
                .thenApply(info -> {
                    var run = RUN_ID.matcher(info);
                    return runId = run.find() ? run.group(1) : "";
                });
    }

    /** Done when this is of no more use, with the reason. */
    CompletableFuture<Throwable> broken() {
        return broken;
    }

    /** Ends both connections; returns when that is done. */
    CompletionStage<Void> breakDown(Throwable why) {
        if (closed == null) {
            broken.complete(why);
            closed = CompletableFuture.allOf(commands.closeAsync(), bus.closeAsync());
        }
        return closed;
    }

    // ---- commands ----

    /** Runs a script that {@link #load} has loaded. */
    CompletionStage<List<Object>> run(Script script, List<String> keys, List<String> arguments) {
        return flushed(
                commands.async()
                        .evalsha(
                                script.digest,
                                ScriptOutputType.MULTI,
                                keys.toArray(String[]::new),
                                arguments.toArray(String[]::new)));
    }

    CompletionStage<String> load(Script script) {
        return flushed(commands.async().scriptLoad(script.text));
    }

    CompletionStage<MapScanCursor<String, String>> scan(String hash, ScanCursor from) {
        return flushed(commands.async().hscan(hash, from, ScanArgs.Builder.limit(SCANNED)));
    }

    CompletionStage<Map<String, String>> all(String hash) {
        return flushed(commands.async().hgetall(hash));
    }

    /** Commands are written once a turn: many publications, one system call. */
    private <T> T flushed(T command) {
        if (!flushing) {
            flushing = true;
            loop.addCallback(() -> {
                flushing = false;
                commands.flushCommands();
            });
        }
        return command;
    }

    // ---- subscriptions ----

    void receive(RedisPubSubListener<String, String> listener) {
        bus.addListener(listener);
    }

    CompletionStage<String> pingBus() {
        return bus.async().ping();
    }

    CompletionStage<Boolean> subscribe(boolean patterns, List<String> channels) {
        var names = channels.toArray(String[]::new);
        var subscribed = patterns ? bus.async().psubscribe(names) : bus.async().subscribe(names);
        return subscribed.thenApply(nothing -> true);
    }

    CompletionStage<Void> unsubscribe(boolean pattern, String channel) {
        return pattern ? bus.async().punsubscribe(channel) : bus.async().unsubscribe(channel);
    }

    // ---- silence ----

    /** Breaks a link that has fallen silent. Called several times within the timeout. */
    void check(long now) {
        if (commandPulse.isSilent(now) || busPulse.isSilent(now)) {
            breakDown(
                    new RedisTimeoutException(
                            options.address(), "has not answered for", options.timeout()));
        }
    }

    /** Pings one connection; the next time when the last ping is answered. */
    private final class Pulse {
        private final Supplier<CompletionStage<String>> ping;
        private @Nullable CompletionStage<String> last;
        private long since;

        Pulse(Supplier<CompletionStage<String>> ping) {
            this.ping = ping;
        }

        boolean isSilent(long now) {
            long waited = now - since;
            if (last != null && !last.toCompletableFuture().isDone()) {
                return waited > options.timeout().toNanos();
            }
            if (last == null || waited > options.timeout().toNanos() / 4) {
                since = now;
                last = ping.get();
            }
            return false;
        }
    }
}
