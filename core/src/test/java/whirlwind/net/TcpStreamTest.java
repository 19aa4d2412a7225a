package whirlwind.net;

import static whirlwind.loop.Async.await;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

class TcpStreamTest extends StreamContract {
    @Override
    Pair open(StreamOptions options) {
        return connect(options);
    }

    /** The server's end reads. */
    static Pair connect(StreamOptions options) {
        var accepted = new CompletableFuture<IOStream>();
        var server =
                new TcpServer(
                        (stream, address) -> accepted.complete(stream),
                        TcpServerOptions.DEFAULTS.withStreams(options));
        server.listen("127.0.0.1", 0);
        var client =
                await(IOStream.connect(new InetSocketAddress("127.0.0.1", server.port()), options));
        var pair = new Pair(await(accepted), client, server);
        server.stop();
        return pair;
    }
}
