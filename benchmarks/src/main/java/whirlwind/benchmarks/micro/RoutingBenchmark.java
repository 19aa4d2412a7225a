package whirlwind.benchmarks.micro;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;
import whirlwind.web.routing.Route;
import whirlwind.web.routing.RouteMatch;
import whirlwind.web.routing.Router;

/**
 * From a request to its route, among few routes and many: a third of them fixed paths, a third
 * templates with one argument, a third with two, of which one has to be a number.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RoutingBenchmark {
    private static final long SEED = 20_251_126;
    private static final int PATHS = 1024;

    /** What every request's path is taken from, so that its text and hash are new each time. */
    private static final String QUERY = "?page=1";

    @Param({"10", "100", "1000"})
    public int routes;

    @SuppressWarnings("NullAway.Init")
    private Router<Integer> router;

    private final RequestStartLine[] fixed = new RequestStartLine[PATHS];
    private final RequestStartLine[] oneArgument = new RequestStartLine[PATHS];
    private final RequestStartLine[] twoArguments = new RequestStartLine[PATHS];
    private final RequestStartLine[] missing = new RequestStartLine[PATHS];
    private final Headers headers = Headers.of("Host", "example.com");
    private int next;

    @Setup(Level.Trial)
    public void fill() {
        var rules = new ArrayList<Route<Integer>>();
        for (int i = 0; i < routes; i++) {
            var resource = "/api/resource" + i / 3;
            rules.add(
                    Route.to(
                            switch (i % 3) {
                                case 0 -> resource;
                                case 1 -> resource + "/{name}";
                                default -> resource + "/{name}/part/{number:int}";
                            },
                            i));
        }
        router = new Router<>(rules);
        var random = new SplittableRandom(SEED);
        for (int i = 0; i < PATHS; i++) {
            var resource = "/api/resource" + random.nextInt(routes / 3);
            fixed[i] = get(resource);
            oneArgument[i] = get(resource + "/name" + i);
            twoArguments[i] = get(resource + "/name" + i + "/part/" + i);
            missing[i] = get(resource + "/name" + i + "/nothing");
        }
    }

    private static RequestStartLine get(String path) {
        return new RequestStartLine("GET", path + QUERY, HttpVersion.HTTP_1_1);
    }

    private @Nullable RouteMatch<Integer> match(RequestStartLine[] lines) {
        next = (next + 1) % PATHS;
        return router.match(new HttpServerRequest(lines[next], headers));
    }

    @Benchmark
    public @Nullable Object fixedPath() {
        return match(fixed);
    }

    @Benchmark
    public @Nullable Object oneArgument() {
        return match(oneArgument);
    }

    @Benchmark
    public @Nullable Object twoArguments() {
        return match(twoArguments);
    }

    @Benchmark
    public @Nullable Object noRoute() {
        return match(missing);
    }
}
