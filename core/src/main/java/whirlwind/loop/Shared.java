package whirlwind.loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** What a loop has one of, by type: see {@link IOLoop#shared}. Confined to the loop. */
final class Shared {
    private final Logger log;
    private final Map<Class<?>, AutoCloseable> instances = new LinkedHashMap<>();

    Shared(Logger log) {
        this.log = log;
    }

    <T extends AutoCloseable> T get(Class<T> type, Supplier<? extends T> maker) {
        var known = instances.get(type);
        if (known != null) {
            return type.cast(known);
        }
        var made = maker.get();
        instances.put(type, made);
        return made;
    }

    void remove(Class<?> type, AutoCloseable instance) {
        instances.remove(type, instance);
    }

    void close() {
        for (var instance : List.copyOf(instances.values())) {
            try {
                instance.close();
            } catch (Exception e) {
                log.error("Closing {} failed", instance, e);
            }
        }
        instances.clear();
    }
}
