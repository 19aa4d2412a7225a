package whirlwind.web;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/**
 * Lets scripts of other sites read what is answered here: the server's side of CORS (Fetch
 * standard, section 3.3). It answers the question that browsers ask before some requests, and says
 * with every response, error pages too, whose scripts may see it. Other sites' scripts get nothing
 * more for it; it doesn't keep their requests away, which is what XSRF tokens are for.
 *
 * {@snippet :
 * application.filter(
 *     Cors.from("https://app.example.com").withCredentials(true).withHeaders("Content-Type").under("/api"))
 * }
 *
 * <p>A response whose {@code Access-Control-Allow-Origin} its handler has set is left as it is.
 * Immutable, for any thread.
 */
public final class Cors implements Filter, Cloneable {
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9._~\\[\\]:-]+");
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

    /** Empty: any. */
    private final Set<String> origins;

    // Written only by the withers, each in a copy that nobody has seen yet.
    private boolean credentials;
    private String methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private String headers = "";
    private String exposedHeaders = "";
    private Duration maxAge = Duration.ofMinutes(10);

    private Cors(Set<String> origins) {
        this.origins = origins;
    }

    /**
     * For the scripts of these sites.
     *
     * @param origins as browsers write them, such as {@code https://app.example.com} or {@code
     *     http://localhost:3000}: in lower case, without path or slash, and the port only if it is
     *     not the scheme's own
     * @throws IllegalArgumentException if one is not such, or there is none
     */
    public static Cors from(String... origins) {
        if (origins.length == 0) {
            throw new IllegalArgumentException("origins: none (at least one, or fromAnywhere)");
        }
        for (var origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "origin: \"" + origin + "\" (such as https://app.example.com)");
            }
        }
        return new Cors(new LinkedHashSet<>(Arrays.asList(origins)));
    }

    /** For the scripts of all sites: what is public anyway. */
    public static Cors fromAnywhere() {
        return new Cors(Set.of());
    }

    /**
     * This, with cookies and other credentials or without. Default: without.
     *
     * @throws IllegalArgumentException with, if it is for all sites: each could act as the user
     */
    public Cors withCredentials(boolean credentials) {
        if (credentials && origins.isEmpty()) {
            throw new IllegalArgumentException(
                    "credentials: not from anywhere; say from which origins");
        }
        return with(copy -> copy.credentials = credentials);
    }

    /** This for other methods. Default: GET, HEAD, POST, PUT, PATCH and DELETE. */
    public Cors withMethods(String... methods) {
        return with(copy -> copy.methods = list("methods", methods));
    }

    /**
     * This for requests with these headers, besides those that any request may have. Default: none;
     * a body of JSON needs {@code Content-Type}.
     */
    public Cors withHeaders(String... headers) {
        return with(copy -> copy.headers = list("headers", headers));
    }

    /** This, with responses whose headers of these names scripts can see. Default: none. */
    public Cors withExposedHeaders(String... headers) {
        return with(copy -> copy.exposedHeaders = list("exposedHeaders", headers));
    }

    /** This, with answers that browsers keep for so long, in whole seconds. Default: 10 minutes. */
    public Cors withMaxAge(Duration maxAge) {
        Check.notNegative("maxAge", maxAge);
        return with(copy -> copy.maxAge = maxAge);
    }

    private static String list(String what, String... names) {
        for (var name : names) {
            if (name.isEmpty() || !name.chars().allMatch(Cors::isTokenCharacter)) {
                throw new IllegalArgumentException(what + ": \"" + name + "\" is not a token");
            }
        }
        return String.join(", ", names);
    }

    /** Of RFC 9110 section 5.6.2, without the star, which has a meaning of its own here. */
    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'+-.^_`|~".indexOf(c) >= 0;
    }

    private Cors with(Consumer<Cors> change) {
        try {
            var copy = (Cors) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers what a browser asks before its request; 403 for a site that is not among ours. */
    @Override
    public @Nullable RequestHandler answer(HttpServerRequest request) {
        var sent = request.headers();
        if (!request.method().equals("OPTIONS")
                || !sent.contains("Origin")
                || !sent.contains("Access-Control-Request-Method")) {
            return null;
        }
        return isAllowed(request) ? new Preflight() : new ErrorHandler(403);
    }

    /** What browsers may send, from sites that {@link #complete} names. */
    private final class Preflight extends RequestHandler {
        @Override
        protected void prepare() {
            setStatus(204);
            setHeader("Access-Control-Allow-Methods", methods);
            if (!headers.isEmpty()) {
                setHeader("Access-Control-Allow-Headers", headers);
            }
            setHeader("Access-Control-Max-Age", maxAge.toSeconds());
            finish();
        }
    }

    /** Says whose scripts may see the response. */
    @Override
    public void complete(HttpServerRequest request, int status, Headers headers) {
        if (headers.contains(ALLOW_ORIGIN)) {
            return;
        }
        if (!origins.isEmpty()) {
            // Also where nothing is allowed: a cache must not give this to another.
            Vary.on(headers, "Origin");
        }
        if (!origins.isEmpty() && !isAllowed(request)) {
            return;
        }
        headers.set(ALLOW_ORIGIN, origins.isEmpty() ? "*" : origin(request));
        if (credentials) {
            headers.set("Access-Control-Allow-Credentials", "true");
        }
        if (!exposedHeaders.isEmpty()) {
            headers.set("Access-Control-Expose-Headers", exposedHeaders);
        }
    }

    private boolean isAllowed(HttpServerRequest request) {
        var origin = request.headers().get("Origin");
        return origin != null && (origins.isEmpty() || origins.contains(origin));
    }

    private static String origin(HttpServerRequest request) {
        return Objects.requireNonNull(request.headers().get("Origin"));
    }
}
