package whirlwind.realtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hub expects of its engine, whichever that is. */
@Timeout(60)
public abstract class HubEngineContract {
    private static final HistoryLimits LAST_THREE = new HistoryLimits(3, Duration.ofHours(1));
    private static final HistoryLimits PLENTY = new HistoryLimits(1000, Duration.ofHours(1));

    /**
     * So short that an engine can wait for it to pass, and so long that what is published then is
     * still there when it is asked for, on a busy machine.
     */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final Duration LONGER = SHORT.plusMillis(50);

    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    private HubEngine engine;

    /** A new engine that shares its topics with no other test. */
    protected abstract HubEngine newEngine() throws Exception;

    /** Lets this time pass on the engine's clock. */
    protected abstract void elapse(Duration time) throws Exception;

    private record Joined(String topic, Member member) {}

    private record Left(String topic, Member member) {}

    @BeforeEach
    void startEngine() throws Exception {
        engine = newEngine();
        engine.start(
                new EngineListener() {
                    @Override
                    public void published(Publication publication) {
                        told.add(publication);
                    }

                    @Override
                    public void joined(String topic, Member member) {
                        told.add(new Joined(topic, member));
                    }

                    @Override
                    public void left(String topic, Member member) {
                        told.add(new Left(topic, member));
                    }

                    @Override
                    public void lost() {
                        told.add("lost");
                    }

                    @Override
                    public void restored() {
                        told.add("restored");
                    }
                });
    }

    @AfterEach
    void closeEngine() {
        get(engine.close());
    }

    private static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Position publish(String topic, String json, HistoryLimits limits) {
        return get(engine.publish(topic, json, null, limits));
    }

    private void publish(String topic, int count, HistoryLimits limits) {
        for (int i = 0; i < count; i++) {
            publish(topic, "{}", limits);
        }
    }

    private HistoryPage history(String topic, @Nullable Position since, int limit) {
        return get(engine.history(topic, since, limit));
    }

    private static List<Long> offsets(HistoryPage page) {
        return page.publications().stream().map(Publication::offset).toList();
    }

    private void subscribe(String pattern) {
        get(engine.subscribe(new TopicPattern(pattern)));
    }

    private void unsubscribe(String pattern) {
        get(engine.unsubscribe(new TopicPattern(pattern)));
    }

    private Object nextTold() throws InterruptedException {
        var next = told.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("told by the engine").isNotNull();
        return next;
    }

    private Publication nextPublication() throws InterruptedException {
        return (Publication) nextTold();
    }

    /** Tells that nothing else comes before it. */
    private void expectNothingElse() throws InterruptedException {
        subscribe("marker");
        publish("marker", "1", HistoryLimits.NONE);
        assertThat(nextPublication().topic()).isEqualTo("marker");
    }

    // ---- publishing and subscribing ----

    @Test
    void subscribersAreToldWhatWasPublished() throws Exception {
        subscribe("room.1");

        var position = get(engine.publish("room.1", "{\"text\":\"größer\"}", "ann", LAST_THREE));

        var publication = nextPublication();
        assertThat(publication.topic()).isEqualTo("room.1");
        assertThat(publication.position()).isEqualTo(position);
        assertThat(publication.json()).isEqualTo("{\"text\":\"größer\"}");
        assertThat(publication.publisher()).isEqualTo("ann");
        assertThat(history("room.1", null, 10).publications()).containsExactly(publication);
    }

    @Test
    void theApplicationPublishesWithoutAUser() throws Exception {
        subscribe("news");
        publish("news", "1", LAST_THREE);
        assertThat(nextPublication().publisher()).isNull();
        assertThat(history("news", null, 10).publications().getFirst().publisher()).isNull();
    }

    @Test
    void offsetsCountUpFromWhereTheTopicStoodAndTheEpochStays() throws Exception {
        subscribe("count");
        var start = history("count", null, 0).position();

        publish("count", 5, HistoryLimits.NONE);

        for (int i = 1; i <= 5; i++) {
            assertThat(nextPublication().position())
                    .isEqualTo(new Position(start.epoch(), start.offset() + i));
        }
        assertThat(history("count", null, 0).position())
                .isEqualTo(new Position(start.epoch(), start.offset() + 5));
    }

    @Test
    void topicsAreCountedByThemselves() throws Exception {
        subscribe("one");
        subscribe("two");
        var two = history("two", null, 0).position();

        publish("one", 3, HistoryLimits.NONE);
        publish("two", 1, HistoryLimits.NONE);

        for (int i = 0; i < 3; i++) {
            assertThat(nextPublication().topic()).isEqualTo("one");
        }
        assertThat(nextPublication().offset()).isEqualTo(two.offset() + 1);
    }

