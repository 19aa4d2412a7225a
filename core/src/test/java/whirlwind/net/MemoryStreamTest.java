package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.randomBytes;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.MemoryAddress;
import whirlwind.testing.OpenDescriptors;

class MemoryStreamTest implements StreamContract {
    private final MemoryAddress address = new MemoryAddress("test");

    @Override
    public Pair open(StreamOptions options) {
        var accepted = new CompletableFuture<IOStream>();
        var server =
                new TcpServer(
                        (stream, peer) -> accepted.complete(stream),
                        TcpServerOptions.DEFAULTS.withStreams(options));
        var between = new MemoryAddress("between two");
        server.listen(between);
        var client = await(IOStream.connect(between, options));
        return new Pair(await(accepted), client, server);
    }

    @Test
    void neitherServerNorConnectionTakesADescriptor() {
        onLoop(() ->
                OpenDescriptors.noneIsLeftBy(() -> {
                    var server = new TcpServer((stream, peer) -> stream.write("here"));
                    var here = new MemoryAddress("here");
                    server.listen(here);
                    assertThat(server.addresses()).containsExactly(here);
                    var client = await(IOStream.connect(here));
                    assertThat(text(await(client.readBytes(4)))).isEqualTo("here");
                }));
    }

    @Test
    void anAddressHasOneListener() {
        onLoop(() -> {
            var first = new TcpServer((stream, peer) -> {});
            first.listen(address);
            var second = new TcpServer((stream, peer) -> {});
            assertThatThrownBy(() -> second.listen(address))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("memory:test is in use");
            first.stop();
            second.listen(address);
            second.stop();
        });
    }

    @Test
    void connectingFailsWhereNobodyListens() {
        onLoop(() ->
                assertThatThrownBy(() -> await(IOStream.connect(address)))
                        .isInstanceOf(ConnectFailedException.class)
                        .hasMessageContaining("can't connect to memory:test")
                        .hasMessageContaining("nobody listens"));
    }

    @Test
    void aLoopThatClosesFreesItsAddressAndClosesItsConnections() {
        onLoop(() -> {
            try (var other = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
                var listening = new CompletableFuture<Void>();
                var thread = Thread.ofPlatform().start(() -> other.start());
                other.addCallback(() -> {
                    new TcpServer((stream, peer) -> await(stream.readUntilClose())).listen(address);
                    listening.complete(null);
                });
                listening.get();
                var client = await(IOStream.connect(address));
                var rest = client.readUntilClose();
                other.addCallback(other::stop);
                thread.join();
                other.close();
                assertThat(await(rest)).isEmpty();
                assertThatThrownBy(() -> await(IOStream.connect(address)))
                        .isInstanceOf(ConnectFailedException.class);
            }
        });
    }

    @Test
    void theEndsMayBeOnTwoLoops() {
        var bytes = randomBytes(3 << 20, 7);
        onLoop(() -> {
            try (var other = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
                var echoing = new CompletableFuture<Void>();
                var thread = Thread.ofPlatform().start(() -> other.start());
                other.addCallback(() -> {
                    new TcpServer(
                                    (stream, peer) -> {
                                        while (true) {
                                            await(
                                                    stream.write(
                                                            await(stream.readAvailable(10_000))));
                                        }
                                    })
                            .listen(address);
                    echoing.complete(null);
                });
                echoing.get();
                var client = await(IOStream.connect(address));
                var back = client.readBytes(bytes.length);
                await(client.write(bytes));
                assertThat(await(back)).isEqualTo(bytes);
                client.close();
                other.addCallback(other::stop);
                thread.join();
            }
        });
    }

    @Test
    void aFileIsSentWhole(@TempDir Path folder) throws Exception {
        var bytes = randomBytes(1 << 20, 11);
        var file = Files.write(folder.resolve("file"), bytes);
        onPair((reader, writer) -> {
            try (var channel = FileChannel.open(file)) {
                var sent = ((IOStream) writer).sendFile(channel, 5, bytes.length - 5);
                var got = reader.readBytes(bytes.length - 5);
                await(sent);
                assertThat(await(got)).isEqualTo(Arrays.copyOfRange(bytes, 5, bytes.length));
            }
        });
    }

    @Test
    void aWriterWaitsForAReaderWhoseLoopIsHeld() {
        var bytes = randomBytes(16 << 20, 13);
        onLoop(() -> {
            try (var other = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
                var listening = new CompletableFuture<Void>();
                var hold = new CountDownLatch(1);
                var thread = Thread.ofPlatform().start(() -> other.start());
                other.addCallback(() -> {
                    new TcpServer((stream, peer) ->
                            await(stream.write(await(stream.readBytes(bytes.length)))))
                            .listen(address);
                    listening.complete(null);
                });
                listening.get();
                var client = await(IOStream.connect(address));
                other.addCallback(() -> awaitUninterrupted(hold));
                var written = client.write(bytes);
                turns(500);
                assertThat(written).isNotDone();
                hold.countDown();
                assertThat(await(client.readBytes(bytes.length))).isEqualTo(bytes);
                client.close();
                other.addCallback(other::stop);
                thread.join();
            }
        });
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
