package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.AsyncResolver;
import whirlwind.net.dns.DnsOptions;

/**
 * Servers that stop in the middle of something. Each fetch ends in its time, says where it had come
 * to, and leaves nothing open.
 */
public interface StallContract extends ClientContract {
    Duration LIMIT = Duration.ofSeconds(2);
    Duration PATIENT_LIMIT = Duration.ofSeconds(15);

    /** Somewhere to stall, with what is to be closed afterwards. */
    interface Scene {
        HttpRequest request(List<AutoCloseable> open) throws IOException;
    }

    /** A line of the table. */
    record Stall(String who, Stage stage, String words, Scene scene) {}

    String HEAD = "HTTP/1.1 200 OK\r\n";
    String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    List<Stall> STALLS =
            List.of(
                    new Stall("a name server", Stage.RESOLVE, "resolving the name", byName()),
                    new Stall("a full backlog", Stage.CONNECT, "for a connection", fullBacklog()),
                    new Stall("an HTTP proxy", Stage.PROXY, "proxy", proxy(Proxy.Type.HTTP, "one")),
                    new Stall(
                            "a SOCKS proxy", Stage.PROXY, "proxy", proxy(Proxy.Type.SOCKS5, "two")),
                    new Stall("a TLS server", Stage.TLS, "in the TLS handshake", tls()),
                    new Stall("no answer", Stage.REQUEST, "for the response", after("")),
                    new Stall("a status line", Stage.REQUEST, "response", after("HTTP/1.1 2")),
                    new Stall("headers", Stage.REQUEST, "for the response", after(HEAD + "X-A: ")),
                    new Stall(
                            "only 100s",
                            Stage.REQUEST,
                            "response",
                            after("HTTP/1.1 100 A\r\n\r\n")),
                    new Stall(
                            "a body",
                            Stage.BODY,
                            "body",
                            after(HEAD + "Content-Length: 5\r\n\r\nhel")),
                    new Stall("no length", Stage.BODY, "body", after(HEAD + "\r\nhel")),
                    new Stall("a chunk's size", Stage.BODY, "body", after(CHUNKED + "1")),
                    new Stall("a chunk", Stage.BODY, "body", after(CHUNKED + "5\r\nhel")),
                    new Stall(
                            "a trailer",
                            Stage.BODY,
                            "body",
                            after(CHUNKED + "1\r\na\r\n0\r\nX-A: ")));

    private static Scene byName() {
        return open -> HttpRequest.of("http://nobody-knows.test/");
    }

    private static Scene fullBacklog() {
        return open -> {
            var socket = keep(open, new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
            for (int i = 0; i < 4; i++) { // nobody accepts them, and there is room for two
                var waiting = keep(open, SocketChannel.open());
                waiting.configureBlocking(false);
                waiting.connect(socket.getLocalSocketAddress());
            }
            return HttpRequest.of("http://127.0.0.1:" + socket.getLocalPort() + "/");
        };
    }

    private static Scene proxy(Proxy.Type type, String host) {
        return open -> {
            var server = keep(open, new ScriptedServer(peer -> peer.awaitClose()));
            return HttpRequest.of("https://" + host + ".invalid/")
                    .withProxy(Proxy.of(type, "127.0.0.1", server.port()));
        };
    }

    private static Scene tls() {
        return open -> {
            var server = keep(open, new ScriptedServer(peer -> peer.awaitClose()));
            return HttpRequest.of("https://127.0.0.1:" + server.port() + "/");
        };
    }

    private static Scene after(String start) {
        return open -> {
            var server =
                    keep(
                            open,
                            new ScriptedServer(peer -> {
                                peer.readHead();
                                peer.write(start);
                                peer.awaitClose();
                            }));
            return server.get();
        };
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> open, T resource) {
        open.add(resource);
        return resource;
    }

    @Test
    default void whoeverStallsIsLeftInTimeAndTheMessageSaysWhere() {
        runWithoutLeaks(w -> {
            var late = leftElsewhere(w, STALLS, LIMIT);
            assertThat(leftElsewhere(w, late.keySet(), PATIENT_LIMIT)).isEmpty();
        });
    }

    /**
     * All of them at a time: which weren't left where they stall, and how they ended. On a busy
     * machine a server may not get there within the limit.
     */
    private static Map<Stall, Throwable> leftElsewhere(
            ClientWorld w, Collection<Stall> stalls, Duration limit) throws Exception {
        var open = new ArrayList<AutoCloseable>();
        try {
            var nameServer = keep(open, new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            var client = keep(open, new AsyncHttpClient(askingOnly(w, nameServer)));
            var fetches = new LinkedHashMap<Stall, CompletableFuture<HttpResponse>>();
            var urls = new HashMap<Stall, String>();
            for (var stall : stalls) {
                var request = stall.scene().request(open);
                urls.put(stall, request.url());
                fetches.put(
                        stall,
                        client.fetch(request.withConnectTimeout(limit).withRequestTimeout(limit)));
            }
            var elsewhere = new LinkedHashMap<Stall, Throwable>();
            fetches.forEach((stall, fetched) -> {
                var failure = catchThrowable(() -> Async.await(fetched));
                if (!isLeftThere(failure, stall, urls.get(stall))) {
                    elsewhere.put(stall, failure);
                }
            });
            for (var resource : open) {
                if (resource instanceof ScriptedServer server && elsewhere.isEmpty()) {
                    w.await(() -> server.closedByClients() == 1);
                }
            }
            return elsewhere;
        } finally {
            for (var resource : open.reversed()) {
                resource.close();
            }
        }
    }

    private static boolean isLeftThere(Throwable failure, Stall stall, String url) {
        return failure instanceof HttpTimeoutException timeout
                && timeout.stage() == stall.stage()
                && timeout.getMessage().contains(url)
                && timeout.getMessage().contains(stall.words());
    }

    private static ClientOptions askingOnly(ClientWorld w, DatagramSocket nameServer) {
        var address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), nameServer.getLocalPort());
        var dns = DnsOptions.DEFAULTS.withNameServers(address);
        return w.options()
                .withMaxClients(STALLS.size())
                .withConnections(
                        ConnectionOptions.DEFAULTS.withResolver(() -> new AsyncResolver(dns)));
    }
}
