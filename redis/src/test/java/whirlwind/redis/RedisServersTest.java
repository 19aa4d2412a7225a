package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.redis.Engines.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;

/** Several engines, as of several servers, over one Redis. */
class RedisServersTest {
    private static final HistoryLimits PLENTY = new HistoryLimits(1000, Duration.ofHours(1));

    /** A server is late, and taken for dead, if it stands still for two thirds of this. */
    private static final Duration SHORT_PRESENCE = Duration.ofSeconds(4);

    private static RedisServer redis;

    private final Engines engines = new Engines(() -> redis.url());

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RedisServer.start(RedisServer.Persistence.NONE);
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @BeforeEach
    void forgetAll() throws Exception {
        redis.ask("FLUSHALL");
    }

    @AfterEach
    void closeEngines() {
        engines.close();
    }

    private RedisEngine start(Recorder told) {
        return engines.startLinked(told, options -> options);
    }

    @Test
    void whatOneServerPublishesAllAreTold() throws Exception {
        var told = new Recorder();
        var alsoTold = new Recorder();
        var one = start(told);
        var other = start(alsoTold);
        get(one.subscribe(TopicPattern.topic("room")));
        get(other.subscribe(new TopicPattern("*")));

        var position = get(one.publish("room", "\"hello\"", "ann", PLENTY));

        assertThat(told.nextPublication().position()).isEqualTo(position);
        var publication = alsoTold.nextPublication();
        assertThat(publication.position()).isEqualTo(position);
        assertThat(publication.json()).isEqualTo("\"hello\"");
        assertThat(get(other.history("room", null, 10)).publications())
                .containsExactly(publication);
    }

    @Test
    void publicationsOfSeveralServersAreCountedTogetherAndToldInOneOrder() throws Exception {
        var told = List.of(new Recorder(), new Recorder(), new Recorder());
        var all = new ArrayList<RedisEngine>();
        for (var each : told) {
            var engine = start(each);
            get(engine.subscribe(TopicPattern.topic("busy")));
            all.add(engine);
        }

        for (int i = 0; i < 300; i++) {
            var engine = all.get(i % all.size());
            engine.publish("busy", i % 3 + "." + i, null, PLENTY);
        }

        var first = received(told.getFirst(), 300);
        assertThat(received(told.get(1), 300)).isEqualTo(first);
        assertThat(received(told.get(2), 300)).isEqualTo(first);
        for (int i = 0; i < 300; i++) {
            assertThat(first.get(i).offset()).isEqualTo(i + 1L);
        }
        for (int server = 0; server < 3; server++) {
            var prefix = server + ".";
            assertThat(first.stream().map(Publication::json).filter(j -> j.startsWith(prefix)))
                    .hasSize(100)
                    .isSortedAccordingTo((a, b) ->
                            Integer.compare(
                                    Integer.parseInt(a.substring(2)),
                                    Integer.parseInt(b.substring(2))));
        }
    }

    private static List<Publication> received(Recorder told, int count) throws Exception {
        var publications = new ArrayList<Publication>();
        while (publications.size() < count) {
            publications.add(told.nextPublication());
        }
        return publications;
    }

    @Test
    void hubsWithOtherPrefixesShareNothing() throws Exception {
        var told = new Recorder();
        var one = start(told);
        var other = engines.startLinked(new Recorder(), o -> o.withPrefix("another"));
        get(one.subscribe(TopicPattern.topic("room")));

        get(other.publish("room", "\"theirs\"", null, PLENTY));
        get(one.publish("room", "\"ours\"", null, PLENTY));

        assertThat(told.nextPublication().json()).isEqualTo("\"ours\"");
    }

    // ---- presence ----

    @Test
    void connectionsOfAllServersCountForAUser() throws Exception {
        var told = new Recorder();
        var one = start(told);
        var other = start(new Recorder());
        get(one.subscribe(TopicPattern.topic("room")));

        get(one.join("room", "c1", "ann", null));
        get(other.join("room", "c2", "ann", "{\"at\":2}"));
        assertThat(get(one.members("room"))).containsExactly(new Member("ann", "{\"at\":2}", 2));
        assertThat(get(other.members("room"))).isEqualTo(get(one.members("room")));
        get(one.leave("room", "c1", "ann"));
        get(other.leave("room", "c2", "ann"));

        assertThat(told.next()).isEqualTo(new Recorder.Joined("room", new Member("ann", null, 1)));
        assertThat(told.next())
                .isEqualTo(new Recorder.Left("room", new Member("ann", "{\"at\":2}", 0)));
        assertThat(get(one.members("room"))).isEmpty();
    }

    @Test
    void whoWasPresentByAServerLeavesWithIt() throws Exception {
        var told = new Recorder();
        var one = start(told);
        var other = start(new Recorder());
        get(one.subscribe(TopicPattern.topic("room")));
        get(other.join("room", "c1", "ann", null));
        assertThat(told.next()).isInstanceOf(Recorder.Joined.class);

        get(other.close());

        assertThat(told.next()).isEqualTo(new Recorder.Left("room", new Member("ann", null, 0)));
        assertThat(get(one.members("room"))).isEmpty();
    }

    @Test
    void whoWasPresentByAServerThatDiedIsGoneAfterATime() throws Exception {
        var told = new Recorder();
        var one = engines.startLinked(told, o -> o.withPresenceExpiry(SHORT_PRESENCE));
        get(one.subscribe(TopicPattern.topic("room")));
        get(one.join("room", "c1", "bob", null));
        var millis = "" + SHORT_PRESENCE.toMillis();
        var server = EngineProcess.start(redis.url(), millis, "room", "c2", "ann");
        assertThat(told.next()).isEqualTo(new Recorder.Joined("room", new Member("bob", null, 1)));
        assertThat(told.next()).isEqualTo(new Recorder.Joined("room", new Member("ann", null, 1)));

        server.destroyForcibly().waitFor();

        assertThat(told.next()).isEqualTo(new Recorder.Left("room", new Member("ann", null, 0)));
        assertThat(get(one.members("room"))).containsExactly(new Member("bob", null, 1));
    }

    @Test
    void aServerThatWasTakenForDeadComesBackWithAllWhoArePresent() throws Exception {
        var told = new Recorder();
        var one = engines.startLinked(told, o -> o.withPresenceExpiry(SHORT_PRESENCE));
        get(one.subscribe(TopicPattern.topic("room")));
        var millis = "" + SHORT_PRESENCE.toMillis();
        var server = EngineProcess.start(redis.url(), millis, "room", "c2", "ann");
        assertThat(told.next()).isInstanceOf(Recorder.Joined.class);
        try {
            EngineProcess.stall(server);
            assertThat(told.next()).isInstanceOf(Recorder.Left.class);
            EngineProcess.resume(server);
            assertThat(told.next())
                    .isEqualTo(new Recorder.Joined("room", new Member("ann", null, 1)));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void presenceIsThereAgainAfterRedisWasEmptied() throws Exception {
        var told = new Recorder();
        var one = engines.startLinked(told, o -> o.withPresenceExpiry(SHORT_PRESENCE));
        get(one.subscribe(TopicPattern.topic("room")));
        get(one.join("room", "c1", "ann", null));
        assertThat(told.next()).isInstanceOf(Recorder.Joined.class);

        redis.ask("FLUSHALL");

        assertThat(told.next()).isInstanceOf(Recorder.Joined.class);
        assertThat(get(one.members("room"))).containsExactly(new Member("ann", null, 1));
    }
}
