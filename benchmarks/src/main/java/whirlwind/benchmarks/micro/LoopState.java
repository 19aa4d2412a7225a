package whirlwind.benchmarks.micro;

import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;

/** A loop, made as users get it but for the engine, and kept for the whole trial. */
@State(Scope.Thread)
public class LoopState {
    /**
     * Operations of one invocation. Starting and stopping the loop, and its watchdog's thread,
     * costs some tens of microseconds: so many operations make that one nanosecond each.
     */
    static final int OPERATIONS = 50_000;

    @Param({"mounted", "baton"})
    public String engine = "";

    @SuppressWarnings("NullAway.Init")
    private IOLoop loop;

    @Setup(Level.Trial)
    public void open() {
        loop = new IOLoop(LoopOptions.DEFAULTS.withEngine(engine));
    }

    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    IOLoop loop() {
        return loop;
    }

    <T> T run(Callable<T> body) {
        return loop.runSync(body);
    }
}
