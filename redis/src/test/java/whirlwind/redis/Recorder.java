package whirlwind.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Publication;

/** Keeps what an engine tells, in order. */
final class Recorder implements EngineListener {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    record Joined(String topic, Member member) {}

    record Left(String topic, Member member) {}

    enum Reach {
        LOST,
        RESTORED
    }

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
        told.add(Reach.LOST);
    }

    @Override
    public void restored() {
        told.add(Reach.RESTORED);
    }

    Object next() throws InterruptedException {
        var next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("told by the engine").isNotNull();
        return next;
    }

    Publication nextPublication() throws InterruptedException {
        return (Publication) next();
    }

    /** Forgets what it was told so far. */
    void clear() {
        told.clear();
    }
}
