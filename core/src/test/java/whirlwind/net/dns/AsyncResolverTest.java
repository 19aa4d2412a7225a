package whirlwind.net.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

class AsyncResolverTest {
    private interface Body {
        void run(AsyncResolver resolver, TestNameServer server) throws Exception;
    }

    private static void run(UnaryOperator<DnsOptions> changes, Body body) throws IOException {
        try (var server = new TestNameServer();
                var loop = new IOLoop()) {
            var options =
                    DnsOptions.DEFAULTS
                            .withNameServers(server.address())
                            .withQueryTimeout(Duration.ofSeconds(20))
                            .withSearchDomains(1)
                            .withHostsFile(false);
            loop.runSync(() -> {
                try (var resolver = new AsyncResolver(changes.apply(options))) {
                    body.run(resolver, server);
                }
                return null;
            });
        }
    }

    private static void run(Duration queryTimeout, Body body) throws IOException {
        run(options -> options.withQueryTimeout(queryTimeout), body);
    }

    private static void run(Body body) throws IOException {
        run(options -> options, body);
    }

    private static List<InetSocketAddress> ipv4(AsyncResolver resolver, String name) {
        return Async.await(resolver.resolve(name, 80, Family.IPV4));
    }

    /** The server's thread may be behind. */
    private static void awaitQuestions(TestNameServer server, int count) {
        while (server.asked().size() < count) {
            Async.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void aNameIsAskedForOnceAndRemembered() throws Exception {
        run((resolver, server) -> {
            var first = Async.await(resolver.resolve("a.test", 80, Family.IPV4));
            var again = Async.await(resolver.resolve("a.test", 81, Family.IPV4));
            assertThat(first)
                    .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("10.1.2.3"), 80));
            assertThat(again.getFirst().getPort()).isEqualTo(81);
            assertThat(server.asked()).hasSize(1);
        });
    }

    @Test
    void aFamilyWithoutAddressesIsNoFailure() throws Exception {
        run((resolver, server) ->
                assertThat(Async.await(resolver.resolve("a.test", 80)))
                        .extracting(address -> address.getAddress().getHostAddress())
                        .containsExactly("10.1.2.3"));
    }

    @Test
    void anUnknownNameFailsWithItsName() throws Exception {
        run((resolver, server) ->
                assertThatThrownBy(() -> Async.await(resolver.resolve("unknown.test", 80)))
                        .isInstanceOf(ResolveException.class)
                        .hasMessageContaining("unknown.test"));
    }

    @Test
    void aServerThatDoesNotAnswerHoldsNobodyElse() throws Exception {
        run((resolver, server) -> {
            var dead = resolver.resolve("dead.test", 80, Family.IPV4);
            for (int i = 0; i < 20; i++) {
                Async.await(resolver.resolve("alive" + i + ".test", 80, Family.IPV4));
            }
            assertThat(dead).isNotDone();
        });
    }

    @Test
    void aQuestionThatIsLostIsAskedAgain() throws Exception {
        run(
                Duration.ofSeconds(4),
                (resolver, server) -> {
                    assertThat(ipv4(resolver, "lost.test")).hasSize(1);
                    assertThat(server.asked()).containsExactly("lost.test", "lost.test");
                });
    }

    @Test
    void whoNeverAnswersIsAskedTwiceAndTheErrorNamesTheWholeTime() throws Exception {
        run(
                Duration.ofMillis(200),
                (resolver, server) -> {
                    assertThatThrownBy(() -> ipv4(resolver, "dead.test"))
                            .isInstanceOf(NameServerTimeoutException.class)
                            .hasMessageContaining("dead.test")
                            .hasMessageContaining("has not answered within 200 ms");
                    awaitQuestions(server, 2);
                    assertThat(server.asked()).containsExactly("dead.test", "dead.test");
                });
    }

    @Test
    void whoHasAnsweredIsNotAskedAgain() throws Exception {
        run((resolver, server) -> {
            for (var name : List.of("failing.test", "unknown.test")) {
                assertThatThrownBy(() -> ipv4(resolver, name)).isInstanceOf(ResolveException.class);
            }
            assertThat(server.asked()).containsExactly("failing.test", "unknown.test");
        });
    }

