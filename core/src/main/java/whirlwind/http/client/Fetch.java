package whirlwind.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;
import whirlwind.escape.Url;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.tls.TlsException;

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
    private @Nullable Consumer<HttpResponse> outcome;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final RetryPolicy retryPolicy;
    private final int maxRedirects;
    private State state = State.WAITING;
    private int redirects;
    private int retries;
    private @Nullable RequestUrl firstUrl;
    private @Nullable Outgoing outgoing;
    private @Nullable Hop hop;
    private @Nullable Timeout timer;
    private @Nullable Line line;

    /** Neighbours in the line. */
    @Nullable Fetch earlier;

    @Nullable Fetch later;
    private final Instant calledAt;
    private @Nullable Instant startTime;
    private @Nullable Instant connectedAt;
    private @Nullable Instant headAt;

    /**
     * @param settings the request merged with the defaults
     */
    Fetch(AsyncHttpClient client, HttpRequest request, HttpRequest settings) {
        this.client = client;
        this.loop = client.loop();
        this.request = request;
        this.settings = settings;
        this.calledAt = loop.time();
        this.connectTimeout = Objects.requireNonNull(settings.connectTimeout());
        this.requestTimeout = Objects.requireNonNull(settings.requestTimeout());
        this.retryPolicy = Objects.requireNonNull(settings.retryPolicy());
        this.maxRedirects =
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

    /** Begins; the outcome may come before this returns. */
    void start(Consumer<HttpResponse> outcome) {
        this.outcome = outcome;
        try {
            outgoing = Outgoing.first(settings);
        } catch (IllegalArgumentException senseless) {
            fail(senseless);
            return;
        }
        firstUrl = outgoing.url();
        enter(calledAt);
    }

    /** Begins a hop now, or when there is a slot. */
    private void enter(Instant now) {
        timer = null;
        if (client.slots().take(this)) {
            run(now);
            return;
        }
        var limit = shorter(connectTimeout, left());
        if (limit != null) {
            timer = loop.callLater(limit, () -> fail(timeout(Stage.QUEUE, limit)));
        }
    }

    /** There is a slot: sends what is to be sent. */
    void run(Instant now) {
        stopTimer();
        state = State.RUNNING;
        if (startTime == null) {
            startTime = now;
            line = client.line(requestTimeout);
            line.add(this);
        }
        var sent = Objects.requireNonNull(outgoing);
        var current = new Hop(this, sent);
        hop = current;
        try {
            var jar = client.cookies();
            var cookies = jar == null ? null : jar.header(sent.url(), now);
            current.sent(client.transport().send(sent.forTransport(cookies), current));
        } catch (RuntimeException refused) { // by the transport, or its hook
            fail(refused);
            return;
        }
        if (!current.isConnected()) {
            connecting(current);
        }
    }

    /** There has to be a connection in time. */
    void connecting(Hop current) {
        if (hop == current && !connectTimeout.isZero()) {
            timer = loop.callLater(connectTimeout, this::connectTimedOut);
        }
    }

    /** The request goes out: from now on it is only the whole that may take too long. */
    void connected() {
        stopTimer();
        connectedAt = loop.time();
    }

    /** What is left of the request's time; null for no limit. */
    @Nullable Duration left() {
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

    /** The time for all of it is up. */
    void requestTimedOut() {
        fail(timeout(hop == null ? Stage.QUEUE : hop.stage(), requestTimeout));
    }

    private void connectTimedOut() {
        timer = null;
        var failure = timeout(Objects.requireNonNull(hop).stage(), connectTimeout);
        if (!retryAfter(failure)) {
            fail(failure);
        }
    }

    private HttpTimeoutException timeout(Stage stage, Duration limit) {
        return new HttpTimeoutException(stage, currentUrl() + ", " + DurationText.of(limit));
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
        var location = isRedirect(code) ? headers.get("Location") : null;
        if (location == null) {
            return sent.answering(code, headers);
        }
        if (redirects == maxRedirects) {
            return null;
        }
        redirects++;
        return redirected(sent, code, location);
    }

    private static boolean isRedirect(int code) {
        return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
    }

    private Outgoing redirected(Outgoing sent, int code, String location) {
        try {
            var to = sent.url().resolve(location);
            return sent.redirected(code, to, Objects.requireNonNull(firstUrl));
        } catch (IllegalArgumentException senseless) {
            throw new HttpProtocolException(
                    sent.url() + " redirects to nowhere: " + senseless.getMessage(), senseless);
        }
    }

    /** The response to this hop is whole, and leads to another. */
    void goOn(Outgoing next) {
        leaveSlot();
        outgoing = next;
        enter(loop.time());
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
                        || failure instanceof TlsException.HungUp
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
        timer =
                loop.callLater(
                        delay.compareTo(atLeast) < 0 ? atLeast : delay, () -> enter(loop.time()));
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
        finish(success ? response : statusFailure(response).response());
    }

    private HttpStatusException statusFailure(HttpResponse response) {
        boolean tooMany =
                redirects > 0
                        && redirects == maxRedirects
                        && isRedirect(response.code())
                        && response.headers().contains("Location");
        return tooMany
                ? new HttpRedirectException(response, redirects)
                : new HttpStatusException(response);
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
        return outgoing == null ? Url.withoutUser(settings.url()) : outgoing.url().toString();
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
        Objects.requireNonNull(outcome).accept(response);
    }

    private void end() {
        client.slots().leave(this);
        leaveSlot();
        state = State.OVER;
        if (line != null) {
            line.remove(this);
            line = null;
        }
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
                last == null ? new Headers() : last.trailers(),
                body,
                currentUrl(),
                error,
                startTime == null ? Duration.ZERO : Duration.between(startTime, now),
                startTime,
                timeInfo(timeInfo, now));
    }

    /** What was measured here, and what the transport knows better. */
    private Map<String, Duration> timeInfo(Map<String, Duration> measured, Instant now) {
        return startTime == null || connectedAt == null || headAt == null
                ? measured
                : new TimeInfo(calledAt, startTime, connectedAt, headAt, now, measured);
    }
}
