package whirlwind.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/**
 * A loop with coroutines that wait and do nothing else. It answers lines on standard input, whose
 * end ends it:
 *
 * <ul>
 *   <li>{@code spawn N}: starts N coroutines, each awaiting a future that nobody completes
 *   <li>{@code finish N}: the same, and completes the futures: a warm-up, for the frames of
 *       compiled methods on a suspended stack are smaller than those of interpreted ones
 * </ul>
 */
public final class BareCoroutines {
    private BareCoroutines() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        var loop = new IOLoop();
        Thread.ofPlatform().daemon().name("commands").start(() -> obey(loop));
        loop.start();
    }

    private static void obey(IOLoop loop) {
        try (var input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line; (line = input.readLine()) != null; ) {
                var words = line.split(" ");
                boolean finish = words[0].equals("finish");
                int count = Integer.parseInt(words[1]);
                loop.spawnCallback(() -> spawn(count, finish));
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        loop.stop();
    }

    private static void spawn(int count, boolean finish) {
        var futures = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < count; i++) {
            var future = new CompletableFuture<Integer>();
            Async.spawn("waiter", () -> Async.await(future));
            if (finish) {
                futures.add(future);
            }
        }
        Async.moment(); // they run until they wait
        futures.forEach(future -> future.complete(1));
        Async.moment();
        System.out.println(count);
    }
}
