package whirlwind.demos.echo;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import whirlwind.loop.Async;
import whirlwind.net.ConnectOptions;
import whirlwind.net.TcpClient;

/**
 * The client: sends lines, one after the other, and prints what comes back.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record EchoClient(String host, int port) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * For an address as the server prints it, or without {@code tcp://}; an address of IPv6 in
     * brackets.
     *
     * @throws IllegalArgumentException if it is no address with a port
     */
    public static EchoClient of(String address) {
        try {
            var uri = new URI(address.contains("://") ? address : "tcp://" + address);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 65_535) {
                return new EchoClient(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort());
            }
        } catch (URISyntaxException e) {
            // Said below, in words that help.
        }
        throw new IllegalArgumentException("no address like localhost:8888: " + address);
    }

    /**
     * Sends the lines of {@code in} until it ends; suspends the coroutine.
     *
     * @throws java.io.UncheckedIOException if the server can't be reached or hangs up
     * @throws whirlwind.loop.AsyncTimeoutException if an answer takes too long
     */
    public void run(BufferedReader in, PrintStream out) {
        try (var client = new TcpClient();
                var stream =
                        Async.await(
                                client.connect(
                                        host,
                                        port,
                                        ConnectOptions.DEFAULTS.withTimeout(PATIENCE)))) {
            // A terminal blocks whoever reads it.
            for (String line; (line = Async.await(Async.offload(in::readLine))) != null; ) {
                Async.await(stream.write(line + "\n"));
                var echo = Async.await(Async.withTimeout(PATIENCE, stream.readUntil("\n")));
                out.print(new String(echo, StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }
}
