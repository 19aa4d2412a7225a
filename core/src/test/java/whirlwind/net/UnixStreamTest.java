package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.text;

import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.OpenDescriptors;

class UnixStreamTest implements StreamContract {
    @TempDir private Path directory;

    @Override
    public Pair open(StreamOptions options) {
        var socket = directory.resolve("socket");
        var accepted = new CompletableFuture<IOStream>();
        var server =
                new TcpServer(
                        (stream, address) -> accepted.complete(stream),
                        TcpServerOptions.DEFAULTS.withStreams(options));
        server.listen(socket);
        var client = await(IOStream.connect(UnixDomainSocketAddress.of(socket), options));
        return new Pair(await(accepted), client, server);
    }

    @Test
    void theSocketsFileIsForItsUserAndGoesWithTheServer() {
        onLoop(() -> {
            var socket = directory.resolve("socket");
            var server = new TcpServer((stream, address) -> {});
            server.listen(socket);
            assertThat(Files.getPosixFilePermissions(socket))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(server.addresses()).containsExactly(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
            server.stop();
            assertThat(socket).doesNotExist();
        });
    }

    @Test
    void aSocketThatWasLeftIsReplaced() {
        onLoop(() -> {
            var socket = directory.resolve("socket");
            var first = new TcpServer((stream, address) -> {});
            first.listen(socket);
            var server = new TcpServer((stream, address) -> stream.write("second"));
            server.listen(socket);
            var client = await(IOStream.connect(UnixDomainSocketAddress.of(socket)));
            assertThat(text(await(client.readBytes(6)))).isEqualTo("second");
            client.close();
            server.close();
            first.close();
        });
    }

    @Test
    void anotherFileIsLeftAlone() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "precious");
        onLoop(() -> {
            var server = new TcpServer((stream, address) -> {});
            assertThatThrownBy(() -> server.listen(file))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("is no socket");
            server.close();
        });
        assertThat(file).hasContent("precious");
    }

    @Test
    void aSocketThatCannotBeMadeLeavesNothingOpen() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "precious");
        onLoop(() ->
                OpenDescriptors.noneIsLeftBy(() -> {
                    var server = new TcpServer((stream, address) -> {});
                    assertThatThrownBy(() -> server.listen(file))
                            .isInstanceOf(UncheckedIOException.class);
                }));
    }
}
