package whirlwind.demos.blog;

import java.util.UUID;

/** The databases that the blog is tested with. */
enum TestDatabase {
    H2 {
        @Override
        String newUrl() {
            return "jdbc:h2:mem:" + UUID.randomUUID();
        }
    },
    POSTGRESQL {
        @Override
        String newUrl() {
            return PostgresServer.newDatabase();
        }
    };

    /** The URL of an empty database. */
    abstract String newUrl();
}
