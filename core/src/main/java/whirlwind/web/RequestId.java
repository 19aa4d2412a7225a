package whirlwind.web;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.TaskLocal;

/**
 * What a request is called in logs, from the proxy in front to the last coroutine behind. With
 * {@link ApplicationSettings#withRequestIds} each request has one: in the response's {@code
 * X-Request-Id}, in the access log, in the log lines of its coroutine, of those that it starts and
 * of what they offload (SLF4J's MDC, key {@value #KEY}), and in {@link #current}.
 */
public final class RequestId {
    /** The key in SLF4J's MDC: {@code %X{requestId}} in a layout of Logback. */
    public static final String KEY = "requestId";

    static final String HEADER = "X-Request-Id";

    private static final int MAX_LENGTH = 128;

    private static final TaskLocal<String> CURRENT =
            new TaskLocal<>(id -> MDC.putCloseable(KEY, id));

    private RequestId() {}

    /** Where requests have their names from. */
    public enum Source {
        /** Nowhere: they have none. */
        NONE,
        /** From here; what a client says is ignored. For servers that clients reach directly. */
        OWN,
        /**
         * From the request's {@code X-Request-Id} if that has 1 to 128 letters, digits and {@code
         * -._:+/=@}, else from here. For servers behind a proxy that sets it.
         */
        HEADER
    }

    /**
     * The name of the request that the calling coroutine, or call in an executor, works for; null
     * if there is none.
     */
    public static @Nullable String current() {
        return CURRENT.get();
    }

    /** Names a request, in its coroutine; null for one that is to have none. */
    static @Nullable String begin(Source source, HttpServerRequest request) {
        if (source == Source.NONE) {
            return null;
        }
        var given = source == Source.HEADER ? request.headers().get(HEADER) : null;
        var id = given != null && isAcceptable(given) ? given : make();
        CURRENT.set(id);
        MDC.put(KEY, id);
        return id;
    }

    /** Tells the client. */
    static void addTo(Headers headers) {
        var id = current();
        if (id != null) {
            headers.addTrusted(HEADER, id);
        }
    }

    private static String make() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Nothing that could write lines of its own into a log, or fill one. */
    private static boolean isAcceptable(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean alphanumeric =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "-._:+/=@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
