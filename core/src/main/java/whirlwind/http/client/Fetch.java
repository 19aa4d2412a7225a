package whirlwind.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.dns.ResolveException;

/**
 * One fetch, from its call to its outcome: it waits for a slot, and goes from hop to hop until one
 * is the last. Confined to the loop.
 */
final class Fetch {
    private enum State {
        /** Waits for a slot, or for the time of a retry. */
        WAITING,
        /** A hop is under way, and a slot taken. */
        RUNNING,
        /** There is an outcome, or nobody wants one. */
        OVER
    }

    private final AsyncHttpClient client;
    private final IOLoop loop;
    private final HttpRequest request;
    private final HttpRequest settings;
    private final Consumer<HttpResponse> outcome;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final RetryPolicy retryPolicy;
    private State state = State.WAITING;
    private int redirectsLeft;
    private int retries;
    private @Nullable RequestUrl firstUrl;
    private @Nullable Outgoing outgoing;
    private @Nullable Hop hop;
    private @Nullable Timeout timer;
    private final Instant calledAt;
    private @Nullable Instant startTime;
    private @Nullable Instant connectedAt;
    private @Nullable Instant headAt;

    /**
     * @param settings the request merged with the defaults
     */
    Fetch(
            AsyncHttpClient client,
            HttpRequest request,
            HttpRequest settings,
            Consumer<HttpResponse> outcome) {
        this.client = client;
        this.loop = client.loop();
        this.request = request;
        this.settings = settings;
        this.outcome = outcome;
        this.calledAt = loop.time();
        this.connectTimeout = Objects.requireNonNull(settings.connectTimeout());
        this.requestTimeout = Objects.requireNonNull(settings.requestTimeout());
        this.retryPolicy = Objects.requireNonNull(settings.retryPolicy());
        this.redirectsLeft =
                Boolean.TRUE.equals(settings.followRedirects())
                        ? Objects.requireNonNull(settings.maxRedirects())
                        : 0;
    }

    HttpRequest settings() {
        return settings;
    }

    IOLoop loop() {
        return loop;
    }

    // ---- hops ----

    void start() {
        try {
            outgoing = Outgoing.first(settings);
        } catch (IllegalArgumentException senseless) {
            fail(senseless);
            return;
        }
        firstUrl = outgoing.url();
        enter();
    }

    /** Begins a hop now, or when there is a slot. */
    private void enter() {
        if (client.slots().take(this)) {
            run();
            return;
        }
        var limit = shorter(connectTimeout, left());
        if (limit != null) {
            timer = loop.callLater(limit, () -> timedOut(Stage.QUEUE, limit));
        }
    }

    /** There is a slot: sends what is to be sent. */
    void run() {
        stopTimer();
        state = State.RUNNING;
        var now = loop.time();
        if (startTime == null) {
            startTime = now;
        }
        var sent = Objects.requireNonNull(outgoing);
        var current = new Hop(this, sent);
        hop = current;
        try {
            var jar = client.cookies();
            var cookies = jar == null ? null : jar.header(sent.url(), now);
            current.sent(client.transport().send(sent.forTransport(cookies), current));
        } catch (IllegalArgumentException refused) {
            fail(refused);
            return;
        }
        if (hop == current && !current.isConnected()) {
            var limit = shorter(connectTimeout, left());
            if (limit != null) {
                timer = loop.callLater(limit, () -> timedOut(Stage.CONNECT, limit));
            }
        }
    }

    /** The request goes out: from now on it is the whole that may take too long. */
    void connected() {
        stopTimer();
        connectedAt = loop.time();
        var limit = left();
        if (limit != null) {
            timer = loop.callLater(limit, () -> timedOut(Stage.REQUEST, requestTimeout));
        }
    }

    /** What is left of the request's time; null for no limit. */
    private @Nullable Duration left() {
        if (requestTimeout.isZero()) {
            return null;
        }
        return startTime == null
                ? requestTimeout
                : requestTimeout.minus(Duration.between(startTime, loop.time()));
    }

    private static @Nullable Duration shorter(Duration one, @Nullable Duration other) {
        if (one.isZero()) {
            return other;
        }
        return other == null || one.compareTo(other) < 0 ? one : other;
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void timedOut(Stage stage, Duration limit) {
        timer = null;
        var failure =
                new HttpTimeoutException(
                        stage, currentUrl() + ", " + limit.toMillis() / 1e3 + " s");
        if (stage != Stage.CONNECT || !retryAfter(failure)) {
            fail(failure);
        }
    }

    // ---- what comes after a hop ----

    /** The hop that follows a response with this head; null if it is the last. */
    @Nullable Outgoing after(Hop current) {
        headAt = loop.time();
        var sent = current.outgoing();
        var url = sent.url();
        var headers = current.headers();
        var jar = client.cookies();
        if (jar != null) {
            jar.store(url, headers, headAt);
        }
        int code = current.code();
        var location = headers.get("Location");
        if (redirectsLeft > 0 && location != null && isRedirect(code)) {
            redirectsLeft--;
            return sent.redirected(
                    code, redirectTarget(url, location), Objects.requireNonNull(firstUrl));
        }
        if (code == 401 && sent.authorization() == null) {
            var answer = DigestAuth.answer(sent, headers);
            return answer == null ? null : sent.withAuthorization(answer);
        }
        return null;
    }

    private static boolean isRedirect(int code) {
        return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
    }

    private static RequestUrl redirectTarget(RequestUrl from, String location) {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException senseless) {
            throw new HttpProtocolException(
                    from + " redirects to nowhere: " + senseless.getMessage(), senseless);
        }
    }

