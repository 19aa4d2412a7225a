package whirlwind.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;
import whirlwind.net.AddressInUseException;

class LoopGroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Serves the name of its loop, on a port that the first of a group chose for all. */
    private static final class Named {
        private final AtomicInteger port = new AtomicInteger();

        HttpServer listen() {
            var name = IOLoop.current().name().getBytes(UTF_8);
            var server = new HttpServer(exchange -> exchange.respond(200, new Headers(), name));
            server.listen("127.0.0.1", port.get());
            port.set(server.port());
            return server;
        }
    }

    @Test
    void twoLoopsAnswerOnOnePortWithApplicationsOfTheirOwn() throws Exception {
        var application = new Named();
        try (var group = LoopGroup.start(2, application::listen)) {
            Set<String> names = new HashSet<>();
            while (names.size() < 2) {
                names.add(Get.body(application.port.get()));
            }
            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(
                            group.loops().stream().map(IOLoop::name).toList());
        }
        assertThatThrownBy(() -> Get.tried(application.port.get()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void thereIsALoopForEachProcessor() {
        var bodies = new AtomicInteger();
        try (var group =
                LoopGroup.start(() -> {
                    bodies.incrementAndGet();
                    return limit -> {};
                })) {
            assertThat(group.loops())
                    .hasSize(LoopGroup.cpuCount())
                    .hasSize(Runtime.getRuntime().availableProcessors());
            assertThat(bodies).hasValue(LoopGroup.cpuCount());
        }
    }

    @Test
    void aGroupOfNoLoopsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoopGroup.start(0, () -> limit -> {}))
                .withMessage("loops: 0 (at least 1)");
    }

    @Test
    void aPortThatIsTakenIsReportedAndNoLoopIsLeft() throws Exception {
        try (var loop = new IOLoop()) {
            var other = new HttpServer(exchange -> {});
            other.listen("127.0.0.1", 0);
            Set<IOLoop> begun = ConcurrentHashMap.newKeySet();
            assertThatThrownBy(() ->
                            LoopGroup.start(
                                    2,
                                    () -> {
                                        begun.add(IOLoop.current());
                                        var server = new HttpServer(exchange -> {});
                                        server.listen("127.0.0.1", other.port());
                                        return server;
                                    }))
                    .isInstanceOf(AddressInUseException.class);
            assertThat(begun).hasSize(1).doesNotContain(loop);
            awaitEnd(begun);
        }
    }

    @Test
    void aFailureOfALaterBodyEndsTheLoopsBeforeIt() throws Exception {
        var bodies = new AtomicInteger();
        Set<IOLoop> begun = ConcurrentHashMap.newKeySet();
        assertThatThrownBy(() ->
                        LoopGroup.start(
                                3,
                                () -> {
                                    begun.add(IOLoop.current());
                                    if (bodies.incrementAndGet() == 2) {
                                        throw new IOException("no such file");
                                    }
                                    return limit -> {};
                                }))
                .hasStackTraceContaining("no such file");
        assertThat(begun).hasSize(2);
        awaitEnd(begun);
    }

    @Test
    void stopLetsRunningRequestsFinishOnEveryLoop() throws Exception {
        var port = new AtomicInteger();
        var arrived = new CompletableFuture<IOLoop>();
        var release = new CompletableFuture<Void>();
        try (var group =
                LoopGroup.start(
                        2,
                        () -> {
                            var server =
                                    new HttpServer(exchange -> {
                                        arrived.complete(IOLoop.current());
                                        Async.await(Async.shield(release));
                                        exchange.respond(
                                                200, new Headers(), "late".getBytes(UTF_8));
                                    });
                            server.listen("127.0.0.1", port.get());
                            port.set(server.port());
                            return server;
                        })) {
            var answer = CompletableFuture.supplyAsync(() -> Get.body(port.get()));
            var busy = arrived.get(30, TimeUnit.SECONDS);
            group.stop(PATIENCE);
            for (var loop : group.loops()) {
                if (loop != busy) {
                    awaitEnd(Set.of(loop));
                }
            }
            release.complete(null);
            group.join();
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("late");
        }
    }

    @Test
    void whatDoesNotDrainWithinTheLimitIsDropped() throws Exception {
        Drainable endless = limit -> Async.await(new CompletableFuture<>());
        try (var group = LoopGroup.start(2, () -> endless)) {
            group.stop(Duration.ofMillis(20));
            group.join();
            awaitEnd(group.loops());
        }
    }

    @Test
    void aSignalDrainsTheGroup() throws Exception {
        var drained = new AtomicInteger();
        try (var group = LoopGroup.start(2, () -> limit -> drained.incrementAndGet())) {
            group.drainOnSignal(PATIENCE);
            Signal.raise(new Signal("TERM"));
            group.join();
            assertThat(drained).hasValue(2);
        }
    }

    @Test
    void aLoopOfTheGroupCannotWaitForItself() throws Exception {
        try (var group = LoopGroup.start(1, () -> limit -> {})) {
            var result = new CompletableFuture<Void>();
            group.loops()
                    .getFirst()
                    .spawnCallback(() -> {
                        assertThatIllegalStateException().isThrownBy(group::join);
                        assertThatIllegalStateException().isThrownBy(group::close);
                        group.stop(PATIENCE);
                        result.complete(null);
                    });
            result.get(30, TimeUnit.SECONDS);
            group.join();
        }
    }

    /** A closed loop's own thread ends a moment after who has closed it goes on. */
    private static void awaitEnd(Collection<IOLoop> loops) throws InterruptedException {
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (loops.stream().anyMatch(loop -> loop.name().equals(thread.getName()))) {
                thread.join();
            }
        }
    }
}
