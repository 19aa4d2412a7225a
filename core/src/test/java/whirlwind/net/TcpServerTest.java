package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import io.netty.channel.unix.Socket;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.process.LoopGroup;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class TcpServerTest {
    private static IOStream connect(TcpServer server) {
        return await(IOStream.connect(new InetSocketAddress("127.0.0.1", server.port())));
    }

    private static void echo(IOStream stream, Object address) {
        try (stream) {
            while (true) {
                await(stream.write(await(stream.readUntil("\n"))));
            }
        }
    }

    @Test
    void aHandlerRunsForEachConnectionAndKnowsItsAddress() {
        onLoop(() -> {
            var addresses = new ArrayList<Object>();
            var server =
                    new TcpServer((stream, address) -> {
                        addresses.add(address);
                        echo(stream, address);
                    });
            server.listen("127.0.0.1", 0);
            try (server;
                    var first = connect(server);
                    var second = connect(server)) {
                second.write("two\n");
                first.write("one\n");
                assertThat(text(await(first.readUntil("\n")))).isEqualTo("one\n");
                assertThat(text(await(second.readUntil("\n")))).isEqualTo("two\n");
                assertThat(addresses).containsExactly(first.localAddress(), second.localAddress());
                assertThat(server.connectionCount()).isEqualTo(2);
            }
        });
    }

    @Test
    void aServerListensBeforeItsLoopRuns() {
        try (var loop = new IOLoop()) {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
            assertThat(
                            loop.<Boolean>runSync(() -> {
                                try (var client = connect(server)) {
                                    await(client.write("x\n"));
                                    return await(client.readUntil("\n")).length == 2;
                                }
                            }))
                    .isTrue();
            server.close();
        }
    }

    @Test
    void portZeroIsOnePortForAllAddressesOfAName() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("localhost", 0);
            assertThat(server.addresses())
                    .isNotEmpty()
                    .allSatisfy(address ->
                            assertThat(((InetSocketAddress) address).getPort())
                                    .isEqualTo(server.port()));
            connect(server).close();
            server.close();
        });
    }

    @Test
    void aServerListensOnSeveralAddresses() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
            server.listen("127.0.0.2", 0);
            assertThat(server.addresses()).hasSize(2);
            for (var address : server.addresses()) {
                try (var client = await(IOStream.connect(address))) {
                    client.write("x\n");
                    await(client.readUntil("\n"));
                }
            }
            server.close();
        });
    }

    @Test
    void aPortInUseAndAnUnknownHostAreSaidInOneSentence() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
            var other = new TcpServer(TcpServerTest::echo);
            assertThatThrownBy(() -> other.listen("127.0.0.1", server.port()))
                    .isInstanceOf(AddressInUseException.class)
                    .hasMessageContaining("stop the program that has it");
            assertThatThrownBy(() -> other.listen("no such host.invalid", 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("host: 'no such host.invalid' is unknown");
            assertThatThrownBy(other::port).isInstanceOf(IllegalStateException.class);
            server.close();
        });
    }

    @Test
    void severalServersShareAPort() {
        onLoop(() -> {
            var options = TcpServerOptions.DEFAULTS.withReusePort(true);
            var first = new TcpServer(TcpServerTest::echo, options);
            var second = new TcpServer(TcpServerTest::echo, options);
            first.listen("127.0.0.1", 0);
            second.listen("127.0.0.1", first.port());
            var clients = new ArrayList<IOStream>();
            while (first.connectionCount() == 0 || second.connectionCount() == 0) {
                clients.add(connect(first));
                turns(3);
            }
            clients.forEach(IOStream::close);
            first.close();
            second.close();
        });
    }

    @Test
    void aSocketThatListensAlreadyIsTakenOver() {
        onLoop(() -> {
            var inherited = Socket.newSocketStream();
            inherited.bind(new InetSocketAddress("127.0.0.1", 0));
            inherited.listen(10);
            var server = new TcpServer(TcpServerTest::echo);
            server.addSocket(inherited.intValue());
            try (server;
                    var client = connect(server)) {
                assertThat(server.port()).isEqualTo(inherited.localAddress().getPort());
                client.write("x\n");
                assertThat(text(await(client.readUntil("\n")))).isEqualTo("x\n");
            }
        });
    }

    @Test
    void serversOfLoopsThatShareTheirPortsDoSoUnasked() {
        onLoop(
                LoopOptions.DEFAULTS.withReusePort(true),
                () -> {
                    try (var first = new TcpServer(TcpServerTest::echo);
                            var second = new TcpServer(TcpServerTest::echo)) {
                        first.listen("127.0.0.1", 0);
                        second.listen("127.0.0.1", first.port());
                        assertThat(second.port()).isEqualTo(first.port());
                    }
                });
    }

    @Test
    void eachLoopOfAGroupServesConnectionsOfTheirPort() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var served = new HashSet<String>();
        try (var group = LoopGroup.start(2, () -> serverThatTellsItsLoop(port))) {
            for (int i = 0; i < 100; i++) {
                try (var client = new java.net.Socket("127.0.0.1", port)) {
                    served.add(text(client.getInputStream().readAllBytes()));
                }
            }
            assertThat(served)
                    .containsExactlyInAnyOrderElementsOf(
                            group.loops().stream().map(IOLoop::name).toList());
        }
    }

    private static Drainable serverThatTellsItsLoop(int port) {
        var server =
                new TcpServer((stream, address) -> {
                    await(stream.write(IOLoop.current().name()));
                    stream.close();
                });
        server.listen("127.0.0.1", port);
        return server::drain;
    }

    @Test
    void stoppingLetsConnectionsGoOn() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
            int port = server.port();
            try (var client = connect(server)) {
                client.write("a\n");
                await(client.readUntil("\n"));
                server.stop();
                server.stop();
                assertThatThrownBy(() ->
                                await(IOStream.connect(new InetSocketAddress("127.0.0.1", port))))
                        .hasMessageContaining("refused");
                client.write("b\n");
                assertThat(text(await(client.readUntil("\n")))).isEqualTo("b\n");
            }
        });
    }

    @Test
    void aHandlerMayStopItsServer() {
        onLoop(() -> {
            var self = new CompletableFuture<TcpServer>();
            var server =
                    new TcpServer((stream, address) -> {
                        self.join().stop();
                        await(stream.write("stopped"));
                        stream.close();
                    });
            self.complete(server);
            server.listen("127.0.0.1", 0);
            try (var client = connect(server)) {
                assertThat(text(await(client.readUntilClose()))).isEqualTo("stopped");
            }
        });
    }

    @Test
    void anExceptionInAHandlerIsLoggedAndClosesItsStream() {
        try (var log = LogCapture.of(TcpServer.class)) {
            onLoop(() -> {
                var server =
                        new TcpServer((stream, address) -> {
                            throw new IllegalStateException("oops");
                        });
                server.listen("127.0.0.1", 0);
                for (int i = 0; i < 2; i++) {
                    try (var client = connect(server)) {
                        assertThat(await(client.readUntilClose())).isEmpty();
                    }
                }
                server.close();
            });
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line ->
                            line.startsWith("ERROR Exception in the handler of the stream with"));
        }
    }

    @Test
    void aClientThatGoesAwayIsNoNews() {
        try (var log = LogCapture.of(TcpServer.class)) {
            onLoop(() -> {
                var server = new TcpServer(TcpServerTest::echo);
                server.listen("127.0.0.1", 0);
                connect(server).close();
                var reset = new java.net.Socket("127.0.0.1", server.port());
                turns(20);
                reset.setSoLinger(true, 0);
                reset.close();
                server.drain(Duration.ofSeconds(20));
            });
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void connectionsBeyondTheLimitWait() {
        try (var log = LogCapture.of(TcpServer.class)) {
            onLoop(() -> {
                var server =
                        new TcpServer(
                                TcpServerTest::echo,
                                TcpServerOptions.DEFAULTS.withMaxConnections(2));
                server.listen("127.0.0.1", 0);
                var clients = List.of(connect(server), connect(server));
                turns(10);
                try (var third = connect(server)) {
                    third.write("x\n");
                    var answer = third.readUntil("\n");
                    turns(50);
                    assertThat(answer).isNotDone();
                    clients.getFirst().close();
                    assertThat(text(await(answer))).isEqualTo("x\n");
                }
                server.close();
            });
            assertThat(log.lines()).isNotEmpty().first().asString().contains("2 connections");
        }
    }

    @Test
    void drainingWaitsForConnectionsAndThenClosesThem() {
        var time = new VirtualTime();
        onLoop(
                LoopOptions.DEFAULTS.withTicker(time),
                () -> {
                    var server = new TcpServer(TcpServerTest::echo);
                    server.listen("127.0.0.1", 0);
                    var quick = connect(server);
                    var stubborn = connect(server);
                    stubborn.write("x\n");
                    await(stubborn.readUntil("\n"));
                    var drained = Async.spawn(() -> server.drain(Duration.ofSeconds(3)));
                    quick.close();
                    time.advance(Duration.ofSeconds(2));
                    assertThat(drained).isNotDone();
                    time.advance(Duration.ofSeconds(1));
                    await(drained);
                    assertThat(server.connectionCount()).isZero();
                    assertThat(await(stubborn.readUntilClose())).isEmpty();
                });
    }

    @Test
    void whoeverDrainsAServerMeanwhileWaitsToo() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
            var client = connect(server);
            client.write("x\n");
            await(client.readUntil("\n"));
            var first = Async.spawn(() -> server.drain(Duration.ofHours(1)));
            var second = Async.spawn(() -> server.drain(Duration.ofHours(1)));
            turns(5);
            assertThat(first).isNotDone();
            client.close();
            await(second);
            await(first);
        });
    }

    @Test
    void aServerMayBeClosedAfterItsLoop() {
        TcpServer server;
        try (var loop = new IOLoop()) {
            server = new TcpServer(TcpServerTest::echo);
            server.listen("127.0.0.1", 0);
        }
        assertThatCode(server::stop).doesNotThrowAnyException();
        assertThatCode(server::close).doesNotThrowAnyException();
    }

    @Test
    void whatIsNoListeningSocketIsNotTakenOver() {
        onLoop(() -> {
            var server = new TcpServer(TcpServerTest::echo);
            var idle = Socket.newSocketStream();
            for (int descriptor : new int[] {idle.intValue(), 99_999}) {
                assertThatThrownBy(() -> server.addSocket(descriptor))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageStartingWith("can't listen on descriptor " + descriptor);
            }
            assertThat(server.addresses()).isEmpty();
            idle.close();
        });
    }
}
