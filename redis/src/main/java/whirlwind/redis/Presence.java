package whirlwind.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScanCursor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;

/**
 * Who is present by this server. It knows by itself and keeps Redis informed, with each new link
 * from the beginning. One beat for all of it tells that the server is alive; and whoever finds one
 * that isn't clears its connections away. On the loop.
 */
final class Presence {
    private static final Logger log = LoggerFactory.getLogger(RedisEngine.class);

    /** Without a link there is nothing to wait for. */
    private static final CompletionStage<?> NOT_NOW = CompletableFuture.completedStage(null);

    private final Keys keys;
    private final String server;
    private final RedisOptions options;
    private final Questions questions;
    private final Map<Connection, Person> here = new LinkedHashMap<>();
    private @Nullable Link link;

    private record Connection(String topic, String name) {
        /** A topic has no spaces. */
        String field() {
            return topic + " " + name;
        }

        static Connection of(String field) {
            int space = field.indexOf(' ');
            return new Connection(field.substring(0, space), field.substring(space + 1));
        }
    }

    private record Person(String user, @Nullable String info) {}

    Presence(Keys keys, String server, RedisOptions options, Questions questions) {
        this.keys = keys;
        this.server = server;
        this.options = options;
        this.questions = questions;
    }

    // ---- joining and leaving, on the loop's own thread ----

    void join(
            String topic,
            String connection,
            String user,
            @Nullable String info,
            CompletableFuture<@Nullable Void> done) {
        var key = new Connection(topic, connection);
        var person = new Person(user, info);
        here.put(key, person);
        complete(done, link == null ? NOT_NOW : join(link, key, person));
    }

    void leave(
            String topic, String connection, String user, CompletableFuture<@Nullable Void> done) {
        var key = new Connection(topic, connection);
        here.remove(key);
        complete(done, link == null ? NOT_NOW : leave(link, key, user, server, ""));
    }

    /** What a link leaves undone is done by the next one, so only a refusal is a failure. */
    private void complete(CompletableFuture<@Nullable Void> done, CompletionStage<?> told) {
        told.whenComplete((answer, problem) -> {
            var refusal = problem == null ? null : Requests.refusal(problem, options);
            if (refusal == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(refusal);
            }
        });
    }

    private CompletionStage<List<Object>> join(Link link, Connection connection, Person person) {
        return link.run(
                Script.JOIN,
                List.of(keys.connections(server), keys.members(connection.topic)),
                List.of(
                        connection.field(),
                        person.user,
                        Wire.member(person.user, person.info),
                        keys.channel(connection.topic)));
    }

    private CompletionStage<List<Object>> leave(
            Link link, Connection connection, String user, String ofServer, String until) {
        return link.run(
                Script.LEAVE,
                List.of(keys.connections(ofServer), keys.members(connection.topic), keys.dying),
                List.of(connection.field(), user, keys.channel(connection.topic), ofServer, until));
    }

    // ---- links ----

    /** Joining and leaving go over a new link from now on. On the loop's own thread. */
    void linked(Link link) {
        this.link = link;
    }

    void unlinked() {
        link = null;
    }

    /** Informs Redis by a new link of who has left and joined since. In a coroutine. */
    void begin(Link link) {
        beat(link, false); // the others may be late after a failure of Redis, and not dead
        clearAway(link, server, "", connection -> !here.containsKey(connection));
        tellAll(link);
    }

    /** Keeps it informed until the link breaks. In a coroutine. */
    void keep(Link link) {
        try {
            while (true) {
                Async.sleep(options.presenceExpiry().dividedBy(3));
                if (this.link != link) {
                    return;
                }
                if (!beat(link, true)) {
                    tellAll(link);
                }
            }
        } catch (RedisException e) {
            questions.ask(() -> link.breakDown(e)); // if that isn't why
        }
    }

    /** Whether the others have taken this server for alive since the last one. */
    private boolean beat(Link link, boolean lookForDead) {
        var answer =
                questions.ask(() ->
                        link.run(
                                Script.BEAT,
                                List.of(keys.servers, keys.dying, keys.sent(server)),
                                List.of(
                                        server,
                                        Long.toString(options.presenceExpiry().toMillis()),
                                        Long.toString(RedisEngine.TRACES.toMillis()),
                                        lookForDead ? "1" : "0")));
        if (answer.size() > 1) {
            var dead = (String) answer.get(1);
            var until = (String) answer.get(2);
            log.info("The server {} is not heard of any more: its connections are gone", dead);
            if (clearAway(link, dead, until, connection -> true)) {
                questions.ask(() -> forget(link, dead, until));
            }
        }
        return answer.getFirst().equals(1L);
    }

    private void tellAll(Link link) {
        for (var some : Questions.parts(List.copyOf(here.entrySet()))) {
            questions.askAll(() ->
                    some.stream()
                            .filter(each -> here.containsKey(each.getKey())) // hasn't left since
                            .map(each -> join(link, each.getKey(), each.getValue()))
                            .toList());
        }
    }

    /**
     * Lets a server's connections leave that Redis still knows.
     *
     * @param until when that ends to be this server's task, if the other one is dead; else empty
     * @param gone which of them
     * @return whether that is done; false if the server, which was dead, has come back
     */
    private boolean clearAway(
            Link link, String ofServer, String until, Predicate<Connection> gone) {
        var cursor = ScanCursor.INITIAL;
        do {
            var from = cursor;
            var page = questions.ask(() -> link.scan(keys.connections(ofServer), from));
            var answers =
                    questions.askAll(() ->
                            page.getMap().entrySet().stream()
                                    .filter(each -> gone.test(Connection.of(each.getKey())))
                                    .map(each ->
                                            leave(
                                                    link,
                                                    Connection.of(each.getKey()),
                                                    each.getValue(),
                                                    ofServer,
                                                    until))
                                    .toList());
            if (answers.stream().anyMatch(answer -> answer.getFirst().equals(0L))) {
                return false;
            }
            cursor = page;
        } while (!cursor.isFinished());
        return true;
    }

    /** The end of this server: nobody is here any more. */
    void leaveAll() {
        var last = link;
        if (last == null) {
            return;
        }
        var all = List.copyOf(here.entrySet());
        here.clear();
        for (var some : Questions.parts(all)) {
            questions.askAll(() ->
                    some.stream()
                            .map(each ->
                                    leave(last, each.getKey(), each.getValue().user, server, ""))
                            .toList());
        }
        questions.ask(() -> forget(last, server, ""));
    }

    private CompletionStage<List<Object>> forget(Link link, String ofServer, String until) {
        return link.run(Script.FORGET, List.of(keys.servers, keys.dying), List.of(ofServer, until));
    }
}
