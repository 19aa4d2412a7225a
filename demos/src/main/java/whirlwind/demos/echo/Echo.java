package whirlwind.demos.echo;

import java.time.Duration;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;
import whirlwind.net.TcpServer;
import whirlwind.net.TcpServerOptions;

/**
 * The server: each line comes back. A client that doesn't take its lines is not read from until it
 * does, and each costs a few lines of memory at most.
 */
public final class Echo {
    /** With the line's end; a client that sends a longer one is hung up on. */
    static final int MAX_LINE_BYTES = 8 << 10;

    /** A client has so long to send a line, and so long again to take it. */
    static final Duration IDLE = Duration.ofMinutes(10);

    private static final TcpServerOptions OPTIONS =
            TcpServerOptions.DEFAULTS
                    .withMaxConnections(10_000)
                    .withStreams(StreamOptions.DEFAULTS.withMaxBufferSize(2 * MAX_LINE_BYTES));

    private Echo() {}

    /** The server, which listens nowhere yet. */
    public static TcpServer server() {
        return new TcpServer((stream, address) -> serve(stream), OPTIONS);
    }

    /** Ends with an exception when the client is gone, which is what the server expects. */
    private static void serve(IOStream stream) {
        try (stream) {
            while (true) {
                var line = stream.readUntil("\n", MAX_LINE_BYTES);
                var echo = stream.write(Async.await(Async.withTimeout(IDLE, line)));
                Async.await(Async.withTimeout(IDLE, echo));
            }
        } catch (AsyncTimeoutException e) {
            // Somebody who has forgotten us: the stream is closed.
        }
    }
}
