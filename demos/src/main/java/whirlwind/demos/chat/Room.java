package whirlwind.demos.chat;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import whirlwind.demos.chat.FromPage.Hello;
import whirlwind.demos.chat.FromPage.Say;
import whirlwind.demos.chat.FromRoom.Event;
import whirlwind.demos.chat.FromRoom.Joined;
import whirlwind.demos.chat.FromRoom.Left;
import whirlwind.demos.chat.FromRoom.Refused;
import whirlwind.demos.chat.FromRoom.Said;
import whirlwind.demos.chat.FromRoom.Welcome;
import whirlwind.demos.visitor.Names;

/**
 * Who is here and what was said last, in memory. It knows no connections: whoever makes it tells
 * everybody.
 */
final class Room {
    /** How many messages, and how many events, are remembered. */
    static final int MEMORY = 200;

    /** How long a message may be, in UTF-16 units, as a browser counts. */
    static final int MAX_TEXT = 2000;

    private record Visitor(String name, Allowance allowance) {}

    private final InstantSource clock;
    private final Consumer<Event> everybody;
    private final Map<String, Visitor> visitors = new LinkedHashMap<>(); // by session
    private final Deque<Said> messages = new ArrayDeque<>();
    private final Deque<Event> events = new ArrayDeque<>();
    private long lastId;
    private long forgotten; // the last event that is not remembered any more

    /** A room without anybody; it tells {@code everybody} what happens. */
    Room(InstantSource clock, Consumer<Event> everybody) {
        this.clock = clock;
        this.everybody = everybody;
        lastId = clock.millis();
    }

    /** Lets somebody in. A session that is here already stays, and only learns what it missed. */
    Welcome enter(Hello hello) {
        var wanted = Names.clean(hello.name());
        var visitor = visitors.get(hello.session());
        if (visitor == null || !visitor.name().equals(wanted)) {
            leave(hello.session());
            visitor = new Visitor(Names.unique(wanted, people()), new Allowance(clock.instant()));
            visitors.put(hello.session(), visitor);
            tell(new Joined(nextId(), visitor.name()));
        }
        var missed = messages.stream().filter(said -> said.id() > hello.after()).toList();
        return new Welcome(lastId, visitor.name(), people(), missed);
    }

    /** Whether somebody with this session is here. */
    boolean has(String session) {
        return visitors.containsKey(session);
    }

    /** Somebody goes; nothing happens if nobody with this session is here. */
    void leave(String session) {
        var gone = visitors.remove(session);
        if (gone != null) {
            tell(new Left(nextId(), gone.name()));
        }
    }

    /** Tells everybody what somebody who is here says, or returns why not. */
    Optional<Refused> say(String session, Say say) {
        if (messages.stream().anyMatch(said -> said.key().equals(say.key()))) {
            return Optional.empty(); // said again by a page that could not know
        }
        var text = say.text().replaceAll("[\\p{Cc}&&[^\n\t]]", "").strip();
        if (text.isEmpty()) {
            return Optional.of(new Refused(say.key(), "empty", 0));
        }
        if (text.length() > MAX_TEXT) {
            var reason = "%d characters (at most %d)".formatted(text.length(), MAX_TEXT);
            return Optional.of(new Refused(say.key(), reason, 0));
        }
        var visitor =
                Objects.requireNonNull(visitors.get(session), "nobody with this session is here");
        var now = clock.instant();
        var pause = visitor.allowance().take(now);
        if (pause.isPositive()) {
            return Optional.of(new Refused(say.key(), "too many messages", pause.toMillis()));
        }
        var said = new Said(nextId(), now.toEpochMilli(), visitor.name(), text, say.key());
        messages.add(said);
        if (messages.size() > MEMORY) {
            messages.remove();
        }
        tell(said);
        return Optional.empty();
    }

    /** Who is here, in the order they came. */
    List<String> people() {
        return visitors.values().stream().map(Visitor::name).toList();
    }

    /** Whether {@link #eventsAfter} misses none. */
    boolean remembersSince(long id) {
        return id >= forgotten;
    }

    /** What happened after an event, as far as it is remembered. */
    List<Event> eventsAfter(long id) {
        return events.stream().filter(event -> event.id() > id).toList();
    }

    private void tell(Event event) {
        events.add(event);
        if (events.size() > MEMORY) {
            forgotten = events.remove().id();
        }
        everybody.accept(event);
    }

    /**
     * The time, so that ids go on growing when the room is made anew; one more where that is not
     * enough.
     */
    private long nextId() {
        lastId = Math.max(lastId + 1, clock.millis());
        return lastId;
    }
}
