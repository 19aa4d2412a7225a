package whirlwind.demos.blog;

import java.io.Serial;
import java.sql.SQLException;
import java.util.Set;

/** The database could not do what it was asked for. */
public final class DatabaseException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** SQL's name for a value that is there already (ISO 9075: 23505, unique violation). */
    private static final String DUPLICATE = "23505";

    /** SQL's name for a row that belongs to one that isn't there; the second is H2's own. */
    private static final Set<String> ORPHAN = Set.of("23503", "23506");

    private final String state;

    DatabaseException(SQLException failure) {
        super(failure.getMessage(), failure);
        this.state = String.valueOf(failure.getSQLState());
    }

    /** Whether a row was refused because there is one with its key. */
    boolean isDuplicate() {
        return state.equals(DUPLICATE);
    }

    /** Whether a row was refused because what it belongs to is not there, or gone by now. */
    boolean isOrphan() {
        return ORPHAN.contains(state);
    }
}
