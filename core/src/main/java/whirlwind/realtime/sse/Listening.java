package whirlwind.realtime.sse;

import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;
import whirlwind.http.HeaderValue;
import whirlwind.http.Headers;
import whirlwind.http.HttpStatus;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;

/** One connection of an event source: the answer is looked at, and what follows is parsed. */
final class Listening implements EventParser.Sink, AutoCloseable {
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int TOO_MANY_REQUESTS = 429;

    /** What may have passed when it is tried again. */
    static final class Trouble extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        Trouble(String message) {
            super(message);
        }
    }

    private final EventSource source;
    private final EventParser parser;
    private final IOLoop loop = IOLoop.current();

    /** Zero before the head's first line. */
    private int code;

    private final Headers headers = new Headers();
    private @Nullable Timeout timer;
    private Instant heardAt = loop.time();
    private boolean fellSilent;

    /** Whether an event waits for room, and what comes behind it for that. */
    private boolean held;

    Listening(EventSource source) {
        this.source = source;
        this.parser = new EventParser(source.lastEventId(), source.options().maxEventSize(), this);
    }

    /** Listens to the end of the stream; false if the server wants it to be the last. */
    boolean run(AsyncHttpClient client, HttpRequest request) {
        var answer =
                client.fetch(
                        request.withHeaderCallback(this::headLine)
                                .withStreamingCallback(this::piece));
        if (!source.options().silence().isZero()) {
            watch(answer, source.options().silence());
        }
        try {
            return Async.await(answer).code() != NO_CONTENT;
        } catch (CancellationException e) {
            if (fellSilent) {
                throw new Trouble("silent for " + DurationText.of(source.options().silence()));
            }
            throw e;
        }
    }

    private void watch(CompletableFuture<HttpResponse> answer, Duration left) {
        timer =
                loop.callLater(
                        left,
                        () -> {
                            var since = held ? loop.time() : heardAt;
                            var silence = Duration.between(since, loop.time());
                            var stillLeft = source.options().silence().minus(silence);
                            if (stillLeft.isPositive()) {
                                watch(answer, stillLeft);
                            } else {
                                fellSilent = true;
                                answer.cancel(true);
                            }
                        });
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void headLine(String line) {
        heardAt = loop.time();
        if (code == 0) {
            code = Integer.parseInt(line.split(" ", 3)[1]);
        } else if (!line.isBlank()) {
            headers.addLine(line.stripTrailing());
        } else {
            check();
        }
    }

    private void check() {
        if (code == NO_CONTENT) {
            return;
        }
        var answered = "%s answered %d %s".formatted(source.url(), code, HttpStatus.reason(code));
        if (code >= 500 || code == TOO_MANY_REQUESTS) {
            throw new Trouble(answered);
        }
        var type = headers.get("Content-Type", "");
        if (code != OK) {
            throw new EventSourceException(answered + ": no stream of events", null);
        }
        if (!HeaderValue.parse(type).value().toLowerCase(Locale.ROOT).equals("text/event-stream")) {
            throw new EventSourceException(
                    "%s has the type '%s' (expected text/event-stream)"
                            .formatted(source.url(), type),
                    null);
        }
        source.connected();
    }

    private void piece(byte[] bytes) {
        heardAt = loop.time();
        parser.read(bytes);
        source.heardId(parser.lastEventId());
    }

    @Override
    public void event(SseEvent event) {
        held = true;
        source.arrive(event);
        held = false;
        heardAt = loop.time();
        source.heardId(parser.lastEventId()); // and not before: it would be lost with the stream
    }

    @Override
    public void retry(Duration pause) {
        source.retry(pause);
    }
}
