package whirlwind.realtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import whirlwind.testing.OneEngine;

@OneEngine
class KeptTest {

    @Property(tries = 200)
    void itIsAListThatGrowsAtOneEndAndShrinksAtTheOther(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int removedOfTen) {
        var random = new Random(seed);
        var kept = new Kept();
        var expected = new ArrayList<Publication>();
        for (int i = 1; i <= 300; i++) {
            if (random.nextInt(10) >= removedOfTen || expected.isEmpty()) {
                var next = new Publication("t", new Position("e", i), "1", null, Instant.EPOCH);
                kept.add(next);
                expected.add(next);
            } else {
                kept.removeFirst();
                expected.removeFirst();
            }
            assertThat(kept.size()).isEqualTo(expected.size());
            int from = random.nextInt(expected.size() + 1);
            int limit = random.nextInt(20);
            assertThat(kept.list(from, limit))
                    .isEqualTo(expected.subList(from, Math.min(expected.size(), from + limit)));
        }
    }
}
