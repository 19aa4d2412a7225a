package whirlwind.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Listens to a signal of the operating system until it is closed; made by {@link IOLoop#onSignal}.
 * Any thread.
 */
public final class SignalListener implements AutoCloseable {
    private static final Map<String, Listeners> BY_SIGNAL = new HashMap<>();

    private final String signal;
    private final IOLoop loop;
    private final Runnable callback;

    private SignalListener(String signal, IOLoop loop, Runnable callback) {
        this.signal = signal;
        this.loop = loop;
        this.callback = callback;
    }

    static SignalListener add(String signal, IOLoop loop, Runnable callback) {
        var listener = new SignalListener(signal, loop, callback);
        synchronized (BY_SIGNAL) {
            if (!loop.isClosed()) { // else it would keep the signal from everybody, for nothing
                BY_SIGNAL.computeIfAbsent(signal, Listeners::new).list.add(listener);
            }
        }
        return listener;
    }

    /** Ends the listening of a loop that closes. */
    static void closeAll(IOLoop loop) {
        synchronized (BY_SIGNAL) {
            BY_SIGNAL.values().stream()
                    .flatMap(listeners -> listeners.list.stream())
                    .filter(listener -> listener.loop == loop)
                    .toList()
                    .forEach(SignalListener::close);
        }
    }

    /**
     * Stops listening. The last listener of a signal to go restores what the JVM did before. Twice
     * is once.
     */
    @Override
    public void close() {
        synchronized (BY_SIGNAL) {
            var listeners = BY_SIGNAL.get(signal);
            if (listeners != null && listeners.list.remove(this) && listeners.list.isEmpty()) {
                BY_SIGNAL.remove(signal);
                listeners.restore();
            }
        }
    }

    /** Those who listen to one signal, and what handled it before. */
    private static final class Listeners implements SignalHandler {
        private final Signal signal;
        private final SignalHandler before;
        private final List<SignalListener> list = new ArrayList<>();

        Listeners(String name) {
            signal = new Signal(name);
            before = Signal.handle(signal, this);
        }

        @Override
        public void handle(Signal received) {
            List<SignalListener> now;
            synchronized (BY_SIGNAL) {
                now = List.copyOf(list);
            }
            now.forEach(listener -> listener.loop.addCallbackFromSignal(listener.callback));
        }

        void restore() {
            Signal.handle(signal, before);
        }
    }
}
