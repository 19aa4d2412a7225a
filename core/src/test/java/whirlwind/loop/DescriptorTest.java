package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescriptorTest {

    static Stream<String> transports() {
        return Loops.transports().filter(transport -> !transport.equals("nio"));
    }

    private static IOLoop loop(String transport) {
        return new IOLoop(LoopOptions.DEFAULTS.withTransport(transport));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void handlerIsCalledWhenADescriptorCanBeRead(String transport) {
        try (var loop = loop(transport);
                var pipe = Libc.Pipe.open()) {
            loop.runSync(() -> {
                var called = new CompletableFuture<Set<FdEvent>>();
                var fds = new ArrayList<Integer>();
                loop.addHandler(
                        pipe.readEnd(),
                        (fd, events) -> {
                            fds.add(fd);
                            pipe.read();
                            called.complete(events);
                        },
                        FdEvent.READ);
                turns(5);
                assertThat(fds).isEmpty();
                pipe.write();
                assertThat(Async.await(called)).containsExactly(FdEvent.READ);
                turns(5);
                assertThat(fds).containsExactly(pipe.readEnd());
                return null;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void writingThreadWakesALoopThatWaitsForADescriptor(String transport) {
        try (var loop = loop(transport);
                var pipe = Libc.Pipe.open()) {
            loop.runSync(() -> {
                var read = new AtomicInteger();
                var all = new CompletableFuture<Void>();
                loop.addHandler(
                        pipe.readEnd(),
                        (fd, events) -> {
                            while (pipe.read()) {
                                if (read.incrementAndGet() == 200) {
                                    all.complete(null);
                                }
                            }
                        },
                        FdEvent.READ);
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < 200; i++) {
                                pipe.write();
                                Thread.yield();
                            }
                        });
                Async.await(all);
                return null;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void handlerIsCalledAgainForAsLongAsTheDescriptorIsReady(String transport) {
        try (var loop = loop(transport)) {
            int fd = Libc.eventfd();
            loop.runSync(() -> {
                var calls = new AtomicInteger();
                var enough = new CompletableFuture<Void>();
                loop.addHandler(
                        fd,
                        (ready, events) -> {
                            if (calls.incrementAndGet() == 5) {
                                assertThat(Libc.readEventfd(fd)).isTrue();
                                enough.complete(null);
                            }
                        },
                        FdEvent.READ);
                Libc.addToEventfd(fd);
                Async.await(enough);
                turns(5);
                assertThat(calls).hasValue(5);
                loop.removeHandler(fd);
                return null;
            });
            assertThat(Libc.close(fd)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void handlerHearsOnlyOfEventsThatWereAskedFor(String transport) {
        try (var loop = loop(transport)) {
            int fd = Libc.eventfd(); // always writable
            loop.runSync(() -> {
                var seen = new ArrayList<Set<FdEvent>>();
                var called =
                        new ArrayList<CompletableFuture<Void>>(List.of(new CompletableFuture<>()));
                loop.addHandler(
                        fd,
                        (ready, events) -> {
                            seen.add(events);
                            loop.updateHandler(fd);
                            called.getLast().complete(null);
                        },
                        FdEvent.READ);
                turns(5);
                assertThat(seen).isEmpty();
                loop.updateHandler(fd, FdEvent.WRITE);
                Async.await(called.getLast());
                turns(5);
                assertThat(seen).containsExactly(Set.of(FdEvent.WRITE));
                called.add(new CompletableFuture<>());
                Libc.addToEventfd(fd);
                loop.updateHandler(fd, FdEvent.READ, FdEvent.WRITE);
                Async.await(called.getLast());
                turns(5);
                assertThat(seen)
                        .containsExactly(
                                Set.of(FdEvent.WRITE), Set.of(FdEvent.READ, FdEvent.WRITE));
                return null;
            });
            loop.removeHandler(fd);
            Libc.close(fd);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void hangUpIsReportedUnasked(String transport) {
        try (var loop = loop(transport);
                var pipe = Libc.Pipe.open()) {
            loop.runSync(() -> {
                var called = new CompletableFuture<Set<FdEvent>>();
                loop.addHandler(
                        pipe.readEnd(),
                        (fd, events) -> {
                            loop.removeHandler(fd);
                            called.complete(events);
                        });
                Libc.close(pipe.writeEnd());
                assertThat(Async.await(called)).containsExactly(FdEvent.ERROR);
                return null;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void handlerThatRemovesAnotherReadyOneSilencesIt(String transport) {
        try (var loop = loop(transport)) {
            int a = Libc.eventfd();
            int b = Libc.eventfd();
            loop.runSync(() -> {
                for (int round = 0; round < 20; round++) {
                    var called = new ArrayList<Integer>();
                    FdHandler removesBoth =
                            (fd, events) -> {
                                called.add(fd);
                                loop.removeHandler(a);
                                loop.removeHandler(b);
                            };
                    Libc.addToEventfd(a);
                    Libc.addToEventfd(b);
                    loop.addHandler(a, removesBoth, FdEvent.READ);
                    loop.addHandler(b, removesBoth, FdEvent.READ);
                    while (called.isEmpty()) {
                        Async.moment();
                    }
                    turns(3);
                    assertThat(called).hasSize(1);
                }
                return null;
            });
            Libc.close(a);
            Libc.close(b);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void failingHandlerIsLoggedAndTheLoopGoesOn(String transport) {
        try (var log = new LogCapture();
                var loop = loop(transport);
                var pipe = Libc.Pipe.open()) {
            loop.runSync(() -> {
                var called = new CompletableFuture<Void>();
                loop.addHandler(
                        pipe.readEnd(),
                        (fd, events) -> {
                            pipe.read();
                            called.complete(null);
                            throw new IllegalStateException("handler");
                        },
                        FdEvent.READ);
                pipe.write();
                Async.await(called);
                turns(2);
                return null;
            });
            assertThat(log.failures()).containsExactly("java.lang.IllegalStateException: handler");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void descriptorIsRegisteredOnceAtATime(String transport) {
        try (var loop = loop(transport);
                var pipe = Libc.Pipe.open()) {
            loop.addHandler(pipe.readEnd(), (fd, events) -> {}, FdEvent.READ);
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> loop.addHandler(pipe.readEnd(), (fd, events) -> {}, FdEvent.READ))
                    .withMessageContaining("registered already");
            assertThatIllegalStateException()
                    .isThrownBy(() -> loop.updateHandler(pipe.writeEnd(), FdEvent.WRITE));
            assertThatCode(() -> loop.removeHandler(pipe.writeEnd())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void descriptorNumberThatIsUsedAgainGetsItsNewHandlerOnly(String transport) {
        try (var log = new LogCapture();
                var loop = loop(transport)) {
            loop.runSync(() -> {
                var old = new AtomicInteger();
                int fd = Libc.eventfd();
                loop.addHandler(fd, (ready, events) -> old.incrementAndGet(), FdEvent.READ);
                turns(2);
                loop.removeHandler(fd);
                Libc.close(fd);
                int again = Libc.eventfd();
                assertThat(again).isEqualTo(fd);
                var called = new CompletableFuture<Void>();
                loop.addHandler(
                        again,
                        (ready, events) -> {
                            Libc.readEventfd(again);
                            called.complete(null);
                        },
                        FdEvent.READ);
                Libc.addToEventfd(again);
                Async.await(called);
                assertThat(old).hasValue(0);
                loop.removeHandler(again);
                turns(2);
                Libc.close(again);
                return null;
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void descriptorThatACoroutineUpdatesAndRemovesMayBeClosedAtOnce(String transport) {
        try (var log = new LogCapture();
                var loop = loop(transport)) {
            loop.runSync(() -> {
                int fd = Libc.eventfd();
                loop.addHandler(fd, (ready, events) -> {}, FdEvent.READ);
                turns(2);
                loop.updateHandler(fd, FdEvent.READ, FdEvent.WRITE);
                loop.removeHandler(fd);
                Libc.close(fd);
                turns(2);
                return null;
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closeLeavesDescriptorsOpenUnlessToldOtherwise(String transport) {
        for (boolean all : new boolean[] {false, true}) {
            var loop = loop(transport);
            int fd = Libc.eventfd();
            loop.runSync(() -> {
                loop.addHandler(fd, (ready, events) -> {}, FdEvent.READ);
                turns(2);
                return null;
            });
            loop.close(all);
            assertThat(Libc.close(fd)).isEqualTo(!all);
        }
    }

    @Test
    void transportWithoutDescriptorsSaysSo() {
        try (var loop = loop("nio")) {
            assertThatThrownBy(() -> loop.addHandler(0, (fd, events) -> {}, FdEvent.READ))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("nio");
            assertThatCode(() -> loop.removeHandler(0)).doesNotThrowAnyException();
        }
    }

    private static void turns(int count) {
        for (int i = 0; i < count; i++) {
            Async.moment();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void descriptorThatIsNotOpenIsReportedOnce(String transport) {
        int fd = 99_999;
        try (var log = new LogCapture();
                var loop = loop(transport)) {
            loop.runSync(() -> {
                var told = new ArrayList<Set<FdEvent>>();
                loop.addHandler(fd, (ready, events) -> told.add(events), FdEvent.READ);
                while (told.isEmpty() && log.messages().isEmpty()) {
                    Async.moment();
                }
                turns(20);
                if (transport.equals("io_uring")) { // the kernel says it later, as an error
                    assertThat(told).containsExactly(Set.of(FdEvent.ERROR));
                    loop.removeHandler(fd);
                } else {
                    assertThat(log.messages()).containsExactly("Descriptor 99999 can't be watched");
                }
                assertThatCode(() -> loop.addHandler(fd, (ready, events) -> {}))
                        .doesNotThrowAnyException();
                loop.removeHandler(fd);
                return null;
            });
        }
    }
}
