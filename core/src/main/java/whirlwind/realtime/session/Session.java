package whirlwind.realtime.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * A client that comes by requests: one begins the session, some bring frames, and one at a time
 * takes frames away, either a stream of events or a poll. Confined to the loop that it began on,
 * but for the methods that say any thread: other requests may come in on other loops.
 *
 * <p>Frames wait here only for a poll that is about to be answered, and one before; others wait
 * above, where the rules for slow clients are.
 */
public abstract class Session {
    /** Characters that one answer to a poll has, about. */
    private static final int MAX_BATCH = 256 << 10;

    /** So many requests with frames may be under way. */
    private static final int MAX_POSTS = 4;

    /** How long the last words wait for a client to ask for them, perhaps again. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    /**
     * How one begins.
     *
     * @param token what the client will name it by
     * @param request the one that began it
     * @param streams whether the client says that it will take frames by a stream, not by polls
     */
    public record Start(String token, HttpServerRequest request, boolean streams) {}

    private final SessionHost home;
    private final String token;
    private final String address;

    private boolean streams;

    /** Frames that a poll will take; null for none. */
    private @Nullable ArrayList<Frame> pending;

    private int pendingSize;

    /** A stream is opening or open, or a poll waits. */
    private boolean listening;

    private @Nullable SessionStream stream;
    private @Nullable CompletableFuture<List<Frame>> poll;
    private boolean answerDue;

    /** The number of the last poll; 0 if the client doesn't count. */
    private int lastPoll;

    /** What that was answered with; null while it waits, and if it has no number. */
    private @Nullable List<Frame> lastAnswer;

    /** The last request with frames, which the next one waits for; null if none is under way. */
    private @Nullable CompletableFuture<@Nullable Void> lastPost;

    /** The greatest number of a request with frames; 0 if the client doesn't count. */
    private int lastPostNumber;

    private int posts;
    private boolean closed;

    /** Nothing has been said yet. */
    protected Session(SessionHost home, Start start) {
        this.home = home;
        this.token = start.token();
        this.address = start.request().remoteIp();
        this.streams = start.streams();
    }

    // ---- for whom its frames are, on its loop ----

    /** The client has sent a frame. In a coroutine: it returns when the next one may come. */
    protected abstract void received(JsonNode frame);

    /** The client has given a sign of life without a frame. */
    protected abstract void heard();

    /** More frames can be sent, after {@link #send} said that they can't. */
    protected abstract void ready();

    /** The client has gone; twice is once. */
    protected abstract void ended();

    /** Whether the client has been let in, and not gone. */
    protected abstract boolean isOpen();

    /** {@code sse} or {@code longpoll}: what its frames go by. */
    public final String transport() {
        return streams ? "sse" : "longpoll";
    }

    /** What the client knows it by. Any thread. */
    public final String token() {
        return token;
    }

    /**
     * Sends a frame; it is taken in any case.
     *
     * @return whether more can be sent at once; if not, {@link #ready} will say when
     */
    public final boolean send(Frame frame) {
        if (stream != null) {
            return stream.send(frame);
        }
        if (frame == ServerFrames.PING) {
            answer(); // with nothing: that the client polls again shows that it is there
            return true;
        }
        if (pending == null) {
            pending = new ArrayList<>(2);
        }
        pending.add(frame);
        pendingSize += frame.size();
        if (poll == null) {
            return false;
        }
        if (!answerDue) {
            answerDue = true;
            home.io().addCallback(this::answer); // with all that comes in this turn
        }
        return pendingSize < MAX_BATCH;
    }