    @Test
    void whoGivesUpIsNotAskedForAgain() throws Exception {
        run(
                Duration.ofSeconds(4),
                (resolver, server) -> {
                    var dead = resolver.resolve("dead.test", 80, Family.IPV4);
                    ipv4(resolver, "a.test");
                    dead.cancel(true);
                    var other = resolver.resolve("dead.other.test", 80, Family.IPV4);
                    awaitQuestions(server, 4); // the other one is asked for again
                    assertThat(other).isNotDone();
                    assertThat(server.asked()).containsOnlyOnce("dead.test");
                });
    }

    @Test
    void garbageIsNoAnswer() throws Exception {
        run(
                Duration.ofMillis(300),
                (resolver, server) ->
                        assertThatThrownBy(() ->
                                        Async.await(
                                                resolver.resolve("garbage.test", 80, Family.IPV4)))
                                .isInstanceOf(ResolveException.class)
                                .hasMessageContaining("garbage.test"));
    }

    @Test
    void aLateAnswerIsWaitedForWhileTheLoopGoesOn() throws Exception {
        run((resolver, server) -> {
            var late = resolver.resolve("late.test", 80, Family.IPV4);
            Async.await(resolver.resolve("a.test", 80, Family.IPV4));
            assertThat(late).isNotDone();
            server.goOn();
            assertThat(Async.await(late)).hasSize(1);
        });
    }

    @Test
    void manyQuestionsAtATimeAreAllAnswered() throws Exception {
        run((resolver, server) -> {
            var asked =
                    IntStream.range(0, 200)
                            .mapToObj(i -> resolver.resolve("n" + i + ".test", 80, Family.IPV4))
                            .toList();
            assertThat(Async.await(asked)).hasSize(200).allMatch(found -> found.size() == 1);
        });
    }

    @Test
    void closingGivesUpWhatIsAsked() throws Exception {
        run((resolver, server) -> {
            var dead = resolver.resolve("dead.test", 80, Family.IPV4);
            resolver.close();
            assertThatThrownBy(() -> Async.await(dead)).isInstanceOf(ResolveException.class);
            assertThatThrownBy(() -> Async.await(resolver.resolve("a.test", 80, Family.IPV4)))
                    .isInstanceOf(ResolveException.class);
        });
    }

    @Test
    void literalsAreTheirOwnAnswer() throws Exception {
        run((resolver, server) -> {
            assertThat(Async.await(resolver.resolve("127.0.0.1", 1))).hasSize(1);
            assertThat(server.asked()).isEmpty();
        });
    }

    // ---- what is remembered ----

    @Test
    void anAnswerIsAskedForAgainWhenItsTimeIsUp() throws Exception {
        run((resolver, server) -> {
            while (server.asked().size() < 2) { // the server said one second
                ipv4(resolver, "brief.test");
                Async.sleep(Duration.ofMillis(20));
            }
            assertThat(ipv4(resolver, "a.test")).isEqualTo(ipv4(resolver, "a.test"));
            assertThat(server.asked()).hasSize(3);
        });
    }

    @Test
    void nothingIsRememberedIfNothingMayBe() throws Exception {
        run(
                options -> options.withCaching(Duration.ZERO, Duration.ZERO),
                (resolver, server) -> {
                    ipv4(resolver, "a.test");
                    ipv4(resolver, "a.test");
                    assertThat(server.asked()).hasSize(2);
                });
    }

