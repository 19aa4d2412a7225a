package whirlwind.loop;

import java.util.Set;

/** Told on the loop what a file descriptor is ready for; see {@link IOLoop#addHandler}. */
@FunctionalInterface
public interface FdHandler {
    /** Called again each turn for as long as the descriptor is ready. */
    void ready(int fd, Set<FdEvent> events);
}