    /** Says no more than what was sent, and ends when the client has it. */
    public final void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
        answer();
        if (pending == null && lastAnswer == null) {
            home.sessions().end(this);
        } else { // it says good-bye to the next poll, or to this one again if the answer got lost
            home.io().callLater(LAST_WORDS, () -> home.sessions().end(this));
        }
    }

    // ---- what it is, from any thread ----

    /** Which loop it is on. */
    SessionHost home() {
        return home;
    }

    /** Whose limit it counts for. */
    String address() {
        return address;
    }

    // ---- requests, from any thread ----

    /** Runs something on the session's loop. */
    <T extends @Nullable Object> CompletableFuture<T> onHome(Callable<T> action) {
        CompletableFuture<T> result = IOLoop.current().newFuture();
        Runnable run =
                () -> {
                    try {
                        result.complete(action.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                };
        home.run(run);
        return result;
    }

    /**
     * Takes frames, behind those that came before; done when the next ones may come.
     *
     * @param number which of these requests it is; 0 if the client doesn't count
     */
    CompletableFuture<@Nullable Void> receive(int number, List<JsonNode> frames) {
        CompletableFuture<@Nullable Void> done = IOLoop.current().newFuture();
        home.run(() -> {
            if (closed) { // and so may its loop be, which starts no coroutine then
                done.completeExceptionally(SessionHandlers.unknown());
                return;
            }
            var receiving =
                    Async.spawn("frames of a session", () -> receiveInOrder(number, frames));
            receiving.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        });
        return done;
    }

    /** The client has gone away from a request that took frames, so some may be lost. */
    void lost() {
        home.run(this::leave);
    }

    // ---- on its loop ----

    /**
     * Lets the client in.
     *
     * @return the frame that says so
     * @throws SessionException if it isn't let in
     */
    Frame connect(JsonNode frame) {
        try {
            received(frame);
            var answers = takePending();
            if (!isOpen()) {
                throw refusal(answers);
            }
            return answers.getFirst();
        } finally {
            if (!isOpen()) {
                leave();
            }
        }
    }

    private static SessionException refusal(List<Frame> answers) {
        var json = answers.isEmpty() ? null : Json.decode(answers.getFirst().json());
        if (json == null || !"error".equals(json.path("type").stringValue())) {
            return new SessionException(503, ErrorCode.UNAVAILABLE, "not now; try again");
        }
        var code = json.path("code").stringValue();
        int status =
                switch (code) {
                    case ErrorCode.MALFORMED, ErrorCode.VERSION -> 400;
                    case ErrorCode.UNAUTHORIZED -> 401;
                    case ErrorCode.LIMIT, ErrorCode.RATE -> 429;
                    case ErrorCode.INTERNAL -> 500;
                    case ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT -> 503;
                    default -> 403;
                };
        return new SessionException(status, code, json.path("message").stringValue());
    }

    private void receiveInOrder(int number, List<JsonNode> frames) {
        checkOpen();
        if (number > 0 && number <= lastPostNumber) {
            if (lastPost != null) {
                Async.await(Async.shield(lastPost));
            }
            return;
        }
        if (posts >= MAX_POSTS) {
            throw new SessionException(
                    429, ErrorCode.RATE, "at most %d posts at a time".formatted(MAX_POSTS));
        }
        posts++;
        lastPostNumber = number;
        var before = lastPost;
        CompletableFuture<@Nullable Void> mine = home.io().newFuture();
        lastPost = mine;
        try {
            if (before != null) {
                Async.await(Async.shield(before));
            }
            for (var frame : frames) {
                received(frame);
            }
        } finally {
            posts--;
            mine.complete(null);
            if (lastPost == mine) {
                lastPost = null;
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw SessionHandlers.unknown();
        }
    }

    /**
     * A stream is to be opened.
     *
     * @param where the loop that it will be on
     * @return the way there
     * @throws SessionException if something listens already, or the session has ended
     */
    Relay reserve(IOLoop where) {
        checkOpen();
        listen();
        streams = true;
        return Relays.between(home.io(), where);
    }

    private void listen() {
        if (listening) {
            throw new SessionException(
                    409, ErrorCode.MALFORMED, "somebody listens to this session already");
        }
        listening = true;
        heard();
    }

    /** The stream is open. */
    void begin(SessionStream opened) {
        takePending().forEach(opened::send);
        if (closed) {
            opened.close();
            home.sessions().end(this);
            return;
        }
        stream = opened;
        ready();
    }

    /**
     * Asks for frames. A poll with the number of the one before it is the same one, repeated
     * because its answer was lost on the way: it gets that answer.
     *
     * @param number which poll it is; 0 if the client doesn't count
     * @param later completed as soon as there are frames, or with none when it has waited long
     *     enough, unless there are some now
     * @return those that there are now; null if there are none
     * @throws SessionException if something listens already, or the session has ended
     */
    @Nullable List<Frame> poll(int number, CompletableFuture<List<Frame>> later) {
        if (lastAnswer != null && number == lastPoll) {
            heard();
            return lastAnswer;
        }
        if (closed && pending != null) {
            var lastWords = takePending();
            if (number == 0) {
                home.sessions().end(this);
            } else {
                lastPoll = number;
                lastAnswer = lastWords;
            }
            return lastWords;
        }
        checkOpen();
        listen();
        lastPoll = number;
        lastAnswer = null;
        poll = later;
        ready();
        return pending == null ? null : takeAnswer();
    }

    private void answer() {
        var waiting = poll;
        if (waiting != null) {
            waiting.complete(takeAnswer());
        }
    }

    /** What the poll gets, which then waits no more. */
    private List<Frame> takeAnswer() {
        answerDue = false;
        poll = null;
        listening = false;
        heard();
        var frames = takePending();
        lastAnswer = lastPoll == 0 ? null : frames;
        return frames;
    }

    private List<Frame> takePending() {
        var taken = pending;
        pending = null;
        pendingSize = 0;
        return taken == null ? List.of() : taken;
    }

    private void leave() {
        closed = true;
        listening = false;
        poll = null;
        home.sessions().end(this);
        ended();
    }
}