    @Test
    void thatThereIsNoSuchNameIsRememberedIfItMayBe() throws Exception {
        run(
                options -> options.withCaching(Duration.ofDays(1), Duration.ofMinutes(1)),
                (resolver, server) -> {
                    for (int i = 0; i < 3; i++) {
                        assertThatThrownBy(() -> ipv4(resolver, "unknown.test"))
                                .isInstanceOf(ResolveException.class);
                    }
                    assertThat(server.asked()).hasSize(1);
                });
        run((resolver, server) -> {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> ipv4(resolver, "unknown.test"))
                        .isInstanceOf(ResolveException.class);
            }
            assertThat(server.asked()).hasSize(3); // not by default
        });
    }

    // ---- large answers ----

    @Test
    void anAnswerThatDoesNotFitIsFetchedOverTcp() throws Exception {
        run((resolver, server) -> {
            var found = ipv4(resolver, "large.test");
            assertThat(found).hasSize(100);
            assertThat(found.getFirst().getAddress()).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
            assertThat(server.askedOverTcp()).isEqualTo(1);
            assertThat(ipv4(resolver, "large.test")).hasSize(100);
            assertThat(server.askedOverTcp()).isEqualTo(1); // remembered
        });
    }

    @Test
    void aServerThatHangsUpOverTcpIsAFailureWithTheName() throws Exception {
        run(
                Duration.ofSeconds(2),
                (resolver, server) -> {
                    assertThatThrownBy(() -> ipv4(resolver, "large-and-lost.test"))
                            .isInstanceOf(ResolveException.class)
                            .hasMessageContaining("large-and-lost.test");
                    assertThat(server.askedOverTcp()).isPositive();
                });
    }

    // ---- whom, and for what ----

    @Test
    void theNextServerIsAskedIfOneDoesNotAnswer() throws Exception {
        try (var dead = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var server = new TestNameServer();
                var loop = new IOLoop()) {
            var options =
                    DnsOptions.DEFAULTS
                            .withNameServers(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), dead.getLocalPort()),
                                    server.address())
                            .withQueryTimeout(Duration.ofSeconds(2))
                            .withHostsFile(false);
            loop.runSync(() -> {
                try (var resolver = new AsyncResolver(options)) {
                    assertThat(ipv4(resolver, "a.test")).hasSize(1);
                }
                return null;
            });
        }
    }

    @Test
    void domainsAreTriedBehindShortNamesInTurn() throws Exception {
        run(
                options -> options.withSearchDomains(1, "empty.test", "full.test"),
                (resolver, server) -> {
                    assertThat(ipv4(resolver, "host")).hasSize(1);
                    assertThat(server.asked()).containsExactly("host.empty.test", "host.full.test");
                    assertThat(ipv4(resolver, "a.test")).hasSize(1); // dots enough
                    assertThat(server.asked().getLast()).isEqualTo("a.test");
                    assertThatThrownBy(() -> ipv4(resolver, "unknown."))
                            .isInstanceOf(ResolveException.class);
                    assertThat(server.asked()).doesNotContain("unknown.full.test"); // absolute
                });
    }

    @Test
    void theHostsFileComesFirst() throws Exception {
        run(
                options -> options.withHostsFile(true),
                (resolver, server) -> {
                    assertThat(ipv4(resolver, "localhost").getFirst().getAddress())
                            .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
                    assertThat(server.asked()).isEmpty();
                });
    }

    // ---- giving up ----

    @Test
    void whoGivesUpDoesNotEndTheWaitingOfOthers() throws Exception {
        run((resolver, server) -> {
            var first = resolver.resolve("late.test", 80, Family.IPV4);
            var second = resolver.resolve("late.test", 80, Family.IPV4);
            var third = resolver.resolve("late.test", 80, Family.IPV4);
            ipv4(resolver, "a.test");
            first.cancel(true);
            third.cancel(true);
            ipv4(resolver, "b.test");
            assertThat(second).isNotDone();
            server.goOn();
            assertThat(Async.await(second)).hasSize(1);
            assertThat(first).isCancelled();
        });
    }

    @Test
    void aNameThatWasGivenUpCanBeAskedForAgain() throws Exception {
        run((resolver, server) -> {
            var given = resolver.resolve("late.test", 80);
            ipv4(resolver, "a.test");
            given.cancel(true);
            server.goOn();
            assertThat(Async.await(resolver.resolve("late.test", 80))).hasSize(1);
        });
    }
}
