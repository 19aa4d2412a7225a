package whirlwind.realtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryEngineTest extends HubEngineContract {
    private static final HistoryLimits MINUTE = new HistoryLimits(10, Duration.ofMinutes(1));

    private Instant now = Instant.EPOCH;

    @Override
    protected HubEngine newEngine() {
        return new MemoryEngine(() -> now);
    }

    @Override
    protected void elapse(Duration time) {
        now = now.plus(time);
    }

    @Test
    void aTopicThatWasForgottenCountsOnBeyondAllOldPositions() {
        var engine = new MemoryEngine(() -> now);
        var old = engine.publish("busy", "1", null, MINUTE).join();
        engine.publish("busy", "2", null, MINUTE).join();
        elapse(Duration.ofMinutes(2));
        engine.publish("other", "1", null, MINUTE).join(); // which looks after the old one, too

        engine.publish("busy", "3", null, MINUTE).join();

        var page = engine.history("busy", old, 10).join();
        assertThat(page.complete()).isFalse();
        assertThat(page.publications()).extracting(Publication::json).containsExactly("3");
    }

    @Test
    void aSubscribersTopicIsNotForgotten() {
        var engine = new MemoryEngine(() -> now);
        engine.subscribe(TopicPattern.topic("quiet")).join();
        var position = engine.publish("quiet", "1", null, HistoryLimits.NONE).join();
        for (int i = 0; i < 5; i++) {
            engine.publish("other", "1", null, HistoryLimits.NONE).join();
        }
        assertThat(engine.history("quiet", position, 1).join())
                .isEqualTo(new HistoryPage(position, List.of(), true));
    }
}
