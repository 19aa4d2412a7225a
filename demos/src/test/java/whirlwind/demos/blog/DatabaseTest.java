package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Task;
import whirlwind.sync.Event;

/** Plain JDBC in coroutines, on both databases. */
@ParameterizedClass
@EnumSource
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DatabaseTest {
    private final TestDatabase kind;
    private final IOLoop loop = new IOLoop();
    private final Database database;

    DatabaseTest(TestDatabase kind) {
        this.kind = kind;
        // Without connections H2 forgets what it has in memory, unless it is told to wait.
        var url = kind.newUrl() + (kind == TestDatabase.H2 ? ";DB_CLOSE_DELAY=-1" : "");
        this.database = new Database(url);
        inCoroutine(() -> {
            database.update("create table things (id int primary key, name varchar(20))");
            database.update("insert into things values (1, 'one')");
        });
    }

    @AfterEach
    void close() {
        database.close();
        loop.close();
    }

    private void inCoroutine(CheckedRunnable body) {
        loop.runSync(() -> {
            body.run();
            return null;
        });
    }

    private List<String> names() {
        return database.list("select name from things order by id", row -> row.getString("name"));
    }

    /**
     * In a transaction, so that nobody else can change the row until that ends.
     *
     * @param before called on the loop at about the time when the statement begins
     */
    private Task<Void> rename(String name, Runnable before, CheckedRunnable meanwhile) {
        return Async.spawn(() -> {
            database.transaction(connection -> {
                try (var statement =
                        connection.prepareStatement("update things set name = ? where id = 1")) {
                    statement.setString(1, name);
                    loop.addCallback(before);
                    statement.executeUpdate();
                    meanwhile.run();
                    return null;
                } catch (SQLException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        });
    }

    @Test
    void aCallThatWaitsForAnotherLetsThatOneFinishOnTheSameLoop() {
        inCoroutine(() -> {
            var locked = new Event();
            var tried = new Event();
            var release = new CountDownLatch(1);
            var first =
                    rename(
                            "first",
                            () -> {},
                            () -> {
                                loop.addCallback(locked::set);
                                release.await();
                            });
            locked.await();
            var second = rename("second", tried::set, () -> {});
            tried.await();
            assertThat(second.isDone()).isFalse();
            release.countDown();
            Async.await(first);
            Async.await(second);
            assertThat(names()).containsExactly("second");
        });
    }

    @Test
    void callsRunInCoroutinesWhereTheyWaitInSocketsAndBesideTheLoopElsewhere() {
        inCoroutine(() -> {
            boolean suspends = kind == TestDatabase.POSTGRESQL && loop.engine().equals("mounted");
            boolean inCoroutine = database.call(_ -> Thread.currentThread().isVirtual());
            assertThat(inCoroutine).isEqualTo(suspends);
        });
    }

    @Test
    void moreCoroutinesThanConnectionsTakeTurns() {
        inCoroutine(() -> {
            var counts =
                    IntStream.range(0, 50)
                            .mapToObj(i ->
                                    Async.spawn(() ->
                                            database.update(
                                                    "insert into things values (?, 'new')",
                                                    100 + i)))
                            .toList();
            assertThat(Async.await(Async.all(counts))).hasSize(50).containsOnly(1);
            assertThat(names()).hasSize(51);
        });
    }

    @Test
    void valuesAreValuesWhateverTheySay() {
        var name = "'); drop table x --";
        inCoroutine(() -> {
            database.update("insert into things values (2, ?)", name);
            assertThat(names()).containsExactly("one", name);
        });
    }

    @Test
    void aKeyThatIsThereAlreadyIsToldApart() {
        inCoroutine(() -> {
            assertThatThrownBy(() -> database.update("insert into things values (1, 'again')"))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.isDuplicate()).isTrue());
            assertThatThrownBy(() -> database.update("insert into nothing values (1)"))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.isDuplicate()).isFalse());
            assertThat(names()).containsExactly("one");
        });
    }

    /**
     * Where the database works inside the process, it needs the threads that hash passwords, too.
     */
    @Test
    void readersDoNotWaitUntilAllPasswordsAreChecked() {
        inCoroutine(() -> {
            new Schema(database).prepare();
            var authors = new Authors(database);
            var posts = new Posts(database);
            var checked = new AtomicInteger();
            var checks =
                    IntStream.range(0, 40)
                            .mapToObj(_ ->
                                    Async.spawn(() -> {
                                        authors.authenticate("Nobody", "guess");
                                        return checked.incrementAndGet();
                                    }))
                            .toList();
            Async.await(Async.spawn(posts::count));
            assertThat(checked.get()).isLessThan(10);
            for (var check : checks) {
                check.cancel();
            }
        });
    }

    @Test
    void aCommentOnAPostThatIsGoneMeanwhileIsNoFailure() {
        inCoroutine(() -> {
            new Schema(database).prepare();
            var ada = new Authors(database).add("Ada", "long enough 1").orElseThrow();
            var posts = new Posts(database);
            var post = posts.find(posts.add(ada, new PostForm("Title", "Text."))).orElseThrow();
            assertThat(posts.addComment(post, ada, "in time")).isPresent();
            posts.remove(post);
            assertThat(posts.addComment(post, ada, "too late")).isEmpty();
        });
    }

    @Test
    void aTransactionThatFailsChangesNothing() {
        inCoroutine(() -> {
            assertThatThrownBy(() ->
                            database.transaction(connection -> {
                                try (var statement = connection.createStatement()) {
                                    statement.executeUpdate("delete from things");
                                    return statement.executeUpdate("nonsense");
                                }
                            }))
                    .isInstanceOf(DatabaseException.class);
            assertThat(names()).containsExactly("one");
        });
    }

    @Test
    void workGoesOnWhenItsCoroutineIsCancelled() {
        inCoroutine(() -> {
            var locked = new Event();
            var release = new CountDownLatch(1);
            var renaming =
                    rename(
                            "renamed",
                            () -> {},
                            () -> {
                                loop.addCallback(locked::set);
                                release.await();
                            });
            locked.await();
            renaming.cancel();
            assertThatThrownBy(() -> Async.await(renaming))
                    .isInstanceOf(CancellationException.class);
            release.countDown();
            // Waits for the row until the other transaction has ended.
            Async.await(rename("renamed again", () -> {}, () -> {}));
            assertThat(names()).containsExactly("renamed again");
        });
    }

    @Test
    void aConnectionThatIsLostIsReplaced() {
        inCoroutine(() -> {
            assertThatThrownBy(() ->
                            database.call(connection -> {
                                connection.close();
                                return connection.prepareStatement("select 1");
                            }))
                    .isInstanceOf(DatabaseException.class);
            var all = new ArrayList<Task<List<String>>>();
            for (int i = 0; i < 20; i++) {
                all.add(Async.spawn(this::names));
            }
            assertThat(Async.await(Async.all(all))).containsOnly(List.of("one"));
        });
    }
}
