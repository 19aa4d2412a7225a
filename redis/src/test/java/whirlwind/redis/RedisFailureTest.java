package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.redis.Engines.get;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.redis.Recorder.Reach;
import whirlwind.redis.RedisServer.Persistence;

/** What happens when Redis dies, stands still, or forgets. */
class RedisFailureTest {
    private static final HistoryLimits PLENTY = new HistoryLimits(10_000, Duration.ofHours(1));
    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final TopicPattern ROOM = TopicPattern.topic("room");

    private final Recorder told = new Recorder();
    private RedisServer redis;
    private final Engines engines = new Engines(() -> redis.url());

    @AfterEach
    void closeAll() throws Exception {
        if (redis != null) {
            redis.resume();
        }
        engines.close();
        if (redis != null) {
            redis.close();
        }
    }

    private RedisEngine start(Persistence persistence) throws Exception {
        redis = RedisServer.start(persistence);
        return engines.start(told, o -> o.withPatience(PATIENT));
    }

    /** One that is soon sure that Redis is silent. */
    private RedisEngine startNervous(Duration patience) throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        return startNervous(redis.url(), patience);
    }

    private RedisEngine startNervous(String url, Duration patience) {
        var engine =
                engines.start(
                        told, o -> o.withUrl(url).withPatience(patience).withTimeout(A_SECOND));
        while (engine.subscribe(TopicPattern.topic("started"))
                .handle((ok, failure) -> failure != null)
                .join()) {
            Thread.onSpinWait(); // the first connection may well take more than a second
        }
        told.clear();
        return engine;
    }

    private static CompletableFuture<Position> publish(RedisEngine engine, Object json) {
        return engine.publish("room", "" + json, null, PLENTY);
    }

    private static List<Integer> numbers(List<Publication> publications) {
        return publications.stream().map(each -> Integer.valueOf(each.json())).toList();
    }

    // ---- publishing ----

    @Test
    void publicationsWaitUntilRedisIsThereAgain() throws Exception {
        var engine = start(Persistence.LOG);
        var before = get(publish(engine, 1));
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        var waiting = List.of(publish(engine, 2), publish(engine, 3));

        redis.start();

        assertThat(get(waiting.getFirst()))
                .isEqualTo(new Position(before.epoch(), before.offset() + 1));
        assertThat(get(waiting.getLast()))
                .isEqualTo(new Position(before.epoch(), before.offset() + 2));
    }

    @Test
    void publicationsThatWereUnderWayWhenRedisDiedAreDoneOnce() throws Exception {
        var engine = start(Persistence.LOG);
        var all = new ArrayList<CompletableFuture<Position>>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 300; i++) {
                all.add(publish(engine, all.size()));
            }
            get(all.get(all.size() - 200)); // and the rest is under way
            redis.kill();
            redis.start();
        }

        var positions = all.stream().map(Engines::get).map(Position::offset).toList();

        assertThat(positions).isEqualTo(LongStream.rangeClosed(1, 900).boxed().toList());
        var kept = get(engine.history("room", null, 10_000)).publications();
        assertThat(numbers(kept)).isEqualTo(IntStream.range(0, 900).boxed().toList());
    }

    @Test
    void publicationsThatAStalledRedisReadsLaterAreDoneOnceAndInOrder() throws Exception {
        var engine = startNervous(PATIENT);
        get(publish(engine, 0));
        redis.stall();
        var waiting = new ArrayList<CompletableFuture<Position>>();
        for (int i = 1; i <= 100; i++) {
            waiting.add(publish(engine, i));
        }
        assertThat(told.next()).isEqualTo(Reach.LOST); // so the connection was given up
        for (int i = 101; i <= 200; i++) {
            waiting.add(publish(engine, i));
        }

        redis.resume();

        waiting.forEach(Engines::get);
        var kept = get(engine.history("room", null, 1000)).publications();
        assertThat(numbers(kept)).isEqualTo(IntStream.rangeClosed(0, 200).boxed().toList());
    }

    @Test
    void whatAnAbandonedConnectionStillHoldsIsNotDoneLater() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        try (var network = new SlowNetwork(redis.port())) {
            var engine = startNervous(network.url(), PATIENT);
            get(publish(engine, 0));
            var held = network.hold();
            var waiting = IntStream.rangeClosed(1, 10).mapToObj(i -> publish(engine, i)).toList();
            assertThat(told.next()).isEqualTo(Reach.LOST);
            assertThat(told.next()).isEqualTo(Reach.RESTORED);
            waiting.forEach(Engines::get); // over another connection

            held.release();

            get(publish(engine, 11));
            assertThat(numbers(get(engine.history("room", null, 100)).publications()))
                    .isEqualTo(IntStream.rangeClosed(0, 11).boxed().toList());
            engines.close();
        }
    }

    @Test
    void withoutPatiencePublicationsFailWhenRedisIsOutOfReach() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        var engine = engines.start(told, o -> o.withPatience(Duration.ZERO));
        get(publish(engine, 1));
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);

        assertThatThrownBy(() -> get(publish(engine, 2)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("Redis at " + redis.address() + " is out of reach")
                .hasMessageContaining("Connection refused");
        assertThatThrownBy(() -> get(engine.history("room", null, 1)))
                .hasCauseInstanceOf(EngineUnavailableException.class);
        assertThatThrownBy(() -> get(engine.subscribe(ROOM)))
                .hasCauseInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void withoutPatienceWhoeverWasUnderWayIsToldThatItMayHaveBeenDone() throws Exception {
        var engine = startNervous(Duration.ZERO);
        get(publish(engine, 1));
        redis.stall();

        assertThatThrownBy(() -> get(publish(engine, 2)))
                .cause()
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("Redis at " + redis.address())
                .hasMessageContaining("did not say whether it was done")
                .hasMessageContaining("has not answered for 1 s")
                .hasCauseInstanceOf(RedisTimeoutException.class);
    }

    @Test
    void patienceEndsWithAnExceptionThatNamesAddressAndLimit() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        var patience = Duration.ofMillis(300);
        var engine = engines.startLinked(told, o -> o.withPatience(patience));
        redis.kill();

        assertThatThrownBy(() -> get(publish(engine, 2)))
                .cause()
                .isInstanceOfSatisfying(
                        RedisTimeoutException.class,
                        e -> {
                            assertThat(e.address()).isEqualTo(redis.address());
                            assertThat(e.limit()).isEqualTo(patience);
                        })
                .hasMessageContaining(redis.address())
                .hasMessageContaining("300 ms");
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        var engine = engines.start(told, o -> o.withPatience(PATIENT).withMaxPendingBytes(100_000));
        get(publish(engine, 1));
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        var large = "\"" + "x".repeat(10_000) + "\"";
        var waiting = IntStream.range(0, 9).mapToObj(i -> publish(engine, large)).toList();

        assertThatThrownBy(() -> get(publish(engine, large)))
                .hasCauseInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("wait for Redis at " + redis.address())
                .hasMessageContaining("at most 100000");
        redis.start();
        waiting.forEach(Engines::get);
        get(publish(engine, large));
    }

    @Test
    void forgottenScriptsAreLoadedAgain() throws Exception {
        var engine = start(Persistence.NONE);
        get(publish(engine, 0));
        redis.ask("SCRIPT FLUSH");
        var all = IntStream.rangeClosed(1, 20).mapToObj(i -> publish(engine, i)).toList();
        all.forEach(Engines::get);
        assertThat(numbers(get(engine.history("room", null, 100)).publications()))
                .isEqualTo(IntStream.rangeClosed(0, 20).boxed().toList());
    }

    @Test
    void anEngineCanBeClosedWhileRedisIsSilent() throws Exception {
        var engine = startNervous(PATIENT);
        get(engine.join("room", "c1", "ann", null));
        redis.stall();
        var waiting = publish(engine, 1);
        get(engine.close());
        assertThatThrownBy(() -> get(waiting))
                .hasCauseInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whatAFullRedisRefusesFails() throws Exception {
        var engine = start(Persistence.NONE);
        get(publish(engine, 1));
        redis.ask("CONFIG SET maxmemory 1");

        assertThatThrownBy(() -> get(publish(engine, 2)))
                .hasCauseInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("Redis at " + redis.address() + ": OOM");
        assertThatThrownBy(() -> get(engine.join("room", "c1", "ann", null)))
                .hasCauseInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("OOM");

        redis.ask("CONFIG SET maxmemory 0");
        get(publish(engine, 3));
        assertThat(numbers(get(engine.history("room", null, 10)).publications()))
                .containsExactly(1, 3);
    }

    // ---- subscribing ----

    @Test
    void subscriptionsOutliveRedisAndTheGapIsTold() throws Exception {
        var engine = start(Persistence.LOG);
        get(engine.subscribe(ROOM));
        get(engine.subscribe(new TopicPattern("news.*")));
        var last = get(publish(engine, 1));
        assertThat(told.nextPublication().position()).isEqualTo(last);

        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        redis.start();
        assertThat(told.next()).isEqualTo(Reach.RESTORED);

        get(publish(engine, 2));
        get(engine.publish("news.today", "3", null, HistoryLimits.NONE));
        assertThat(told.nextPublication().json()).isEqualTo("2");
        assertThat(told.nextPublication().json()).isEqualTo("3");
        var missed = get(engine.history("room", last, 10));
        assertThat(missed.complete()).isTrue();
        assertThat(numbers(missed.publications())).containsExactly(2);
    }

    @Test
    void anEngineMayStartBeforeRedis() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        redis.kill();
        var engine = engines.start(told, o -> o.withPatience(PATIENT));
        var subscribed = engine.subscribe(ROOM);
        assertThat(told.next()).isEqualTo(Reach.LOST);

        redis.start();

        get(subscribed);
        assertThat(told.next()).isEqualTo(Reach.RESTORED);
        get(publish(engine, 1));
        assertThat(told.nextPublication().json()).isEqualTo("1");
    }

    @Test
    void whatIsGivenUpWhileRedisIsAwayStaysGivenUp() throws Exception {
        var engine = start(Persistence.NONE);
        get(engine.subscribe(ROOM));
        get(engine.subscribe(TopicPattern.topic("other")));
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        get(engine.unsubscribe(ROOM));
        redis.start();
        assertThat(told.next()).isEqualTo(Reach.RESTORED);

        get(publish(engine, 1));
        get(engine.publish("other", "2", null, PLENTY));

        assertThat(told.nextPublication().json()).isEqualTo("2");
    }

    @Test
    void presenceIsThereAgainAfterARestart() throws Exception {
        var engine = start(Persistence.NONE);
        get(publish(engine, 1));
        get(engine.join("room", "c1", "ann", null));
        get(engine.join("room", "c2", "bob", null));
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        get(engine.leave("room", "c2", "bob"));
        get(engine.join("room", "c3", "eve", null));

        redis.start();

        assertThat(get(engine.members("room")))
                .containsExactlyInAnyOrder(new Member("ann", null, 1), new Member("eve", null, 1));
    }

    @Test
    void whoCameOrWentWhileRedisWasAwayIsToldWhenItIsBack() throws Exception {
        var engine = start(Persistence.LOG);
        get(engine.subscribe(ROOM));
        get(engine.join("room", "c1", "ann", null));
        get(engine.join("room", "c2", "bob", null));
        told.next(); // ann
        told.next(); // bob
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        get(engine.leave("room", "c2", "bob"));
        get(engine.join("room", "c3", "eve", null));

        redis.start();

        assertThat(get(engine.members("room")))
                .containsExactlyInAnyOrder(new Member("ann", null, 1), new Member("eve", null, 1));
        assertThat(told.next()).isEqualTo(Reach.RESTORED);
        assertThat(told.next()).isEqualTo(new Recorder.Left("room", new Member("bob", null, 0)));
        assertThat(told.next()).isEqualTo(new Recorder.Joined("room", new Member("eve", null, 1)));
    }

    // ---- forgetting ----

    private Position restart(RedisEngine engine) throws Exception {
        redis.kill();
        assertThat(told.next()).isEqualTo(Reach.LOST);
        redis.start();
        assertThat(told.next()).isEqualTo(Reach.RESTORED);
        return position(engine);
    }

    private static Position position(RedisEngine engine) {
        return get(engine.history("room", null, 0)).position();
    }

    @Test
    void aRedisThatWritesEverythingDownGoesOnInTheSameEpoch() throws Exception {
        var engine = start(Persistence.LOG);
        var first = get(publish(engine, 1));
        var last = get(publish(engine, 2));

        assertThat(restart(engine)).isEqualTo(last);
        var page = get(engine.history("room", first, 10));
        assertThat(page.complete()).isTrue();
        assertThat(numbers(page.publications())).containsExactly(2);
    }

    @Test
    void aRedisThatKeepsNothingBeginsANewEpoch() throws Exception {
        var engine = start(Persistence.NONE);
        var before = get(publish(engine, 1));

        assertThat(restart(engine).epoch()).isNotEqualTo(before.epoch());
        assertThat(get(engine.history("room", before, 10)).complete()).isFalse();
    }

    @Test
    void aRedisThatGoesBackToAnOldSnapshotBeginsANewEpoch() throws Exception {
        var engine = start(Persistence.SNAPSHOTS);
        get(publish(engine, 1));
        redis.ask("SAVE");
        var lost = get(publish(engine, 2));

        assertThat(restart(engine).epoch()).isNotEqualTo(lost.epoch());
        get(publish(engine, 3));
        get(publish(engine, 4));
        get(publish(engine, 5));
        var page = get(engine.history("room", lost, 10));
        assertThat(page.complete()).isFalse();
        assertThat(numbers(page.publications())).containsExactly(3, 4, 5);
    }

    @Test
    void aRedisThatLostNothingGoesOnInTheSameEpochHoweverItKeepsItsData() throws Exception {
        var engine = start(Persistence.SNAPSHOTS);
        get(publish(engine, 1));
        var last = get(publish(engine, 2));
        redis.ask("SAVE");

        assertThat(restart(engine)).isEqualTo(last);
    }

    @Test
    void whatOneServerSawAndRedisLostIsGoneForAllHoweverLateThatServerComesBack() throws Exception {
        var engine = start(Persistence.SNAPSHOTS);
        var first = get(publish(engine, 1));
        redis.ask("SAVE");
        var other = EngineProcess.start(redis.url(), "30000", "room", "c1", "ann");
        try {
            EngineProcess.publish(other, "room", "2");
            var lost = new Position(first.epoch(), 2);
            EngineProcess.stall(other);
            assertThat(restart(engine)).isEqualTo(first);
            get(publish(engine, 3));
            get(publish(engine, 4));

            EngineProcess.resume(other);
            EngineProcess.publish(other, "room", "5");

            var page = get(engine.history("room", lost, 10));
            assertThat(page.complete()).isFalse();
            assertThat(page.position().epoch()).isNotEqualTo(lost.epoch());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void anEmptiedRedisBeginsANewEpochWhileSubscribersListen() throws Exception {
        var engine = start(Persistence.NONE);
        get(engine.subscribe(ROOM));
        var before = get(publish(engine, 1));
        assertThat(told.nextPublication().position()).isEqualTo(before);

        redis.ask("FLUSHALL");
        var after = get(publish(engine, 2));

        assertThat(told.nextPublication().position()).isEqualTo(after);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(get(engine.history("room", before, 10)).complete()).isFalse();
    }

    // ---- saying so ----

    @Test
    void oneWarningAndOneLineOfRecoveryAreLogged() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger(RedisEngine.class);
        var lines = new ListAppender<ILoggingEvent>();
        var engine = start(Persistence.NONE);
        get(publish(engine, 1));
        var level = logger.getLevel();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        try {
            redis.kill();
            assertThat(told.next()).isEqualTo(Reach.LOST);
            var waiting = IntStream.range(0, 100).mapToObj(i -> publish(engine, i)).toList();
            redis.start();
            assertThat(told.next()).isEqualTo(Reach.RESTORED);
            waiting.forEach(Engines::get);
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
            logger.setLevel(level);
        }
        var messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst())
                .startsWith("Redis at " + redis.address() + " is out of reach");
        assertThat(messages.getLast()).startsWith("Redis at " + redis.address() + " is back");
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        redis = RedisServer.start(Persistence.NONE);
        redis.ask("CONFIG SET requirepass secret");
        var engine = engines.start(told, o -> o.withPatience(Duration.ZERO));
        assertThatThrownBy(() -> get(publish(engine, 1)))
                .hasCauseInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining(redis.address())
                .hasMessageContaining("NOAUTH");
    }
}
