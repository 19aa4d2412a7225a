package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.testing.VirtualTime;

/** Happy Eyeballs (RFC 8305), attempt by attempt, in virtual time. */
class RaceTest {
    /**
     * Addresses in the resolver's order: 4a, 4b are of IPv4, 6a, 6b of IPv6, and each connects
     * (yes) or is refused (no) after so many milliseconds, or is silent. Then what happens, and in
     * which millisecond.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    one address connects                   | 4a yes 5                  | 0 try 4a, 5 won 4a
                    one address is refused                 | 6a no 5                   | 0 try 6a, 5 failed 6a
                    IPv4 only, the first refused           | 4a no 1, 4b yes 2         | 0 try 4a, 1 try 4b, 3 won 4b
                    IPv6 only, the first silent            | 6a silent, 6b yes 10      | 0 try 6a, 250 try 6b, 260 won 6b, 260 drop 6a
                    the first family is good in time       | 6a yes 249, 4a yes 1      | 0 try 6a, 249 won 6a
                    IPv6 refused at once                   | 6a no 0, 4a yes 2         | 0 try 6a, 0 try 4a, 2 won 4a
                    IPv6 black-holed                       | 6a silent, 4a yes 20      | 0 try 6a, 250 try 4a, 270 won 4a, 270 drop 6a
                    IPv6 slow, and yet faster              | 6a yes 300, 4a yes 100    | 0 try 6a, 250 try 4a, 300 won 6a, 300 drop 4a
                    IPv6 refused while IPv4 is tried       | 6a no 260, 4a yes 50      | 0 try 6a, 250 try 4a, 300 won 4a
                    both refused, the last one is told     | 6a no 1, 4a no 2          | 0 try 6a, 1 try 4a, 3 failed 4a after 6a
                    one refused, the other waited for      | 6a yes 900, 4a no 2       | 0 try 6a, 250 try 4a, 900 won 6a
                    the last to fail need not be the last  | 6a no 900, 4a no 2        | 0 try 6a, 250 try 4a, 900 failed 6a after 4a
                    the resolver's first family is first   | 4a silent, 6a yes 1       | 0 try 4a, 250 try 6a, 251 won 6a, 251 drop 4a
                    families take turns                    | 6a no 1, 6b no 1, 4a no 1, 4b yes 1 | 0 try 6a, 1 try 4a, 2 try 6b, 3 try 4b, 4 won 4b
                    a family that is longer comes last     | 4a no 0, 4b no 0, 4c no 0, 6a no 0  | 0 try 4a, 0 try 6a, 0 try 4b, 0 try 4c, 0 failed 4c after 4a 6a 4b
                    a failure begins the delay anew        | 6a silent, 4a no 10, 6b silent, 4b yes 1 | 0 try 6a, 250 try 4a, 260 try 6b, 510 try 4b, 511 won 4b, 511 drop 6a, 511 drop 6b
                    many silent ones, one delay apart      | 6a silent, 6b silent, 6c silent, 6d yes 1 | 0 try 6a, 250 try 6b, 500 try 6c, 750 try 6d, 751 won 6d, 751 drop 6a, 751 drop 6b, 751 drop 6c
                    """)
    void happens(String scenario, String addresses, String story) {
        assertThat(new Course(addresses).run()).as(scenario).isEqualTo(story);
    }

    @Test
    void whoGivesUpDropsAllAttemptsAndStartsNoMore() {
        var course = new Course("6a silent, 4a silent, 6b silent");
        course.time.run(() -> {
            var race = course.start();
            Async.sleep(Duration.ofMillis(300));
            race.cancel(true);
            Async.sleep(Duration.ofSeconds(10));
            assertThat(race).isCancelled();
        });
        assertThat(course.story()).isEqualTo("0 try 6a, 250 try 4a, 300 drop 6a, 300 drop 4a");
    }

    @Test
    void whoSucceedsTooLateIsClosed() {
        var course = new Course("6a yes 260, 4a yes 10");
        course.deaf = true;
        assertThat(course.run())
                .isEqualTo("0 try 6a, 250 try 4a, 260 won 6a, 260 drop 4a, 260 close 4a");
    }

    /** The addresses of one race, and its story. */
    private static final class Course {
        private final Map<InetSocketAddress, String> fates = new LinkedHashMap<>();
        private final List<String> events = new ArrayList<>();
        private final VirtualTime time = new VirtualTime();

        /** Whether attempts succeed although they were cancelled. */
        private boolean deaf;

        Course(String addresses) {
            for (var address : addresses.split(", ")) {
                fates.put(addressOf(address.substring(0, 2)), address.substring(3));
            }
        }

        private static InetSocketAddress addressOf(String name) {
            int number = name.charAt(1) - 'a' + 1;
            var network = name.startsWith("4") ? "192.0.2." : "2001:db8::";
            return new InetSocketAddress(InetAddress.ofLiteral(network + number), 80);
        }

        private static String nameOf(InetSocketAddress address) {
            var bytes = address.getAddress().getAddress();
            char letter = (char) ('a' + bytes[bytes.length - 1] - 1);
            return (bytes.length == 4 ? "4" : "6") + letter;
        }

        String run() {
            return time.run(() -> {
                var race = start();
                Async.sleep(Duration.ofSeconds(10));
                assertThat(race).isDone();
                return story();
            });
        }

        String story() {
            return String.join(", ", events);
        }

        private static String textOf(Throwable failure) {
            var before =
                    Arrays.stream(failure.getSuppressed())
                            .map(Throwable::getMessage)
                            .collect(Collectors.joining(" "));
            return failure.getMessage() + (before.isEmpty() ? "" : " after " + before);
        }

        Race<String> start() {
            var race =
                    new Race<String>(
                            IOLoop.current(),
                            List.copyOf(fates.keySet()),
                            this::attempt,
                            late -> tell("close " + late));
            race.whenComplete((winner, failure) -> {
                if (winner != null) {
                    tell("won " + winner);
                } else if (!race.isCancelled()) {
                    tell("failed " + textOf(failure));
                }
            });
            race.startNext();
            return race;
        }

        private CompletableFuture<String> attempt(InetSocketAddress address) {
            var name = nameOf(address);
            var fate = fates.get(address).split(" ");
            tell("try " + name);
            var attempt =
                    new CompletableFuture<String>() {
                        @Override
                        public boolean cancel(boolean interrupts) {
                            if (!isDone()) {
                                tell("drop " + name);
                            }
                            return !deaf && super.cancel(interrupts);
                        }
                    };
            if (!fate[0].equals("silent")) {
                IOLoop.current()
                        .callLater(
                                Duration.ofMillis(Integer.parseInt(fate[1])),
                                () -> {
                                    if (fate[0].equals("yes")) {
                                        attempt.complete(name);
                                    } else {
                                        attempt.completeExceptionally(new IOException(name));
                                    }
                                });
            }
            return attempt;
        }

        private void tell(String event) {
            events.add(time.elapsed().toMillis() + " " + event);
        }
    }
}
