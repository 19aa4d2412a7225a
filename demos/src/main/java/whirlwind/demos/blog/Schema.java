package whirlwind.demos.blog;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;

/** The tables, and what has to be in them before anything else. */
final class Schema {
    private static final int SECRET_BYTES = 32;

    private final Database database;

    Schema(Database database) {
        this.database = database;
    }

    /**
     * Makes the tables that are missing.
     *
     * @return the secret that cookies are signed with: made once and kept here, so that who has
     *     signed in stays so when the program starts anew, and on all its machines
     */
    String prepare() {
        database.call(Schema::createTables);
        return secret();
    }

    private static boolean createTables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(Blog.resource("schema.sql"));
        }
    }

    private String secret() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        var made = Base64.getEncoder().encodeToString(bytes);
        try {
            database.update("insert into secrets (name, content) values ('cookies', ?)", made);
            return made;
        } catch (DatabaseException e) {
            if (!e.isDuplicate()) {
                throw e;
            }
            return database.find(
                            "select content from secrets where name = 'cookies'",
                            row -> row.getString("content"))
                    .orElseThrow();
        }
    }
}
