package whirlwind.benchmarks.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.http.FormData;
import whirlwind.http.FormLimits;
import whirlwind.http.Forms;
import whirlwind.http.Headers;

/** A form of three fields and one file of random bytes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class MultipartBenchmark {
    private static final String BOUNDARY = "----geckoformboundary0123456789abcdef";
    private static final Headers HEADERS =
            Headers.of("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);

    @Param({"1", "1000"})
    public int kilobytes;

    private byte[] body = {};

    @Setup
    public void fill() {
        var out = new ByteArrayOutputStream();
        for (var field : new String[] {"title", "author", "description"}) {
            part(
                    out,
                    "name=\"" + field + "\"",
                    "",
                    "of some length".getBytes(StandardCharsets.UTF_8));
        }
        var file = new byte[kilobytes * 1000];
        new Random(1).nextBytes(file);
        part(out, "name=\"file\"; filename=\"picture.png\"", "Content-Type: image/png\r\n", file);
        text(out, "--" + BOUNDARY + "--\r\n");
        body = out.toByteArray();
    }

    private static void part(
            ByteArrayOutputStream out, String parameters, String more, byte[] content) {
        text(
                out,
                "--%s\r\nContent-Disposition: form-data; %s\r\n%s\r\n"
                        .formatted(BOUNDARY, parameters, more));
        out.writeBytes(content);
        text(out, "\r\n");
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole form, its file copied. */
    @Benchmark
    public FormData parse() {
        return Forms.parseBody(HEADERS, body, StandardCharsets.UTF_8, FormLimits.DEFAULTS);
    }
}
