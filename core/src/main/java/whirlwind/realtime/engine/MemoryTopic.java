package whirlwind.realtime.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One topic of a {@link MemoryEngine}: its count, what is kept, who is present. Locks itself. */
final class MemoryTopic {
    /** A user who is present. */
    private static final class Presence {
        final Set<String> connections = new HashSet<>();
        @Nullable String info;
    }

    final String name;

    /** Whether it is subscribed to by itself. */
    boolean subscribed;

    /** Whether it has been taken out of the engine: whoever finds it looks again. */
    boolean forgotten;

    private Position position;
    private HistoryLimits limits = HistoryLimits.NONE;

    /** Oldest first; null until something is kept. */
    private @Nullable Kept kept;

    /** By user; null until somebody joins. */
    private @Nullable Map<String, Presence> present;

    MemoryTopic(String name, Position position) {
        this.name = name;
        this.position = position;
    }

    synchronized Position position() {
        return position;
    }

    synchronized boolean isUnused(Instant now) {
        forgetOld(now);
        return !subscribed
                && (kept == null || kept.isEmpty())
                && (present == null || present.isEmpty());
    }

    // ---- history ----

    synchronized Publication append(
            String json, @Nullable String publisher, Instant now, HistoryLimits limits) {
        this.limits = limits;
        position = new Position(position.epoch(), position.offset() + 1);
        var publication = new Publication(name, position, json, publisher, now);
        if (limits.count() > 0) {
            if (kept == null) {
                kept = new Kept();
            }
            kept.add(publication);
        }
        forgetOld(now);
        return publication;
    }

    private void forgetOld(Instant now) {
        if (kept == null) {
            return;
        }
        var oldest = now.minus(limits.age());
        while (!kept.isEmpty()
                && (kept.size() > limits.count() || kept.get(0).time().isBefore(oldest))) {
            kept.removeFirst();
        }
    }

    synchronized HistoryPage page(@Nullable Position since, int limit, Instant now) {
        forgetOld(now);
        boolean complete = since == null || isKeptBehind(since);
        return new HistoryPage(
                position,
                since == null || !complete ? newest(limit) : behind(since, limit),
                complete);
    }

    private boolean isKeptBehind(Position since) {
        if (!since.epoch().equals(position.epoch()) || since.offset() > position.offset()) {
            return false;
        }
        long firstKept =
                kept == null || kept.isEmpty() ? position.offset() + 1 : kept.get(0).offset();
        return firstKept <= since.offset() + 1;
    }

    private List<Publication> newest(int limit) {
        return kept == null ? List.of() : kept.list(Math.max(0, kept.size() - limit), limit);
    }

    /** Those behind a position from which on all are kept. */
    private List<Publication> behind(Position since, int limit) {
        if (kept == null) {
            return List.of();
        }
        long missed = position.offset() - since.offset();
        return kept.list(Math.toIntExact(kept.size() - missed), limit);
    }

    // ---- presence ----

    /** The new member, if this is the user's first connection. */
    synchronized @Nullable Member join(String connection, String user, @Nullable String info) {
        if (present == null) {
            present = new HashMap<>();
        }
        var presence = present.computeIfAbsent(user, u -> new Presence());
        presence.info = info;
        boolean first = presence.connections.isEmpty();
        presence.connections.add(connection);
        return first ? new Member(user, info, 1) : null;
    }

    /** The former member, if this was the user's last connection. */
    synchronized @Nullable Member leave(String connection, String user) {
        var presence = present == null ? null : present.get(user);
        if (present == null
                || presence == null
                || !presence.connections.remove(connection)
                || !presence.connections.isEmpty()) {
            return null;
        }
        present.remove(user);
        return new Member(user, presence.info, 0);
    }

    synchronized List<Member> members() {
        var members = new ArrayList<Member>();
        if (present != null) {
            present.forEach((user, presence) ->
                    members.add(new Member(user, presence.info, presence.connections.size())));
        }
        return members;
    }
}
