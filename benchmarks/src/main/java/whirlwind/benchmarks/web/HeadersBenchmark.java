package whirlwind.benchmarks.web;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;

/** Reading what a browser sends with every request. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HeadersBenchmark {
    private static final String FIELDS =
            """
            Host: www.example.org\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
            Accept-Language: de,en-US;q=0.7,en;q=0.3\r
            Accept-Encoding: gzip, deflate, br, zstd\r
            Referer: https://www.example.org/stories/2025\r
            Connection: keep-alive\r
            Cookie: session="2|1:0|10:1764160000|7:session|8:NDcxMQ==|0123456789abcdef"; theme=dark\r
            Upgrade-Insecure-Requests: 1\r
            Sec-Fetch-Dest: document\r
            Sec-Fetch-Mode: navigate\r
            Sec-Fetch-Site: same-origin\r
            """;

    private static final RequestStartLine GET =
            new RequestStartLine("GET", "/stories/2025/11?page=2", HttpVersion.HTTP_1_1);

    private final Headers headers = Headers.parse(FIELDS);

    /** Twelve fields, from text. */
    @Benchmark
    public Headers parse() {
        return Headers.parse(FIELDS);
    }

    /** One that is there and one that is not. */
    @Benchmark
    public boolean lookUp() {
        return headers.get("accept-language") != null && headers.get("If-None-Match") == null;
    }

    /** The cookies of a request, from their field. */
    @Benchmark
    public Map<String, String> cookies() {
        return new HttpServerRequest(GET, headers).cookies();
    }
}
