package whirlwind.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import whirlwind.check.Check;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;

/**
 * Several loops in one JVM, each on a thread of its own, to use several processors. Every loop gets
 * an application, and so a server, of its own from the same code; they share nothing but the port,
 * over whose listening sockets the kernel spreads the connections:
 *
 * {@snippet :
 * void main() {
 *     LoopGroup.start(() -> new Application().route("/", MainHandler::new).listen(8888))
 *             .drainOnSignal(Duration.ofSeconds(10))
 *             .join();
 * }
 * }
 *
 * <p>The body must make anew what its application uses: state is confined to one loop, and what
 * must be shared is handed over with {@link IOLoop#addCallback}. Servers that a member's loop makes
 * listen with {@code SO_REUSEPORT}; port 0 would give each of them another port, so choose one.
 *
 * <p>Any thread may call the methods, but only threads outside the group may wait for it. Tornado:
 * {@code fork_processes}, which a JVM can't do; {@link Workers} has the processes.
 */
public final class LoopGroup implements AutoCloseable {
    private final List<Member> members = new ArrayList<>();

    private LoopGroup() {}

    /** The processors that this JVM may use; at least one. Tornado: {@code cpu_count}. */
    public static int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** As {@link #start(int, Callable)}, with a loop for each processor. */
    public static LoopGroup start(Callable<? extends Drainable> body) {
        return start(cpuCount(), body);
    }

    /**
     * Starts loops one after the other, and returns when {@code body} has returned in each. The
     * loops go on until {@link #stop} or {@link #close}, also after the calling thread has ended.
     *
     * @param loops how many; at least one
     * @param body runs in a coroutine of each loop and starts what that loop is for, most of all a
     *     server, which it returns
     * @throws IllegalArgumentException if {@code loops} is less than one
     * @throws RuntimeException what a body threw (a checked exception as {@link
     *     whirlwind.loop.Async#await} throws it); then no loop is left running
     */
    public static LoopGroup start(int loops, Callable<? extends Drainable> body) {
        Check.positive("loops", loops);
        var group = new LoopGroup();
        try {
            for (int i = 0; i < loops; i++) {
                var member = new Member(body);
                group.members.add(member);
                member.awaitStarted();
            }
        } catch (RuntimeException | Error e) {
            group.close();
            throw e;
        }
        return group;
    }

    /** The loops, in the order in which they were started. */
    public List<IOLoop> loops() {
        return members.stream().map(Member::loop).toList();
    }

    /**
     * Ends the group gracefully when the process is told to end, by the signals TERM and INT.
     *
     * @param limit see {@link #stop}
     */
    public LoopGroup drainOnSignal(Duration limit) {
        for (var signal : List.of("TERM", "INT")) {
            members.getFirst().loop().onSignal(signal, () -> stop(limit));
        }
        return this;
    }

    /**
     * Starts to end the group gracefully, and returns at once: each loop {@linkplain
     * Drainable#drain drains} what its body returned, and then stops and closes.
     *
     * @param limit how long what runs may take to finish before it is dropped
     */
    public void stop(Duration limit) {
        members.forEach(member -> member.drain(limit));
    }

    /**
     * Waits until every loop has ended. Interrupting the wait ends it, and nothing else.
     *
     * @throws IllegalStateException if called by one of the group's own loops, which would wait for
     *     itself
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void join() throws InterruptedException {
        checkOutside();
        for (var member : members) {
            member.awaitEnded();
        }
    }

    /**
     * Ends all loops at once, drops what they were doing, and waits until they are closed. Twice is
     * once. Interrupts come too late to change anything, and are kept for later.
     *
     * @throws IllegalStateException if called by one of the group's own loops
     */
    @Override
    public void close() {
        checkOutside();
        members.forEach(Member::stopNow);
        boolean interrupted = false;
        for (var member : members) {
            interrupted |= member.awaitEndedUninterruptibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkOutside() {
        var current = IOLoop.currentOrNull();
        if (current != null && current.isCurrent() && loops().contains(current)) {
            throw new IllegalStateException(
                    current.name()
                            + " can't wait for its own group to end: call stop, or wait on another thread");
        }
    }
}