    @Test
    void publishersInSeveralThreadsAreToldInTheOrderOfTheOffsets() throws Exception {
        subscribe("busy");
        var start = history("busy", null, 0).position().offset();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> publish("busy", 100, PLENTY)));
        }
        for (var thread : threads) {
            thread.join();
        }

        var seen = new ArrayList<Long>();
        while (seen.size() < 400) {
            seen.add(nextPublication().offset());
        }
        var all = LongStream.rangeClosed(start + 1, start + 400).boxed().toList();
        assertThat(seen).isEqualTo(all);
        assertThat(offsets(history("busy", null, 1000))).isEqualTo(all);
    }

    @Test
    void nobodyIsToldOfATopicThatIsNotSubscribedTo() throws Exception {
        subscribe("room.1");
        publish("room.2", "1", HistoryLimits.NONE);
        publish("room.1.more", "1", HistoryLimits.NONE);
        expectNothingElse();
    }

    @Test
    void afterUnsubscribingNothingIsTold() throws Exception {
        subscribe("room.1");
        subscribe("room.*");
        unsubscribe("room.1");
        unsubscribe("room.*");
        unsubscribe("room.never");
        publish("room.1", "1", HistoryLimits.NONE);
        expectNothingElse();
    }

    @Test
    void patternsMatchTheirTopics() throws Exception {
        subscribe("room.*");
        subscribe("news.**");

        publish("room.1", "1", HistoryLimits.NONE);
        publish("room.1.sub", "2", HistoryLimits.NONE);
        publish("room", "3", HistoryLimits.NONE);
        publish("news.a.b", "4", HistoryLimits.NONE);
        publish("news", "5", HistoryLimits.NONE);

        assertThat(nextPublication().topic()).isEqualTo("room.1");
        assertThat(nextPublication().topic()).isEqualTo("news.a.b");
        expectNothingElse();
    }

    @Test
    void aPublicationIsToldOnceHoweverManySubscriptionsItMatches() throws Exception {
        subscribe("room.1");
        subscribe("room.*");
        subscribe("**");
        subscribe("room.1");
        publish("room.1", "1", LAST_THREE);

        assertThat(nextPublication().topic()).isEqualTo("room.1");
        expectNothingElse();
    }

    @Test
    void aTopicIsStillToldWhenOnlyThePatternIsGone() throws Exception {
        subscribe("room.1");
        subscribe("room.*");
        unsubscribe("room.*");
        publish("room.1", "1", HistoryLimits.NONE);
        assertThat(nextPublication().topic()).isEqualTo("room.1");
        subscribe("room.*");
        unsubscribe("room.1");
        publish("room.1", "2", HistoryLimits.NONE);
        assertThat(nextPublication().json()).isEqualTo("2");
    }

    // ---- history ----

    @Test
    void historyKeepsTheLastPublications() {
        var start = history("kept", null, 0).position().offset();
        publish("kept", 5, LAST_THREE);

        var page = history("kept", null, 10);

        assertThat(offsets(page)).containsExactly(start + 3, start + 4, start + 5);
        assertThat(page.position().offset()).isEqualTo(start + 5);
        assertThat(page.complete()).isTrue();
    }

    @Test
    void withoutSinceHistoryGivesTheNewest() {
        publish("kept", 5, PLENTY);
        var last = history("kept", null, 0).position().offset();
        assertThat(offsets(history("kept", null, 2))).containsExactly(last - 1, last);
        assertThat(offsets(history("kept", null, 0))).isEmpty();
    }

    @Test
    void historyForgetsWhatIsTooOld() throws Exception {
        var limits = new HistoryLimits(10, SHORT);
        var first = publish("kept", "1", limits);
        elapse(LONGER);
        var second = publish("kept", "2", limits);

        assertThat(offsets(history("kept", null, 10))).containsExactly(second.offset());
        assertThat(history("kept", first, 10).complete()).isTrue();
        assertThat(history("kept", new Position(first.epoch(), first.offset() - 1), 10).complete())
                .isFalse();
    }

    @Test
    void historyForgetsWhatIsTooOldAlsoWhenNothingIsPublished() throws Exception {
        subscribe("kept");
        var before = history("kept", null, 0).position();
        var first = publish("kept", "1", new HistoryLimits(10, SHORT));
        elapse(LONGER);

        assertThat(history("kept", null, 10)).isEqualTo(new HistoryPage(first, List.of(), true));
        assertThat(history("kept", first, 10).complete()).isTrue();
        assertThat(history("kept", before, 10).complete()).isFalse();
    }

    @Test
    void aTopicWithoutLimitsKeepsNothing() {
        subscribe("none");
        var first = publish("none", "1", HistoryLimits.NONE);
        var second = publish("none", "2", HistoryLimits.NONE);

        assertThat(history("none", null, 10)).isEqualTo(new HistoryPage(second, List.of(), true));
        assertThat(history("none", second, 10).complete()).isTrue();
        assertThat(history("none", first, 10).complete()).isFalse();
    }

    @Test
    void whoKnowsAPositionGetsWhatCameAfterIt() {
        var since = publish("kept", "1", PLENTY);
        var second = publish("kept", "2", PLENTY);
        var third = publish("kept", "3", PLENTY);

        var page = history("kept", since, 10);

        assertThat(page.complete()).isTrue();
        assertThat(page.position()).isEqualTo(third);
        assertThat(page.publications())
                .extracting(Publication::position, Publication::json)
                .containsExactly(tuple(second, "2"), tuple(third, "3"));
        assertThat(history("kept", third, 10)).isEqualTo(new HistoryPage(third, List.of(), true));
    }

    @Test
    void whatWasMissedCanBeReadInPieces() {
        var since = publish("kept", "0", PLENTY);
        publish("kept", 5, PLENTY);

        var seen = new ArrayList<Long>();
        for (var page = history("kept", since, 2);
                !page.publications().isEmpty();
                page = history("kept", page.publications().getLast().position(), 2)) {
            assertThat(page.complete()).isTrue();
            assertThat(page.publications().size()).isLessThanOrEqualTo(2);
            seen.addAll(offsets(page));
        }
        assertThat(seen)
                .isEqualTo(
                        LongStream.rangeClosed(since.offset() + 1, since.offset() + 5)
                                .boxed()
                                .toList());
    }

    @Test
    void aPositionThatIsTooOldIsToldApart() {
        var first = publish("kept", "1", LAST_THREE);
        publish("kept", 3, LAST_THREE);
        assertThat(history("kept", first, 10).complete()).isTrue();

        publish("kept", 1, LAST_THREE);

        var page = history("kept", first, 10);
        assertThat(page.complete()).isFalse();
        assertThat(offsets(page))
                .containsExactly(first.offset() + 2, first.offset() + 3, first.offset() + 4);
    }

    @Test
    void aPositionInTheFutureIsToldApart() {
        var last = publish("kept", "1", LAST_THREE);
        var page = history("kept", new Position(last.epoch(), last.offset() + 1), 10);
        assertThat(page.complete()).isFalse();
        assertThat(page.position()).isEqualTo(last);
        assertThat(history("kept", new Position(last.epoch(), Long.MAX_VALUE), 10).complete())
                .isFalse();
    }

    @Test
    void aPositionOfAnotherEpochIsToldApart() {
        var last = publish("kept", "1", LAST_THREE);
        assertThat(history("kept", new Position("forged", last.offset()), 10).complete()).isFalse();
        assertThat(history("never-published", new Position("forged", 0), 10).complete()).isFalse();
    }

    // ---- presence ----

    @Test
    void aUserIsPresentFromTheFirstConnectionToTheLast() throws Exception {
        subscribe("room");
        get(engine.join("room", "c1", "ann", "{\"name\":\"Ann\"}"));
        get(engine.join("room", "c2", "ann", "{\"name\":\"Ann\"}"));
        get(engine.join("room", "c3", "bob", null));

        assertThat(get(engine.members("room")))
                .containsExactlyInAnyOrder(
                        new Member("ann", "{\"name\":\"Ann\"}", 2), new Member("bob", null, 1));
        assertThat(nextTold())
                .isEqualTo(new Joined("room", new Member("ann", "{\"name\":\"Ann\"}", 1)));
        assertThat(nextTold()).isEqualTo(new Joined("room", new Member("bob", null, 1)));

        get(engine.leave("room", "c1", "ann"));
        get(engine.leave("room", "c3", "bob"));
        get(engine.leave("room", "c2", "ann"));

        assertThat(nextTold()).isEqualTo(new Left("room", new Member("bob", null, 0)));
        assertThat(nextTold())
                .isEqualTo(new Left("room", new Member("ann", "{\"name\":\"Ann\"}", 0)));
        assertThat(get(engine.members("room"))).isEmpty();
    }

    @Test
    void joiningAndLeavingTwiceIsOnce() throws Exception {
        subscribe("room");
        get(engine.join("room", "c1", "ann", null));
        get(engine.join("room", "c1", "ann", "\"new\""));
        assertThat(get(engine.members("room"))).containsExactly(new Member("ann", "\"new\"", 1));
        get(engine.leave("room", "c1", "ann"));
        get(engine.leave("room", "c1", "ann"));
        get(engine.leave("room", "other", "bob"));

        assertThat(nextTold()).isInstanceOf(Joined.class);
        assertThat(nextTold()).isInstanceOf(Left.class);
        expectNothingElse();
    }

    @Test
    void presenceIsTheTopicsOwn() throws Exception {
        get(engine.join("room.1", "c1", "ann", null));
        get(engine.join("room.2", "c1", "bob", null));
        assertThat(get(engine.members("room.1"))).containsExactly(new Member("ann", null, 1));
        assertThat(get(engine.members("room.3"))).isEmpty();
        expectNothingElse(); // nobody has subscribed
    }

    // ---- the end ----

    @Test
    void aClosedEngineRefusesEverything() throws Exception {
        get(engine.close());
        get(engine.close());

        for (var operation :
                List.<CompletableFuture<?>>of(
                        engine.publish("t", "1", null, LAST_THREE),
                        engine.subscribe(new TopicPattern("t")),
                        engine.unsubscribe(new TopicPattern("t")),
                        engine.history("t", null, 1),
                        engine.join("t", "c", "u", null),
                        engine.leave("t", "c", "u"),
                        engine.members("t"))) {
            assertThatThrownBy(() -> get(operation))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(EngineUnavailableException.class);
        }
    }
}
