package whirlwind.demos.blog;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.sync.Semaphore;

/**
 * SQL in coroutines: plain JDBC, which waits without holding the loop, and a few connections that
 * coroutines take turns with.
 *
 * <p>Where JDBC runs depends on the driver and on the loop. A driver that waits in a socket of the
 * JDK, as PostgreSQL's does, suspends the coroutine by that, if coroutines are mounted: it is
 * called directly. A database inside the process works and reads files by itself, and on the baton
 * engine whatever blocks holds the loop: these calls go to the loop's executor.
 *
 * <p>Confined to the loop, and called in its coroutines.
 */
public final class Database implements AutoCloseable {
    /** A few are enough: a database does not do more at a time than it has cores and disks. */
    private static final int CONNECTIONS = 8;

    /** One that was unused for longer may have been closed by the other side, and is asked. */
    private static final long FRESH_NANOS = 5_000_000_000L;

    private static final int ANSWER_SECONDS = 5;
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final String url;
    private final boolean suspends;
    private final Semaphore permits = new Semaphore(CONNECTIONS);
    private final Deque<Idle> idle = new ArrayDeque<>(CONNECTIONS);

    /** A connection that nobody uses, and since when, on the clock of {@link System#nanoTime}. */
    private record Idle(Connection connection, long since) {}

    /** What is done with a connection, for as long as it is lent. */
    interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /** Makes a value of the row that a result set is at. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /**
     * A database that no connection has been made to yet.
     *
     * @param url for JDBC: {@code jdbc:h2:file:./blog}, {@code jdbc:postgresql://host/name?user=me}
     * @throws IllegalArgumentException if there is no driver for it
     */
    public Database(String url) {
        if (DriverManager.drivers().noneMatch(driver -> accepts(driver, url))) {
            throw new IllegalArgumentException(
                    "database: %s (such as jdbc:h2:file:./blog or jdbc:postgresql://host/name?user=me)"
                            .formatted(url));
        }
        this.url = url;
        boolean insideTheProcess = url.startsWith("jdbc:h2:");
        this.suspends = !insideTheProcess && IOLoop.current().engine().equals("mounted");
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException malformed) {
            return true; // which it says better when it connects
        }
    }

    /** The rows that a query finds; {@code values} stand for its question marks. */
    <T> List<T> list(String sql, Row<T> row, @Nullable Object... values) {
        return call(connection -> {
            try (var statement = prepared(connection.prepareStatement(sql), values);
                    var results = statement.executeQuery()) {
                var rows = new ArrayList<T>();
                while (results.next()) {
                    rows.add(row.of(results));
                }
                return rows;
            }
        });
    }

    /** The first row that a query finds. */
    <T> Optional<T> find(String sql, Row<T> row, @Nullable Object... values) {
        return list(sql, row, values).stream().findFirst();
    }

    /** Changes rows; returns how many. */
    int update(String sql, @Nullable Object... values) {
        return call(connection -> {
            try (var statement = prepared(connection.prepareStatement(sql), values)) {
                return statement.executeUpdate();
            }
        });
    }

    /** Inserts a row; returns the {@code id} that it was given. */
    long insert(String sql, @Nullable Object... values) {
        return call(connection -> {
            var keys = new String[] {"id"};
            try (var statement = prepared(connection.prepareStatement(sql, keys), values)) {
                statement.executeUpdate();
                try (var generated = statement.getGeneratedKeys()) {
                    generated.next();
                    return generated.getLong(1);
                }
            }
        });
    }

    /** The same work in one transaction: all of it happens, or, if it throws, nothing. */
    <T extends @Nullable Object> T transaction(Work<T> work) {
        return call(connection -> {
            connection.setAutoCommit(false);
            try {
                var result = work.with(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback(); // of what was not committed
                connection.setAutoCommit(true);
            }
        });
    }

    /**
     * Lends a connection, where each statement is a transaction of its own. The work goes on to its
     * end when the coroutine that asked for it is cancelled: a connection that is interrupted is
     * lost.
     *
     * @throws DatabaseException if the database can't do it
     */
    <T extends @Nullable Object> T call(Work<T> work) {
        try {
            return Async.await(Async.shield(Async.spawn("database", () -> lend(work))));
        } catch (CompletionException e) {
            throw e.getCause() instanceof SQLException failure ? new DatabaseException(failure) : e;
        }
    }

    private <T extends @Nullable Object> T lend(Work<T> work) throws Exception {
        try (var _ = permits.acquire()) {
            var connection = connection();
            boolean usable = false;
            try {
                T result = run(() -> work.with(connection));
                usable = true;
                return result;
            } finally {
                if (usable || run(() -> isAlive(connection))) {
                    idle.push(new Idle(connection, System.nanoTime()));
                }
            }
        }
    }

    private <T extends @Nullable Object> T run(Callable<T> call) throws Exception {
        return suspends ? call.call() : Async.await(Async.offload(call));
    }

    /** The one that was used last, or a new one. */
    private Connection connection() throws Exception {
        for (var next = idle.poll(); next != null; next = idle.poll()) {
            var connection = next.connection();
            if (System.nanoTime() - next.since() < FRESH_NANOS || run(() -> isAlive(connection))) {
                return connection;
            }
        }
        // Never on the loop: it looks up a name, and hashes a password thousands of times.
        return Async.await(Async.offload(() -> DriverManager.getConnection(url)));
    }

    /** Closes the connection unless the other side answers. */
    private static boolean isAlive(Connection connection) throws SQLException {
        if (connection.isValid(ANSWER_SECONDS)) {
            return true;
        }
        connection.close();
        return false;
    }

    private static PreparedStatement prepared(
            PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            statement.setObject(
                    i + 1, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
        }
        return statement;
    }

    /** The point in time in a column, null if there is none. */
    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Closes the connections that nobody uses; the loop that did has ended. */
    @Override
    public void close() {
        for (var unused : idle) {
            try {
                unused.connection().close();
            } catch (SQLException e) {
                log.warn("a connection to the database was not closed: {}", e.getMessage());
            }
        }
        idle.clear();
    }
}
