package whirlwind.realtime;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.protocol.ClientFrame;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.MalformedFrameException;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * Does what clients ask for: the state of a connection is its own, this is the same for all of a
 * loop. Runs in the coroutine that brings the frame, so that what is slow (rules of access, an
 * engine that is far away) slows the client down that asked for it.
 */
final class FrameHandler {
    /** So many requests of a client are answered at a time. */
    private static final int MAX_ANSWERING = 16;

    /** Why a client isn't let in that may be later. */
    private static final Set<String> PASSING =
            Set.of(
                    ErrorCode.INTERNAL,
                    ErrorCode.LIMIT,
                    ErrorCode.RATE,
                    ErrorCode.TIMEOUT,
                    ErrorCode.UNAVAILABLE);

    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final HubLoop loop;
    private final TopicFrames topics;

    FrameHandler(HubLoop loop) {
        this.loop = loop;
        this.topics = new TopicFrames(loop);
    }

    private HubAccess access() {
        return loop.options().access();
    }

    // ---- frames ----

    /**
     * A client has sent a frame. In a coroutine: it returns when the next one may come.
     *
     * @param frame reads it
     */
    void receive(HubConnection connection, Supplier<ClientFrame> frame) {
        var tooEarly = tooEarly(connection);
        if (tooEarly.isPositive()) {
            connection.sendError(answered(frame), ErrorCode.RATE, "too many frames: slow down");
            Async.sleep(tooEarly);
            return;
        }
        try {
            handle(connection, frame.get());
        } catch (MalformedFrameException e) {
            connection.sendError(e.id(), ErrorCode.MALFORMED, String.valueOf(e.getMessage()));
            if (!connection.isConnected()) {
                connection.end(ErrorCode.MALFORMED, "the first frame is connect", false, -1);
            }
        }
    }

    /**
     * Counts a frame; how long before its time it came, which is positive if it is to be refused.
     * Each frame takes its share of a second, and a client that rested may be ahead by a burst.
     */
    private Duration tooEarly(HubConnection connection) {
        long share = MICROS_PER_SECOND / loop.options().frameRate();
        var time = loop.io().time();
        long now = time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / 1000;
        long rested = Math.max(connection.restedAt(), now) + share;
        if (rested - now > share * loop.options().frameBurst()) {
            return Duration.ofNanos(share * 1000);
        }
        connection.restedAt(rested);
        return Duration.ZERO;
    }

    /** The id by which the client knows the answer to a frame; null if it expects none. */
    private static @Nullable Long answered(Supplier<ClientFrame> frame) {
        try {
            return switch (frame.get()) {
                case ClientFrame.Reply _, ClientFrame.Failure _ -> null; // the id is our question's
                case ClientFrame other -> other.id();
            };
        } catch (MalformedFrameException e) {
            return e.id();
        }
    }

    private void handle(HubConnection connection, ClientFrame frame) {
        if (!connection.isConnected() && !(frame instanceof ClientFrame.Connect)) {
            connection.sendError(frame.id(), ErrorCode.MALFORMED, "the first frame is connect");
            connection.end(ErrorCode.MALFORMED, "the first frame is connect", false, -1);
            return;
        }
        switch (frame) {
            case ClientFrame.Reply reply -> {
                if (connection.questions() != null) {
                    connection.questions().answered(reply);
                }
            }
            case ClientFrame.Failure failure -> {
                if (connection.questions() != null) {
                    connection.questions().answered(failure);
                }
            }
            case ClientFrame.Pong _ -> {}
            case ClientFrame.Request request -> spawnAnswer(connection, request);
            default -> answering(connection, frame.id(), () -> answer(connection, frame));
        }
    }

    private interface Answer {
        void run() throws Exception;
    }

