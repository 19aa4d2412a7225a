package whirlwind.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.demos.chat.FromPage.Hello;
import whirlwind.demos.chat.FromPage.Say;
import whirlwind.demos.chat.FromRoom.Said;

class RoomTest {
    private final List<FromRoom.Event> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Room room = new Room(() -> now, events::add);

    private void say(String key) {
        now = now.plusSeconds(1);
        assertThat(room.say("s1", new Say(key, "text " + key))).isEmpty();
    }

    @Test
    void aLateComerGetsTheLastTwoHundredMessages() {
        room.enter(new Hello("Ada", "s1", 0));
        for (int i = 0; i < 210; i++) {
            say("k" + i);
        }
        var messages = room.enter(new Hello("Bob", "s2", 0)).messages();
        assertThat(messages).hasSize(200);
        assertThat(messages.getFirst().text()).isEqualTo("text k10");
        assertThat(messages.getLast().text()).isEqualTo("text k209");
    }

    @Test
    void idsGrowEvenWhereTheClockDoesNot() {
        room.enter(new Hello("Ada", "s1", 0));
        room.enter(new Hello("Bob", "s2", 0));
        now = now.minusSeconds(10);
        room.leave("s1");
        assertThat(events).extracting(FromRoom.Event::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRoomMadeAnewGoesOnWithHigherIds() {
        room.enter(new Hello("Ada", "s1", 0));
        say("k1");
        now = now.plusSeconds(1);
        var again = new Room(() -> now, events::add);
        assertThat(again.enter(new Hello("Ada", "s1", 0)).id())
                .isGreaterThan(events.getFirst().id());
    }

    @Test
    void anotherNameIsAnotherVisitor() {
        room.enter(new Hello("Ada", "s1", 0));
        assertThat(room.enter(new Hello("Eve", "s1", 0)).people()).containsExactly("Eve");
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Joined", "Left", "Joined");
    }

    @Test
    void whoeverFallsTooFarBehindIsNotToldOnlyTheEnd() {
        long before = room.enter(new Hello("Ada", "s1", 0)).id();
        assertThat(room.remembersSince(before)).isTrue();
        for (int i = 0; i < 200; i++) {
            say("k" + i);
        }
        assertThat(room.remembersSince(before)).isTrue();
        assertThat(room.eventsAfter(before)).hasSize(200).allMatch(Said.class::isInstance);
        say("k200");
        assertThat(room.remembersSince(before)).isFalse();
    }

    @Test
    void someMessagesAtOnceAndThenTwoASecond() {
        var allowance = new Allowance(now);
        for (int i = 0; i < 8; i++) {
            assertThat(allowance.take(now)).isZero();
        }
        assertThat(allowance.take(now)).isEqualTo(Duration.ofMillis(500));
        now = now.plusMillis(500);
        assertThat(allowance.take(now)).isZero();
        assertThat(allowance.take(now)).isPositive();
        now = now.plus(Duration.ofHours(1));
        for (int i = 0; i < 8; i++) {
            assertThat(allowance.take(now)).isZero();
        }
        assertThat(allowance.take(now)).isPositive();
    }
}
