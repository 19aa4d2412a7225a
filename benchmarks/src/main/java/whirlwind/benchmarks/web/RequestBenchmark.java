package whirlwind.benchmarks.web;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.benchmarks.peer.Orders;
import whirlwind.benchmarks.peer.WhirlwindOrders;
import whirlwind.loop.IOLoop;

/**
 * Whole requests through an {@code Application} with ten routes, over one connection on which many
 * are under way at once, so that the kernel's part is small: what the framework itself takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RequestBenchmark.TOGETHER)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RequestBenchmark {
    static final int TOGETHER = 50;

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)");
    private static final int LARGEST_RESPONSE = 4096;

    private final byte[] received = new byte[TOGETHER * LARGEST_RESPONSE];

    @SuppressWarnings("NullAway.Init")
    private Thread loop;

    @SuppressWarnings("NullAway.Init")
    private Socket connection;

    @SuppressWarnings("NullAway.Init")
    private Runnable stop;

    @SuppressWarnings("NullAway.Init")
    private Batch get;

    @SuppressWarnings("NullAway.Init")
    private Batch post;

    /** Requests to be sent in one go, and the length of all their responses. */
    private record Batch(byte[] requests, int responseBytes) {}

    @Setup(Level.Trial)
    public void open() throws IOException {
        var served = new IOLoop();
        int port = WhirlwindOrders.application().listen("127.0.0.1", 0).port();
        loop = Thread.ofPlatform().name("loop").start(served::start);
        stop = () -> served.addCallback(served::stop);
        connection = new Socket("127.0.0.1", port);
        connection.setTcpNoDelay(true);
        get = batch("GET /json HTTP/1.1\r\nHost: localhost\r\n\r\n");
        post =
                batch(
                        "POST /orders HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: "
                                + Orders.EXAMPLE.length()
                                + "\r\n\r\n"
                                + Orders.EXAMPLE);
    }

    /** Sends one and learns how long the response is, which is the same every time. */
    private Batch batch(String request) throws IOException {
        connection.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        int length = 0;
        int expected = LARGEST_RESPONSE;
        while (length < expected) {
            int more = connection.getInputStream().read(received, length, expected - length);
            if (more < 0) {
                throw new IOException("the server closed the connection");
            }
            length += more;
            expected = responseLength(new String(received, 0, length, StandardCharsets.UTF_8));
        }
        var all = request.repeat(TOGETHER).getBytes(StandardCharsets.UTF_8);
        return new Batch(all, TOGETHER * length);
    }

    private static int responseLength(String response) throws IOException {
        int head = response.indexOf("\r\n\r\n");
        if (head < 0) {
            return LARGEST_RESPONSE;
        }
        var length = LENGTH.matcher(response);
        if (!response.startsWith("HTTP/1.1 200 ") || !length.find()) {
            throw new IOException("the server answered " + response);
        }
        return head + 4 + Integer.parseInt(length.group(1));
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        connection.close();
        stop.run();
        loop.join();
    }

    /** A record as JSON. */
    @Benchmark
    public byte[] getJson() throws IOException {
        return exchange(get);
    }

    /** A record from JSON, and one as JSON. */
    @Benchmark
    public byte[] postJson() throws IOException {
        return exchange(post);
    }

    private byte[] exchange(Batch batch) throws IOException {
        connection.getOutputStream().write(batch.requests());
        int length = connection.getInputStream().readNBytes(received, 0, batch.responseBytes());
        if (length < batch.responseBytes()) {
            throw new IOException("the server closed the connection");
        }
        return received;
    }
}
