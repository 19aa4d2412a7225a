package whirlwind.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.EngineUnavailableException;

/**
 * What is to be asked of Redis, in order: some has been sent, the rest waits. When a link breaks,
 * what was sent over it comes first again over the next one. On the loop's own thread.
 */
final class Requests {
    /** Netty puts the system call before the reason: finishConnect(..) failed with error(-111). */
    private static final Pattern SYSTEM_CALL =
            Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

    /**
     * Refusals of a Redis that has restarted, starts, or isn't the master any more: nothing was
     * done.
     */
    private static final List<String> OF_THE_LINK =
            List.of("NOSCRIPT", "READONLY", "LOADING", "MASTERDOWN");

    /** So many are sent before the first one is answered. */
    static final int MOST_SENT = 4096;

    /** What one costs beside its text, in bytes, roughly. */
    private static final int OVERHEAD = 500;

    private final IOLoop loop;
    private final RedisOptions options;
    private final ArrayDeque<Request<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Request<?>> sent = new ArrayDeque<>();
    private long bytes;
    private @Nullable Link link;

    /** Why the last attempt to reach Redis failed; null if none did, since it was in reach. */
    private @Nullable Throwable failure;

    Requests(IOLoop loop, RedisOptions options) {
        this.loop = loop;
        this.options = options;
    }

    /** Sends something, for the first time or {@code again}, when it may have been done before. */
    interface Call<T extends @Nullable Object> {
        CompletionStage<T> over(Link link, boolean again);
    }

    private static final class Request<T extends @Nullable Object> {
        final CompletableFuture<T> answer;
        final Call<T> call;
        final int bytes;
        final long deadline;
        boolean again;

        Request(CompletableFuture<T> answer, Call<T> call, int bytes, long deadline) {
            this.answer = answer;
            this.call = call;
            this.bytes = bytes;
            this.deadline = deadline;
        }
    }

    // ---- requests ----

    /**
     * Asks when it can, and completes {@code answer}.
     *
     * @param text the bulk of what is sent; its characters are counted as bytes
     */
    <T extends @Nullable Object> void add(CompletableFuture<T> answer, String text, Call<T> call) {
        int size = OVERHEAD + text.length();
        if (bytes + size > options.maxPendingBytes()) {
            answer.completeExceptionally(
                    new EngineUnavailableException(
                            "%d bytes wait for Redis at %s: %d more are too many (at most %d)"
                                    .formatted(
                                            bytes,
                                            options.address(),
                                            size,
                                            options.maxPendingBytes())));
            return;
        }
        if (failure != null && options.patience().isZero()) {
            answer.completeExceptionally(outOfReach(failure));
            return;
        }
        bytes += size;
        waiting.add(new Request<>(answer, call, size, now() + options.patience().toNanos()));
        send();
    }

    private void send() {
        while (link != null && sent.size() < MOST_SENT && !waiting.isEmpty()) {
            var request = waiting.remove();
            sent.add(request);
            send(request, link);
        }
    }

    private <T extends @Nullable Object> void send(Request<T> request, Link over) {
        request.call
                .over(over, request.again)
                .whenComplete((value, problem) -> {
                    if (over == link) {
                        answered(request, over, value, problem);
                    }
                });
    }

    private <T extends @Nullable Object> void answered(
            Request<T> request, Link over, T value, @Nullable Throwable problem) {
        if (problem == null) {
            end(request);
            request.answer.complete(value);
            return;
        }
        var refusal = refusal(problem, options);
        if (refusal != null) {
            end(request);
            request.answer.completeExceptionally(refusal);
        } else {
            over.breakDown(causeOf(problem));
        }
    }

    /** What Redis would not do; null if another link may do better. */
    static @Nullable EngineUnavailableException refusal(Throwable problem, RedisOptions options) {
        var cause = causeOf(problem);
        var message = String.valueOf(cause.getMessage());
        return cause instanceof RedisCommandExecutionException
                        && OF_THE_LINK.stream().noneMatch(message::startsWith)
                ? new EngineUnavailableException(
                        "Redis at %s: %s".formatted(options.address(), message), cause)
                : null;
    }

    private static Throwable causeOf(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null
                ? problem.getCause()
                : problem;
    }

    private void end(Request<?> request) {
        sent.remove(request);
        bytes -= request.bytes;
        send();
    }

    // ---- the links ----

    /** Goes on with a new link. */
    void linked(Link link) {
        this.link = link;
        failure = null;
        send();
    }

    /** The link is broken. */
    void unlinked(Throwable why) {
        link = null;
        while (!sent.isEmpty()) {
            var request = sent.removeLast();
            request.again = true;
            waiting.addFirst(request);
        }
        if (options.patience().isZero()) {
            failAll(maybeDone(why), true);
        }
    }

    /** An attempt to reach Redis failed. */
    void failed(Throwable why) {
        failure = why;
        if (options.patience().isZero()) {
            failAll(outOfReach(why), false);
        }
    }

    /** Fails what has waited for too long. */
    void check(long now) {
        if (link != null || options.patience().isZero()) {
            return;
        }
        while (!waiting.isEmpty() && waiting.element().deadline - now <= 0) {
            var request = waiting.remove();
            bytes -= request.bytes;
            request.answer.completeExceptionally(outOfPatience(request));
        }
    }

    /** Fails everything, for good. */
    void close() {
        link = null;
        waiting.addAll(sent);
        sent.clear();
        failAll(new EngineUnavailableException("the engine is closed"), false);
    }

    private void failAll(EngineUnavailableException why, boolean onlySent) {
        for (var each = waiting.iterator(); each.hasNext(); ) {
            var request = each.next();
            if (request.again || !onlySent) {
                each.remove();
                bytes -= request.bytes;
                request.answer.completeExceptionally(why);
            }
        }
    }

    private EngineUnavailableException outOfReach(Throwable why) {
        return new EngineUnavailableException(
                "Redis at %s is out of reach: %s".formatted(options.address(), reasonOf(why)), why);
    }

    private EngineUnavailableException maybeDone(Throwable why) {
        return new EngineUnavailableException(
                "Redis at %s did not say whether it was done: %s"
                        .formatted(options.address(), reasonOf(why)),
                why);
    }

    private EngineUnavailableException outOfPatience(Request<?> request) {
        var why = failure == null ? "it doesn't answer" : reasonOf(failure);
        return new RedisTimeoutException(
                options.address(),
                "is out of reach (%s%s) for longer than"
                        .formatted(why, request.again ? "; it may have been done before" : ""),
                options.patience());
    }

    /** The last word of a chain of exceptions, of which the first ones only say where. */
    static String reasonOf(Throwable why) {
        var cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null
                ? cause.toString()
                : SYSTEM_CALL.matcher(cause.getMessage()).replaceFirst("");
    }

    private long now() {
        return loop.options().ticker().nanoTime();
    }
}
