package whirlwind.realtime;

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
 * <p>Frames wait here only for a poll that is about to be answered, and one before; the others wait
 * in the connection's queue, where the rules for slow clients are.
 */
final class HubSession implements Outlet {
    /** Characters that one answer to a poll has, about. */
    private static final int MAX_BATCH = 256 << 10;

    /** So many requests with frames may be under way. */
    private static final int MAX_POSTS = 4;

    /** How long the last words wait for a client to ask for them, perhaps again. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    private final HubLoop home;
    private final String token;
    private final String address;
    private final HubConnection connection;

    private boolean streams;

    /** Frames that a poll will take; null for none. */
    private @Nullable ArrayList<Frame> pending;

    private int pendingSize;

    /** A stream is opening or open, or a poll waits. */
    private boolean listening;

    private @Nullable HubStream stream;
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

    HubSession(HubLoop home, String token, HttpServerRequest request, boolean streams) {
        this.home = home;
        this.token = token;
        this.address = request.remoteIp();
        this.streams = streams;
        this.connection = new HubConnection(home, this);
        connection.begin(request);
    }

    /** Which loop it is on. Any thread. */
    HubLoop home() {
        return home;
    }

    /** Whose limit it counts for. Any thread. */
    String address() {
        return address;
    }

    /** What the client knows it by. Any thread. */
    @Override
    public String session() {
        return token;
    }

    @Override
    public String transport() {
        return streams ? "sse" : "longpoll";
    }

    // ---- requests, from any thread ----

    /** Runs something on the session's loop. */
    <T> CompletableFuture<T> onHome(Callable<T> action) {
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
            if (closed) {
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
            connection.receive(frame);
            var answers = takePending();
            if (!connection.isOpen()) {
                throw refusal(answers);
            }
            return answers.getFirst();
        } finally {
            if (!connection.isOpen()) {
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
                connection.receive(frame);
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
     * @throws SessionException if something listens already, or the session has ended
     */
    boolean reserve() {
        checkOpen();
        listen();
        streams = true;
        return true;
    }

    private void listen() {
        if (listening) {
            throw new SessionException(
                    409, ErrorCode.MALFORMED, "somebody listens to this session already");
        }
        listening = true;
        connection.heard();
    }

    /** The stream is open. */
    void begin(HubStream opened) {
        takePending().forEach(opened::send);
        if (closed) {
            opened.close();
            home.hub().sessions().end(this);
            return;
        }
        stream = opened;
        connection.ready();
    }

    /** The way to a stream on another loop. */
    Relay relayTo(IOLoop loop) {
        return home.relayTo(loop);
    }

    /** The stream takes more. */
    void ready() {
        connection.ready();
    }

    /**
     * Completes {@code answer} as soon as there are frames, or with none when it has waited long
     * enough. A poll with the number of the one before it is the same one, repeated because its
     * answer was lost on the way: it gets that answer.
     *
     * @param number which poll it is; 0 if the client doesn't count
     * @throws SessionException if something listens already, or the session has ended
     */
    boolean poll(int number, CompletableFuture<List<Frame>> answer) {
        if (lastAnswer != null && number == lastPoll) {
            connection.heard();
            answer.complete(lastAnswer);
            return true;
        }
        if (closed && pending != null) {
            var lastWords = takePending();
            answer.complete(lastWords);
            if (number == 0) {
                home.hub().sessions().end(this);
            } else {
                lastPoll = number;
                lastAnswer = lastWords;
            }
            return true;
        }
        checkOpen();
        listen();
        lastPoll = number;
        lastAnswer = null;
        poll = answer;
        connection.ready();
        if (pending != null) {
            answer();
        }
        return true;
    }

    private void answer() {
        answerDue = false;
        var waiting = poll;
        if (waiting != null) {
            poll = null;
            listening = false;
            connection.heard();
            var frames = takePending();
            lastAnswer = lastPoll == 0 ? null : frames;
            waiting.complete(frames);
        }
    }

    private List<Frame> takePending() {
        var taken = pending;
        pending = null;
        pendingSize = 0;
        return taken == null ? List.of() : taken;
    }

    @Override
    public boolean send(Frame frame) {
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

    @Override
    public void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
        answer();
        if (pending == null && lastAnswer == null) {
            home.hub().sessions().end(this);
        } else { // it says good-bye to the next poll, or to this one again if the answer got lost
            home.io().callLater(LAST_WORDS, () -> home.hub().sessions().end(this));
        }
    }

    private void leave() {
        closed = true;
        listening = false;
        poll = null;
        home.hub().sessions().end(this);
        connection.ended();
    }
}
