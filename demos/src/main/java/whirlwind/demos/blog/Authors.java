package whirlwind.demos.blog;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.security.crypto.bcrypt.BCrypt;
import whirlwind.demos.visitor.Names;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.sync.Semaphore;

/** Those who have signed up, and their passwords. */
final class Authors {
    /** Two to this power rounds: some 60 ms on a machine of today. */
    private static final int BCRYPT_COST = 10;

    /** What bcrypt looks at; it would ignore the rest. */
    static final int MAX_PASSWORD_BYTES = 72;

    private final Database database;
    private final Semaphore turns =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    /** The hash of a password that nobody has; checking it takes as long as any other. */
    private final String nobodysHash = BCrypt.hashpw("", BCrypt.gensalt(BCRYPT_COST));

    private record Credentials(Author author, String hash) {}

    Authors(Database database) {
        this.database = database;
    }

    /** Signs somebody up; empty if the name is taken, in whichever case or shape. */
    Optional<Author> add(String name, String password) {
        var hash = hashing(() -> BCrypt.hashpw(password, BCrypt.gensalt(BCRYPT_COST)));
        try {
            long id =
                    database.insert(
                            "insert into authors (name, name_key, password_hash, joined)"
                                    + " values (?, ?, ?, ?)",
                            name,
                            key(name),
                            hash,
                            IOLoop.current().time());
            return Optional.of(new Author(id, name));
        } catch (DatabaseException e) {
            if (e.isDuplicate()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Whose name and password these are; empty if nobody's, and how long that takes doesn't tell
     * whether there is such a name.
     */
    Optional<Author> authenticate(String name, String password) {
        var known =
                database.find(
                        "select id, name, password_hash from authors where name_key = ?",
                        row ->
                                new Credentials(
                                        new Author(row.getLong("id"), row.getString("name")),
                                        row.getString("password_hash")),
                        key(name));
        var hash = known.map(Credentials::hash).orElse(nobodysHash);
        boolean right = hashing(() -> BCrypt.checkpw(password, hash));
        return right && bytesOf(password) <= MAX_PASSWORD_BYTES
                ? known.map(Credentials::author)
                : Optional.empty();
    }

    Optional<Author> find(long id) {
        return database.find(
                "select id, name from authors where id = ?",
                row -> new Author(row.getLong("id"), row.getString("name")),
                id);
    }

    Optional<Author> named(String name) {
        return database.find(
                "select id, name from authors where name_key = ?",
                row -> new Author(row.getLong("id"), row.getString("name")),
                key(name));
    }

    /**
     * Hashes a password, which is made slow on purpose: never on the loop, and a few at a time, or
     * whoever only reads would wait for the threads that all of them have.
     */
    private <T> T hashing(Callable<T> work) {
        try (var _ = turns.acquire()) {
            return Async.await(Async.offload(work));
        }
    }

    static int bytesOf(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length;
    }

    /** What no two authors may share: names that differ in case or shape are one. */
    private static String key(String name) {
        return Names.folded(name);
    }
}
