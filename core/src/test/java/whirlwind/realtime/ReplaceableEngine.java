package whirlwind.realtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.MemoryEngine;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;

/**
 * An engine as one far away behaves: it may be out of hearing for a while, and it may lose all its
 * memory. For one thread.
 */
final class ReplaceableEngine {
    private final Set<TopicPattern> subscribed = new LinkedHashSet<>();
    private HubEngine memory = new MemoryEngine();
    private EngineListener listener;
    private boolean deaf;
    private int historyCalls;

    /** Which calls fail. */
    private String failing = "";

    /** Which calls are answered late. */
    private String slow = "";

    /** What they are answered, under way; null: it arrives at once. */
    private @Nullable ArrayDeque<Runnable> held;

    /** What a hub is given. */
    HubEngine engine() {
        return (HubEngine)
                Proxy.newProxyInstance(
                        HubEngine.class.getClassLoader(),
                        new Class<?>[] {HubEngine.class},
                        (proxy, method, arguments) -> {
                            switch (method.getName()) {
                                case "start" -> listener = (EngineListener) arguments[0];
                                case "subscribe" -> subscribed.add((TopicPattern) arguments[0]);
                                case "unsubscribe" ->
                                        subscribed.remove((TopicPattern) arguments[0]);
                                case "history" -> historyCalls++;
                                default -> {}
                            }
                            try {
                                return method.getName().equals("start")
                                        ? start()
                                        : arriving(method, method.invoke(memory, arguments));
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    int historyCalls() {
        return historyCalls;
    }

    private Object arriving(Method method, Object answer) {
        if (method.getName().equals(failing)) {
            return CompletableFuture.failedFuture(new EngineUnavailableException("out of reach"));
        }
        if (held == null || !method.getName().equals(slow)) {
            return answer;
        }
        var late = new CompletableFuture<Object>();
        held.push(() -> late.complete(((CompletableFuture<?>) answer).join()));
        return late;
    }

    /** From now on such calls fail. */
    void fail(String method) {
        failing = method;
    }

    /** From now on what such calls are answered is long under way. */
    void hold(String method) {
        slow = method;
        held = new ArrayDeque<>();
    }

    /** It arrives, the last answer first. */
    void release() {
        var all = held;
        held = null;
        all.forEach(Runnable::run);
    }

    /** What is published is kept, but not told. */
    void stopTelling() {
        deaf = true;
        listener.lost();
    }

    /** Tells again, from now on. */
    void tellAgain() {
        deaf = false;
        listener.restored();
    }

    /** Tells again, without a word about what it lost. */
    void tellAgainSilently() {
        deaf = false;
    }

    /** Begins anew, with nothing but its subscriptions. */
    void forgetAll() {
        memory = new MemoryEngine();
        start();
        subscribed.forEach(memory::subscribe);
        listener.restored();
    }

    private Object start() {
        memory.start(
                new EngineListener() {
                    @Override
                    public void published(Publication publication) {
                        if (!deaf) {
                            listener.published(publication);
                        }
                    }

                    @Override
                    public void joined(String topic, Member member) {
                        listener.joined(topic, member);
                    }

                    @Override
                    public void left(String topic, Member member) {
                        listener.left(topic, member);
                    }

                    @Override
                    public void lost() {}

                    @Override
                    public void restored() {}
                });
        return null;
    }
}
