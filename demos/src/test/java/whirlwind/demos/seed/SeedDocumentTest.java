package whirlwind.demos.seed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.crypto.bcrypt.BCrypt;
import whirlwind.curl.CurlTransport;
import whirlwind.demos.fetch.Fetching;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.http.client.HttpResponse;
import whirlwind.http.client.HttpStatusException;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.dns.BlockingResolver;
import whirlwind.net.dns.ThreadedResolver;
import whirlwind.process.LoopGroup;
import whirlwind.sync.Event;
import whirlwind.sync.Queue;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * The text that this project begins with, "Asynchronous and non-blocking I/O", claim by claim in
 * its order, each shown with the real thing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SeedDocumentTest {
    private static final int USERS = 1_000;

    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private LoopGroup servers;
    private IOLoop loop;

    @BeforeEach
    void startServer() {
        servers = LoopGroup.start(1, this::listen);
        loop = new IOLoop();
    }

    @AfterEach
    void stop() {
        loop.close();
        servers.close();
    }

    private HttpServer listen() {
        var server =
                new Application("/", Greeting::new)
                        .route("/wait", Waiting::new)
                        .route("/nothing", Missing::new)
                        .listen("127.0.0.1", 0);
        port.complete(server.port());
        return server;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port.join() + path;
    }

    private <T> T onLoop(Callable<T> body) {
        return loop.runSync(body);
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8);
    }

    private static final class Greeting extends RequestHandler {
        @Override
        protected void get() {
            write("Hello, world");
        }
    }

    private static final class Missing extends RequestHandler {
        @Override
        protected void get() {
            throw new HttpError(404);
        }
    }

    /** A user to whom nothing happens until everybody is here. */
    private static final class Waiting extends RequestHandler {
        private static final class Room {
            private final Event everybodyIsHere = new Event();
            private int here;
        }

        @Override
        protected void get() {
            var room = application().attachment(Room.class, Room::new);
            if (++room.here == USERS) {
                room.everybodyIsHere.set();
            }
            room.everybodyIsHere.await();
            write("Everybody is here");
        }
    }

    // "Real-time web features require a long-lived mostly-idle connection per user."

    @Test
    @Order(1)
    void manyLongLivedMostlyIdleConnectionsTakeNoThreads() throws IOException {
        var warmUp = new Socket("127.0.0.1", port.join());
        warmUp.close();
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        var users = new ArrayList<Socket>();
        try {
            for (int i = 0; i < USERS; i++) {
                var user = new Socket("127.0.0.1", port.join());
                users.add(user);
                user.getOutputStream()
                        .write(
                                "GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                        .getBytes(UTF_8));
            }
            // The first answer says that all of them have been waiting at the same time.
            for (var user : users) {
                assertThat(text(user.getInputStream().readAllBytes()))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("Everybody is here");
            }
            assertThat(ManagementFactory.getThreadMXBean().getPeakThreadCount() - before)
                    .isLessThan(USERS / 10);
        } finally {
            for (var user : users) {
                user.close();
            }
        }
    }

    // "Tornado uses a single-threaded event loop ... only one operation can be active at a time."

    @Test
    @Order(2)
    void onlyOneOperationIsActiveAtATimeSoStateNeedsNoLock() {
        var counter = new int[1];
        onLoop(() -> {
            var tasks =
                    IntStream.range(0, USERS)
                            .mapToObj(_ ->
                                    Async.spawn(() -> {
                                        for (int i = 0; i < 10; i++) {
                                            int seen = counter[0];
                                            counter[0] = seen + 1;
                                            Async.moment();
                                        }
                                    }))
                            .toList();
            return Async.await(tasks);
        });
        assertThat(counter[0]).isEqualTo(10 * USERS);
    }

    // "A function blocks when it waits for something to happen before returning."

    @Test
    @Order(3)
    void aBlockingCallInACoroutineSuspendsThatCoroutineAlone() {
        var got =
                onLoop(() -> {
                    var queue = new LinkedBlockingQueue<String>();
                    var waiting = Async.spawn(queue::take);
                    loop.addCallback(() -> queue.add("from the loop"));
                    return Async.await(waiting);
                });
        assertThat(got).isEqualTo("from the loop");
    }

    @Test
    @Order(4)
    void blockingNetworkCallsTalkToAServerOnTheSameLoop() {
        var answer =
                onLoop(() -> {
                    try (var server = new Application("/", Greeting::new).listen("127.0.0.1", 0);
                            var socket = new Socket("127.0.0.1", server.port())) {
                        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
                        return text(socket.getInputStream().readAllBytes());
                    }
                });
        assertThat(answer).endsWith("Hello, world");
    }

    // "... password hashing functions like bcrypt, which by design use hundreds of milliseconds."

    @Test
    @Order(5)
    void whileBcryptRunsBesideTheLoopAThousandRequestsAreAnswered() {
        var hash = BCrypt.hashpw("secret", BCrypt.gensalt(10));
        var answered = new AtomicBoolean();
        onLoop(() -> {
            var matches =
                    Async.offload(() -> {
                        boolean matched;
                        do {
                            matched = BCrypt.checkpw("secret", hash);
                        } while (!answered.get());
                        return matched;
                    });
            try (var server = new Application("/", Greeting::new).listen("127.0.0.1", 0)) {
                var client = AsyncHttpClient.current();
                var own = "http://127.0.0.1:" + server.port() + "/";
                var fetches = IntStream.range(0, USERS).mapToObj(_ -> client.fetch(own)).toList();
                assertThat(Async.await(fetches))
                        .hasSize(USERS)
                        .allMatch(response -> response.text().equals("Hello, world"));
            }
            assertThat(matches).isNotDone();
            answered.set(true);
            assertThat(Async.await(matches)).isTrue();
            return null;
        });
    }

    // "tornado.httpclient in the default configuration blocks on DNS resolution ..."

    @Test
    @Order(6)
    void theResolverThatBlocksHoldsTheLoop() throws Exception {
        var events = new ConcurrentLinkedQueue<String>();
        var asked = SlowNames.nextQuestion();
        var nameServer =
                Thread.ofPlatform()
                        .start(() -> {
                            asked.join();
                            loop.addCallback(() -> events.add("the loop goes on"));
                            events.add("the answer comes");
                            SlowNames.answer();
                        });
        onLoop(() -> {
            try (var resolver = new BlockingResolver()) {
                // In a callback, for it is the loop's own thread that is held.
                var done = new CompletableFuture<Boolean>();
                loop.addCallback(() -> {
                    resolver.resolve("blocking" + SlowNames.DOMAIN, 80);
                    events.add("the name is known");
                    loop.addCallback(() -> done.complete(true));
                });
                return Async.await(done);
            }
        });
        nameServer.join();
        assertThat(events)
                .containsExactly("the answer comes", "the name is known", "the loop goes on");
    }

    // "... to mitigate this use ThreadedResolver"

    @Test
    @Order(7)
    void theThreadedResolverDoesNot() {
        var asked = SlowNames.nextQuestion();
        var addresses =
                onLoop(() -> {
                    try (var resolver = new ThreadedResolver()) {
                        var resolved = resolver.resolve("threaded" + SlowNames.DOMAIN, 80);
                        Async.await(Async.shield(asked));
                        Async.moment(); // the loop goes on
                        assertThat(resolved).isNotDone();
                        SlowNames.answer();
                        return Async.await(resolved);
                    }
                });
        assertThat(addresses.getFirst().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    @Order(8)
    void norDoesTheClientWhichUsesIt() {
        var asked = SlowNames.nextQuestion();
        var body =
                onLoop(() -> {
                    var fetch =
                            AsyncHttpClient.current()
                                    .fetch(
                                            "http://client"
                                                    + SlowNames.DOMAIN
                                                    + ":"
                                                    + port.join()
                                                    + "/");
                    Async.await(Async.shield(asked));
                    var meanwhile = Async.await(AsyncHttpClient.current().fetch(url("/"))).text();
                    assertThat(fetch).isNotDone();
                    SlowNames.answer();
                    return meanwhile + "; " + Async.await(fetch).text();
                });
        assertThat(body).isEqualTo("Hello, world; Hello, world");
    }

    // "... or a tornado.curl_httpclient with a properly-configured build of libcurl"

    @Test
    @Order(9)
    void theCurlClientLooksNamesUpBesideTheLoopToo() {
        onLoop(() -> {
            var options = ClientOptions.DEFAULTS.withTransport(CurlTransport::new);
            try (var client = new AsyncHttpClient(options)) {
                var nowhere = client.fetch("http://no-such-host.invalid/");
                assertThat(nowhere).isNotDone(); // asked, and the loop goes on
                assertThat(Async.await(client.fetch(url("/"))).text()).isEqualTo("Hello, world");
                assertThatThrownBy(() -> Async.await(nowhere))
                        .hasMessageContaining("no-such-host.invalid");
                return null;
            }
        });
    }

    // "An asynchronous function returns before it is finished ..."

    @Test
    @Order(10)
    void anAsynchronousFunctionReturnsBeforeItIsFinished() {
        onLoop(() -> {
            var fetch = AsyncHttpClient.current().fetch(url("/"));
            assertThat(fetch).isNotDone();
            return Async.await(fetch);
        });
    }

    // "There are many styles of asynchronous interfaces"

    @Test
    @Order(11)
    void styleCallbackArgument() {
        var body =
                onLoop(() -> {
                    var called = loop.<byte[]>newFuture();
                    fetching().callbackFetch(url("/"), called::complete);
                    return Async.await(called);
                });
        assertThat(text(body)).isEqualTo("Hello, world");
    }

    @Test
    @Order(12)
    void stylePlaceholder() {
        var body = onLoop(() -> Async.await(fetching().futureFetch(url("/"))));
        assertThat(text(body)).isEqualTo("Hello, world");
    }

    @Test
    @Order(13)
    void styleDeliverToAQueue() {
        var bodies =
                onLoop(() -> {
                    var queue = new Queue<byte[]>(1); // room for one, so that the others wait
                    for (int i = 0; i < 3; i++) {
                        fetching().queueFetch(url("/"), queue);
                    }
                    return List.of(text(queue.get()), text(queue.get()), text(queue.get()));
                });
        assertThat(bodies).containsOnly("Hello, world").hasSize(3);
    }

    @Test
    @Order(14)
    void styleCallbackRegistryWithARealPosixSignal() {
        var count =
                onLoop(() -> {
                    var signals = new Queue<String>();
                    var listener = loop.onSignal("USR2", () -> signals.putNowait("USR2"));
                    try {
                        for (int i = 0; i < 2; i++) {
                            new ProcessBuilder("kill", "-USR2", "" + ProcessHandle.current().pid())
                                    .start();
                            assertThat(signals.get()).isEqualTo("USR2");
                        }
                        return signals.size();
                    } finally {
                        listener.close();
                    }
                });
        assertThat(count).isZero();
    }

    // "... there is no free way to make a synchronous function asynchronous in a way that is
    // transparent to its callers"

    @Test
    @Order(15)
    void theSynchronousClientOnALoopSaysWhatToUseInstead() {
        assertThatThrownBy(() -> onLoop(() -> Fetching.synchronousFetch(url("/"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("AsyncHttpClient");
    }

    // "Here is a sample synchronous function", and the same with a callback, a future, a coroutine

    @Test
    @Order(16)
    void theSynchronousFunction() {
        assertThat(text(Fetching.synchronousFetch(url("/")))).isEqualTo("Hello, world");
    }

    @Test
    @Order(17)
    void theFunctionInEveryFormGetsTheSame() {
        var synchronous = Fetching.synchronousFetch(url("/"));
        onLoop(() -> {
            var called = loop.<byte[]>newFuture();
            fetching().callbackFetch(url("/"), called::complete);
            assertThat(Async.await(called)).isEqualTo(synchronous);
            assertThat(Async.await(fetching().futureFetch(url("/")))).isEqualTo(synchronous);
            assertThat(fetching().coroutineFetch(url("/"))).isEqualTo(synchronous);
            return null;
        });
    }

    // "Error handling is more consistent since the Future.result method can simply raise"

    @Test
    @Order(18)
    void anErrorTravelsThroughAFuture() {
        onLoop(() -> {
            var lengthOfBody =
                    fetching().futureFetch(url("/nothing")).thenApply(body -> body.length);
            assertThatThrownBy(() -> Async.await(lengthOfBody))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessage("HTTP 404: Not Found");
            return null;
        });
    }

    @Test
    @Order(19)
    void anErrorTravelsThroughACoroutinesTryAndCatch() {
        var caught =
                onLoop(() -> {
                    try {
                        return "got " + fetching().coroutineFetch(url("/nothing")).length;
                    } catch (HttpStatusException e) {
                        return "caught " + e.code();
                    } finally {
                        assertThat(loop.isCurrent()).isTrue();
                    }
                });
        assertThat(caught).isEqualTo("caught 404");
    }

    @Test
    @Order(20)
    void withACallbackTheErrorHasToBeLookedFor() {
        var response =
                onLoop(() -> {
                    var called = loop.<HttpResponse>newFuture();
                    AsyncHttpClient.current().fetch(url("/nothing"), called::complete);
                    return Async.await(called);
                });
        assertThat(response.error()).isInstanceOf(HttpStatusException.class);
        assertThatThrownBy(response::rethrow).hasMessage("HTTP 404: Not Found");
    }

    // "... a return response.body achieves the same result"

    @Test
    @Order(21)
    void aCoroutineReturnsItsValueByReturn() {
        Callable<byte[]> fetchCoroutine =
                () -> {
                    var response = Async.await(AsyncHttpClient.current().fetch(url("/")));
                    return response.body();
                };
        var body = onLoop(() -> Async.await(Async.spawn(fetchCoroutine)));
        assertThat(text(body)).isEqualTo("Hello, world");
    }

    private static Fetching fetching() {
        return new Fetching(AsyncHttpClient.current());
    }
}
