package whirlwind.benchmarks.web;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.web.SignedValues;

/** The value of a signed cookie: HMAC with SHA-256, in Tornado's format 2. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class SigningBenchmark {
    private static final String NAME = "session";
    private static final String VALUE = "4711:ada@example.org";

    private final SignedValues values =
            new SignedValues("a secret of the length that secrets should have");
    private final String signed = values.sign(NAME, VALUE);

    /** Setting one. */
    @Benchmark
    public String sign() {
        return values.sign(NAME, VALUE);
    }

    /** Reading one, with its signature and its age checked. */
    @Benchmark
    public byte @Nullable [] verify() {
        return values.read(NAME, signed);
    }
}
