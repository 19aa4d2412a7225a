package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import whirlwind.testing.VirtualTime;

class TimersPropertyTest {

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void timersFireAsASortedListOfThemWould(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 9) Integer> delays,
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 60) Integer> cancelled) {
        var fired = new ArrayList<Integer>();
        var expected = new TreeMap<Integer, List<Integer>>();
        var clock = new VirtualTime();
        clock.run(() -> {
            var loop = IOLoop.current();
            var timers = new ArrayList<Timeout>();
            for (int delay : delays) {
                int number = timers.size();
                timers.add(loop.callLater(Duration.ofMillis(delay), () -> fired.add(number)));
                if (!cancelled.contains(number)) {
                    expected.computeIfAbsent(delay, d -> new ArrayList<>()).add(number);
                }
            }
            for (int number : cancelled) {
                if (number < timers.size()) {
                    timers.get(number).cancel();
                }
            }
            clock.advance(Duration.ofMillis(10));
        });

        assertThat(fired).isEqualTo(expected.values().stream().flatMap(List::stream).toList());
    }
}