    /** Runs it, and tells the client if it fails: by the code that is returned, else null. */
    private static @Nullable String answering(
            HubConnection connection, @Nullable Long id, Answer answer) {
        try {
            answer.run();
            return null;
        } catch (HubRefusal e) {
            return refuse(connection, id, e.code(), e.message());
        } catch (EngineUnavailableException e) {
            log.debug("{} could not be served", connection, e);
            return refuse(connection, id, ErrorCode.UNAVAILABLE, "not possible now; try again");
        } catch (AsyncTimeoutException e) {
            return refuse(connection, id, ErrorCode.TIMEOUT, "it took too long");
        } catch (Throwable e) {
            if (e instanceof CancellationException cancelled && Async.isOwnCancellation(e)) {
                connection.sendError(id, ErrorCode.INTERNAL, "it was given up");
                throw cancelled; // the client has gone, or the loop ends
            }
            log.error("A frame of {} failed", connection, e);
            return refuse(connection, id, ErrorCode.INTERNAL, "the server failed");
        }
    }

    private static String refuse(
            HubConnection connection, @Nullable Long id, String code, String message) {
        connection.sendError(id, code, message);
        return code;
    }

    private void answer(HubConnection connection, ClientFrame frame) throws Exception {
        switch (frame) {
            case ClientFrame.Connect connect -> connect(connection, connect);
            case ClientFrame.Subscribe subscribe -> topics.subscribe(connection, subscribe);
            case ClientFrame.Unsubscribe leave -> topics.unsubscribe(connection, leave);
            case ClientFrame.Publish publish -> topics.publish(connection, publish);
            case ClientFrame.Presence presence -> topics.presence(connection, presence);
            case ClientFrame.History history -> topics.history(connection, history);
            default -> throw new AssertionError(frame);
        }
    }

    private void connect(HubConnection connection, ClientFrame.Connect frame) {
        var request = connection.request();
        if (request == null) {
            throw new HubRefusal(ErrorCode.MALFORMED, "connected already");
        }
        if (frame.version() != ServerFrames.VERSION) {
            connection.sendError(
                    frame.id(), ErrorCode.VERSION, "expected version " + ServerFrames.VERSION);
            connection.end(
                    ErrorCode.VERSION, "expected version " + ServerFrames.VERSION, false, -1);
            return;
        }
        if (loop.connections().isDraining()) {
            Connections.leave(connection);
            return;
        }
        var ask = new ConnectRequest(frame.token(), request, connection.transport());
        var refused =
                answering(
                        connection,
                        frame.id(),
                        () -> {
                            var user = access().connect(ask);
                            if (!connection.isEnded()) {
                                connection.connected(user);
                                connection.send(welcome(connection, frame));
                            }
                        });
        if (refused != null) {
            boolean again = PASSING.contains(refused);
            connection.end(again ? refused : ErrorCode.UNAUTHORIZED, "not let in", again, -1);
        }
    }

    private Frame welcome(HubConnection connection, ClientFrame.Connect frame) {
        return ServerFrames.connected(
                frame.id(),
                connection.session(),
                connection.user().id(),
                loop.options().heartbeat().toMillis());
    }

    // ---- the application ----

    /** Beside the client's other frames: the answer may need one of them. */
    private void spawnAnswer(HubConnection connection, ClientFrame.Request request) {
        if (connection.answering(0) >= MAX_ANSWERING) {
            connection.sendError(
                    request.id(),
                    ErrorCode.LIMIT,
                    "at most " + MAX_ANSWERING + " requests at once");
            return;
        }
        connection.answering(1);
        IOLoop.current()
                .spawnCallback(() -> {
                    try {
                        answering(connection, request.id(), () -> answer(connection, request));
                    } finally {
                        connection.answering(-1);
                    }
                });
    }

    private void answer(HubConnection connection, ClientFrame.Request request) {
        var answer =
                Async.withTimeout(
                        loop.options().requestTimeout(),
                        () ->
                                Json.encode(
                                        access().onRequest(
                                                        connection,
                                                        request.name(),
                                                        request.data())));
        if (request.id() != null) {
            connection.send(ServerFrames.reply(request.id(), answer));
        }
    }

    /** A client that had been let in has gone. */
    void disconnected(HubConnection connection) {
        Async.spawn(
                        "onDisconnect",
                        () -> {
                            try {
                                access().onDisconnect(connection);
                            } catch (Throwable e) {
                                log.error("onDisconnect failed for {}", connection, e);
                            }
                        })
                .finishBeforeClose();
    }
}
