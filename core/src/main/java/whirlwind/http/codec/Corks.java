package whirlwind.http.codec;

import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;

/**
 * The connections of one loop that have something to write, and the pen for it. They are written
 * together at the end of the turn, so that whatever was sent to one of them meanwhile costs one
 * system call.
 */
public final class Corks {
    private static final Logger log = LoggerFactory.getLogger(Corks.class);

    /** A connection with output. */
    public interface Corked {
        /** Writes what there is; on the loop's own thread. */
        void uncork();

        /** Drops the connection, after {@link #uncork} has failed. */
        void drop();
    }

    private final IOLoop loop;
    private final Runnable beforeAll;
    private final Pen pen = new Pen();
    private final Runnable uncorkAll = this::uncorkAll;
    private ArrayList<Corked> waiting = new ArrayList<>();
    private ArrayList<Corked> spare = new ArrayList<>();

    /** With what to do before each round of writing. */
    public Corks(IOLoop loop, Runnable beforeAll) {
        this.loop = loop;
        this.beforeAll = beforeAll;
    }

    /** What outboxes are drained with. */
    public Pen pen() {
        return pen;
    }

    /** Once per connection and turn: it keeps count of that itself. */
    public void add(Corked connection) {
        if (waiting.isEmpty()) {
            loop.addCallback(uncorkAll);
        }
        waiting.add(connection);
    }

    private void uncorkAll() {
        var round = waiting;
        waiting = spare;
        beforeAll.run();
        for (int i = 0; i < round.size(); i++) {
            var connection = round.get(i);
            try {
                connection.uncork();
            } catch (RuntimeException | Error e) { // no memory for one may be enough for others
                log.error("Writing to a connection failed; it is dropped", e);
                connection.drop();
            }
        }
        pen.endTurn();
        round.clear();
        spare = round;
    }
}
