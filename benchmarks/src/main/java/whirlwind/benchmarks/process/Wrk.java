package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the load generator wrk has to say.
 *
 * @param requests how many were answered
 * @param perSecond requests per second
 * @param medianMillis the median latency
 * @param slowMillis the latency that one in a hundred exceeds
 */
record Wrk(long requests, double perSecond, double medianMillis, double slowMillis) {
    private static final Path POSTING = Children.extracted(Wrk.class, "post.lua");
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern PER_SECOND = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern MEDIAN = Pattern.compile("\n\\s+50%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern SLOW = Pattern.compile("\n\\s+99%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern FAILURES = Pattern.compile("(Non-2xx|Socket errors).*");

    /**
     * What is sent again and again.
     *
     * @param body JSON to POST; null: GET
     */
    record Request(String path, @Nullable String body) {
        static Request get(String path) {
            return new Request(path, null);
        }

        static Request post(String path, String json) {
            return new Request(path, json);
        }

        String name() {
            return (body == null ? "GET " : "POST ") + path;
        }
    }

    /** Keeps so many connections busy with a request for some seconds; returns when it is over. */
    static Wrk run(
            String processor, ServerProcess server, Request request, int connections, int seconds)
            throws IOException, InterruptedException {
        var url = server.url(request.path());
        var command =
                new ArrayList<>(
                        List.of(
                                Children.program("taskset"),
                                "-c",
                                processor,
                                Children.program("wrk"),
                                "--threads=1",
                                "--connections=" + connections,
                                "--duration=" + seconds + "s",
                                "--latency",
                                "--timeout=10s")); // a cold server on a busy machine may stall
        if (request.body() == null) {
            command.add(url);
        } else {
            command.addAll(List.of("--script=" + POSTING, url, "--", request.body()));
        }
        var output = Children.run(command);
        var failures = FAILURES.matcher(output);
        if (failures.find()) {
            throw new IOException(url + ": " + failures.group());
        }
        return new Wrk(
                Long.parseLong(find(REQUESTS, output).group(1)),
                Double.parseDouble(find(PER_SECOND, output).group(1)),
                millis(find(MEDIAN, output)),
                millis(find(SLOW, output)));
    }

    /** All requests of some runs, and the mean of what can't be added up. */
    static Wrk together(List<Wrk> runs) {
        return new Wrk(
                runs.stream().mapToLong(Wrk::requests).sum(),
                mean(runs, Wrk::perSecond),
                mean(runs, Wrk::medianMillis),
                mean(runs, Wrk::slowMillis));
    }

    private static double mean(List<Wrk> runs, ToDoubleFunction<Wrk> figure) {
        return runs.stream().mapToDouble(figure).average().orElse(0);
    }

    private static MatchResult find(Pattern pattern, String output) throws IOException {
        var matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("wrk said: " + output);
        }
        return matcher.toMatchResult();
    }

    private static double millis(MatchResult time) {
        double number = Double.parseDouble(time.group(1));
        return switch (time.group(2)) {
            case "us" -> number / 1000;
            case "ms" -> number;
            default -> number * 1000;
        };
    }
}
