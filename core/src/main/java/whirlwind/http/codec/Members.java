package whirlwind.http.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * The open connections of one kind. Each knows its own place, so that leaving takes no search, and
 * one costs a reference and an int.
 */
public class Members<T extends Members.Member> {
    /** What can be in {@link Members}. */
    public interface Member {
        /** Where it is; kept by the member, changed by {@link Members} only. */
        int place();

        /** Sets what {@link #place} answers. */
        void place(int place);
    }

    private final ArrayList<T> members = new ArrayList<>();

    /** How many there are. */
    public final int size() {
        return members.size();
    }

    /** Who is at a place. */
    public final T get(int place) {
        return members.get(place);
    }

    /** Gives the member the last place. */
    public final void add(T member) {
        member.place(members.size());
        members.add(member);
    }

    /** The last one takes the place that becomes free. */
    public final void remove(T member) {
        var last = members.removeLast();
        if (last != member) {
            members.set(member.place(), last);
            last.place(member.place());
        }
    }

    /** For loops in which members leave. */
    public final List<T> copy() {
        return List.copyOf(members);
    }
}
