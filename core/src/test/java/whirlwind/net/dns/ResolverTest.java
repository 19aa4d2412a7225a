package whirlwind.net.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;

class ResolverTest {
    private static void onLoop(CheckedRunnable body) {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                body.run();
                return 0;
            });
        }
    }

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "4.4.4.4", "::1", "2620:0:1cfe:face:b00c::3"})
    void literalAddressesAreValid(String text) {
        assertThat(Resolver.isValidIp(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "www.google.com", "localhost", "4.4.4.4<", " 127.0.0.1", "127.0.0.1 ", "", " ",
                        "\n",
                "\0", "1", "127.1", "0x7f.0.0.1", "fe80::1%lo", "[::1]", "1.2.3.4\0", "1.2.3.256"
            })
    void whatElseThereIsIsNot(String text) {
        assertThat(Resolver.isValidIp(text)).isFalse();
        assertThat(Resolver.isValidIp("a".repeat(100))).isFalse();
    }

    @Test
    void theSystemKnowsLocalhostWhoeverIsAsked() {
        onLoop(() -> {
            for (var resolver : List.of(new ThreadedResolver(), new BlockingResolver())) {
                try (resolver) {
                    assertThat(Async.await(resolver.resolve("localhost", 80, Family.IPV4)))
                            .containsExactly(address("127.0.0.1", 80));
                    assertThat(Async.await(resolver.resolve("::1", 80)))
                            .containsExactly(address("::1", 80));
                }
            }
        });
    }

    @Test
    void aNameThatNobodyKnowsAndAFamilyThatIsNotThereFail() {
        onLoop(() -> {
            for (var resolver : List.of(new ThreadedResolver(), new BlockingResolver())) {
                try (resolver) {
                    var unknown = resolver.resolve("an invalid domain", 80);
                    assertThatThrownBy(() -> Async.await(unknown))
                            .isInstanceOf(ResolveException.class)
                            .hasMessageContaining("can't resolve 'an invalid domain'");
                    var other = resolver.resolve("127.0.0.1", 80, Family.IPV6);
                    assertThatThrownBy(() -> Async.await(other))
                            .isInstanceOf(ResolveException.class)
                            .hasMessageContaining("it has no IPv6 address");
                }
            }
            assertThatThrownBy(() -> new BlockingResolver().resolve("::1", 65_536))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("port: 65536 (0 to 65535)");
        });
    }

    @Test
    void aThreadThatLooksUpDoesNotHoldTheLoop() {
        onLoop(() -> {
            var goOn = new CountDownLatch(1);
            try (var resolver =
                    new ThreadedResolver(task ->
                            Thread.ofPlatform()
                                    .daemon()
                                    .start(() -> {
                                        await(goOn);
                                        task.run();
                                    }))) {
                var asked = resolver.resolve("localhost", 80, Family.IPV4);
                Async.moment();
                assertThat(asked).isNotDone();
                goOn.countDown();
                assertThat(Async.await(asked)).hasSize(1);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theKeyThatSaysMostSendsAQuestionElsewhere() {
        var targets =
                Map.of(
                        OverrideResolver.Key.of("Example.com", 80, Family.IPV4),
                                OverrideResolver.Target.of("127.0.0.4"),
                        OverrideResolver.Key.of("example.com", 80),
                                OverrideResolver.Target.of("127.0.0.3", 81),
                        OverrideResolver.Key.of("example.com"),
                                OverrideResolver.Target.of("127.0.0.2"));
        onLoop(() -> {
            try (var resolver = new OverrideResolver(new BlockingResolver(), targets)) {
                assertThat(Async.await(resolver.resolve("example.com", 80, Family.IPV4)))
                        .containsExactly(address("127.0.0.4", 80));
                assertThat(Async.await(resolver.resolve("example.com", 80)))
                        .containsExactly(address("127.0.0.3", 81));
                assertThat(Async.await(resolver.resolve("EXAMPLE.com", 443)))
                        .containsExactly(address("127.0.0.2", 443));
                assertThat(Async.await(resolver.resolve("127.0.0.9", 443)))
                        .containsExactly(address("127.0.0.9", 443));
            }
        });
    }

    @Test
    void aProgramChoosesTheKindOfResolverForAll() {
        record Fixed(CompletableFuture<Boolean> closed) implements Resolver {
            @Override
            public CompletableFuture<List<InetSocketAddress>> resolve(
                    String host, int port, Family family) {
                return CompletableFuture.completedFuture(List.of(address("127.0.0.5", port)));
            }

            @Override
            public void close() {
                closed.complete(true);
            }
        }
        var fixed = new Fixed(new CompletableFuture<>());
        Resolver.configure(() -> fixed);
        try {
            onLoop(() -> {
                var overriding = new OverrideResolver(Resolver.create(), Map.of());
                assertThat(Async.await(overriding.resolve("any.name", 1)))
                        .containsExactly(address("127.0.0.5", 1));
                overriding.close();
                assertThat(fixed.closed()).isCompletedWithValue(true);
            });
        } finally {
            Resolver.configure(ThreadedResolver::new);
        }
    }
}
