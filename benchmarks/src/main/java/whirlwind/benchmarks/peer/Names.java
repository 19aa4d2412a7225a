package whirlwind.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.TaskGroup;
import whirlwind.net.dns.AsyncResolver;
import whirlwind.net.dns.DnsOptions;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.dns.Resolver;
import whirlwind.net.dns.ThreadedResolver;

/**
 * A loop that resolves names: {@code PORT IN_FLIGHT}, the port of a name server on loopback, or
 * {@code system} for the system's resolver on the loop's threads. It obeys lines on standard input,
 * each of which it answers with a number:
 *
 * <ul>
 *   <li>{@code resolve COUNT PREFIX}: resolves so many names, none of which it has been told
 *       before; how many had an address
 *   <li>{@code idle MILLIS}: does nothing for so long; 0
 *   <li>{@code lag PER_MILLE}: how late, in microseconds, a timer of one millisecond was during the
 *       last of these: the quantile
 * </ul>
 */
public final class Names {
    /** In place of a port. */
    public static final String SYSTEM = "system";

    private static final Duration TICK = Duration.ofMillis(1);
    private static final int MOST_TICKS = 1_000_000;

    private final int inFlight;
    private final IOLoop loop;
    private final Resolver resolver;
    private final long[] lags = new long[MOST_TICKS];
    private int ticks;
    private boolean measuring;
    private int next;
    private int resolved;

    private Names(IOLoop loop, String server, int inFlight) throws IOException {
        this.loop = loop;
        this.inFlight = inFlight;
        this.resolver =
                server.equals(SYSTEM)
                        ? new ThreadedResolver()
                        : asking(
                                new InetSocketAddress(
                                        InetAddress.getByName("127.0.0.1"),
                                        Integer.parseInt(server)));
    }

    private static Resolver asking(InetSocketAddress server) {
        return new AsyncResolver(DnsOptions.DEFAULTS.withNameServers(server).withHostsFile(false));
    }

    /** Runs until standard input ends. */
    public static void main(String[] args) throws Exception {
        var started = new CompletableFuture<Names>();
        Thread.ofPlatform()
                .name("loop")
                .start(() -> {
                    var loop = new IOLoop();
                    loop.addCallback(() -> {
                        try {
                            int inFlight = Integer.parseInt(args[1]);
                            started.complete(new Names(loop, args[0], inFlight));
                        } catch (IOException e) {
                            started.completeExceptionally(e);
                        }
                    });
                    loop.start();
                });
        var names = started.get();
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(names.obey(line.split(" ")));
        }
        Runtime.getRuntime().halt(0);
    }

    private long obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "resolve" -> measured(() -> resolve(Integer.parseInt(words[1]), words[2]));
            case "idle" -> measured(() -> Async.sleep(Duration.ofMillis(Long.parseLong(words[1]))));
            case "lag" -> lag(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException("no command " + words[0]);
        };
    }

    private long measured(Runnable body) throws Exception {
        var done = new CompletableFuture<Long>();
        loop.spawnCallback(() -> {
            ticks = 0;
            resolved = 0;
            measuring = true;
            tick();
            body.run();
            measuring = false;
            done.complete((long) resolved);
        });
        return done.get();
    }

    private void tick() {
        long due = System.nanoTime() + TICK.toNanos();
        loop.callLater(
                TICK,
                () -> {
                    if (measuring && ticks < MOST_TICKS) {
                        lags[ticks++] = System.nanoTime() - due;
                        tick();
                    }
                });
    }

    private void resolve(int count, String prefix) {
        next = 0;
        TaskGroup.run(group -> {
            for (int i = 0; i < inFlight; i++) {
                group.spawn(() -> {
                    while (next < count) {
                        resolveOne(prefix + next++ + ".test");
                    }
                    return null;
                });
            }
            return null;
        });
    }

    private void resolveOne(String name) {
        try {
            Async.await(resolver.resolve(name, 80));
            resolved++;
        } catch (ResolveException unknown) {
            System.err.println(unknown.getMessage()); // and it is missing in the count
        }
    }

    private long lag(int perMille) {
        var sorted = Arrays.copyOf(lags, ticks);
        Arrays.sort(sorted);
        int index = (int) ((ticks - 1) * (long) perMille / 1000);
        return ticks == 0 ? 0 : sorted[index] / 1000;
    }
}
