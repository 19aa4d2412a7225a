package whirlwind.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Handlers made of functions, one for each verb, for what is too small for a class of its own:
 *
 * {@snippet :
 * new Application()
 *     .route("/time", onGet(handler -> handler.write(now().toString())))
 *     .route("/note/{id:int}", onGet(this::show).and(onPut(this::replace)));
 * }
 *
 * <p>Each request gets a new {@link RequestHandler}, which the function is given and may use as a
 * subclass would. Other verbs are answered with 405. Immutable.
 */
public final class Verbs implements Supplier<RequestHandler> {
    /** Answers a verb of one request, in its coroutine. */
    @FunctionalInterface
    public interface Body {
        /** As the methods of {@link RequestHandler}: may wait, and may throw. */
        void answer(RequestHandler handler) throws Exception;
    }

    private final Map<String, Body> bodies;

    private Verbs(Map<String, Body> bodies) {
        this.bodies = Collections.unmodifiableMap(bodies);
    }

    /** Answers GET, and HEAD with the same head. */
    public static Verbs onGet(Body body) {
        return on("GET", body).and(on("HEAD", body));
    }

    /** Answers POST. */
    public static Verbs onPost(Body body) {
        return on("POST", body);
    }

    /** Answers PUT. */
    public static Verbs onPut(Body body) {
        return on("PUT", body);
    }

    /** Answers PATCH. */
    public static Verbs onPatch(Body body) {
        return on("PATCH", body);
    }

    /** Answers DELETE. */
    public static Verbs onDelete(Body body) {
        return on("DELETE", body);
    }

    /** Answers a verb that has no method of its own here. */
    public static Verbs on(String verb, Body body) {
        return new Verbs(Map.of(verb, body));
    }

    /** These verbs and others; of two functions for one verb the other's counts. */
    public Verbs and(Verbs others) {
        var all = new LinkedHashMap<>(bodies);
        all.putAll(others.bodies);
        return new Verbs(all);
    }

    /** A handler for one request. */
    @Override
    public RequestHandler get() {
        return new FunctionHandler(bodies);
    }

    private static final class FunctionHandler extends RequestHandler {
        private final Map<String, Body> bodies;

        FunctionHandler(Map<String, Body> bodies) {
            this.bodies = bodies;
        }

        @Override
        void call(String method) throws Exception {
            Objects.requireNonNull(bodies.get(method), method).answer(this);
        }

        @Override
        boolean supports(String method) {
            return bodies.containsKey(method);
        }

        @Override
        String allowed() {
            return String.join(", ", bodies.keySet());
        }
    }
}