    /** The response to this hop is whole, and leads to another. */
    void goOn(Outgoing next) {
        leaveSlot();
        outgoing = next;
        enter();
    }

    /** Whether this status is to be tried again, and will be. */
    boolean retriesStatus(int code) {
        return mayRetry() && retryPolicy.statuses().contains(code);
    }

    private boolean mayRetry() {
        return retries < retryPolicy.retries()
                && outgoing != null
                && outgoing.isRepeatable()
                && state == State.RUNNING;
    }

    /** The response is whole and its status one that is tried again. */
    void retryStatus(Headers headers) {
        var after = headers.get("Retry-After", "");
        boolean seconds =
                !after.isEmpty()
                        && after.length() < 6
                        && after.chars().allMatch(c -> c >= '0' && c <= '9');
        retryLater(seconds ? Duration.ofSeconds(Long.parseLong(after)) : Duration.ZERO);
    }

    private boolean retryAfter(RuntimeException failure) {
        boolean transientOne =
                failure instanceof HttpTimeoutException
                        || failure instanceof HttpStreamClosedException
                        || failure instanceof ConnectFailedException
                        || failure instanceof ResolveException;
        if (!transientOne || !mayRetry() || (hop != null && hop.hasDelivered())) {
            return false;
        }
        retryLater(Duration.ZERO);
        return true;
    }

    private void retryLater(Duration atLeast) {
        leaveSlot();
        retries++;
        var delay = retryPolicy.delayBefore(retries);
        var wait = delay.compareTo(atLeast) < 0 ? atLeast : delay;
        var left = left();
        if (left != null && left.compareTo(wait) <= 0) {
            timer = loop.callLater(left, () -> timedOut(Stage.REQUEST, requestTimeout));
        } else {
            timer = loop.callLater(wait, this::enter);
        }
    }

    /** The hop is over, one way or another, and somebody else may have the slot. */
    private void leaveSlot() {
        stopTimer();
        if (hop != null) {
            hop.drop();
            hop = null;
        }
        if (state == State.RUNNING) {
            state = State.WAITING;
            client.slots().release();
        }
    }

    // ---- outcomes ----

    /** The last response is whole. */
    void succeed(Hop last, byte[] body, Map<String, Duration> timeInfo) {
        var code = last.code();
        var response = response(last, code, last.reason(), body, null, timeInfo);
        boolean success = code >= 200 && code < 300;
        finish(success ? response : new HttpStatusException(response).response());
    }

    /** The transport says that the hop came to nothing. */
    void broken(Throwable cause) {
        var failure = described(cause);
        if (!retryAfter(failure)) {
            fail(failure);
        }
    }

    private RuntimeException described(Throwable cause) {
        return switch (cause) {
            case HttpInputException bad ->
                    new HttpProtocolException(
                            "bad response from " + currentUrl() + ": " + bad.getMessage(), bad);
            case EOFException end ->
                    new HttpStreamClosedException(currentUrl() + ": " + end.getMessage(), end);
            case RuntimeException known -> known;
            case IOException broken ->
                    new HttpStreamClosedException(
                            currentUrl() + ": connection broke: " + broken.getMessage(), broken);
            default -> new HttpClientException(currentUrl() + ": " + cause, cause);
        };
    }

    private String currentUrl() {
        return outgoing == null ? settings.url() : outgoing.url().toString();
    }

    /** Ends without response. */
    void fail(RuntimeException failure) {
        if (state != State.OVER) {
            finish(
                    response(
                            null,
                            HttpClientException.NO_RESPONSE,
                            "",
                            BodyBuffer.NONE,
                            failure,
                            Map.of()));
        }
    }

    /** Nobody wants the outcome any more. */
    void cancel() {
        if (state != State.OVER) {
            end();
        }
    }

    private void finish(HttpResponse response) {
        end();
        outcome.accept(response);
    }

    private void end() {
        client.slots().leave(this);
        leaveSlot();
        state = State.OVER;
        client.ended(this);
    }

    private HttpResponse response(
            @Nullable Hop last,
            int code,
            String reason,
            byte[] body,
            @Nullable RuntimeException error,
            Map<String, Duration> timeInfo) {
        var now = loop.time();
        return new HttpResponse(
                request,
                last == null ? HttpVersion.HTTP_1_1 : last.version(),
                code,
                reason,
                last == null ? new Headers() : last.headers(),
                body,
                currentUrl(),
                error,
                startTime == null ? Duration.ZERO : Duration.between(startTime, now),
                startTime,
                timeInfo(timeInfo, now));
    }

    /** What was measured here, and what the transport knows better. */
    private Map<String, Duration> timeInfo(Map<String, Duration> measured, Instant now) {
        if (startTime == null || connectedAt == null || headAt == null) {
            return measured;
        }
        var ours =
                Map.of(
                        "queue", Duration.between(calledAt, startTime),
                        "connect", Duration.between(startTime, connectedAt),
                        "starttransfer", Duration.between(startTime, headAt),
                        "total", Duration.between(startTime, now));
        if (measured.isEmpty()) {
            return ours;
        }
        var all = new HashMap<>(ours);
        all.putAll(measured);
        return all;
    }
}
