package whirlwind.realtime;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.ClientFrame;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * Does what clients ask for: the state of a connection is its own, this is the same for all of a
 * loop. Runs in the coroutine that brings the frame, so that what is slow (rules of access, an
 * engine that is far away) slows the client down that asked for it.
 */
final class FrameHandler {
    /** So many requests of a client are answered at a time. */
    private static final int MAX_ANSWERING = 16;

    /** So many characters of publications, or of users, come in one answer, or a single one. */
    private static final int MAX_ANSWER_SIZE = 256 << 10;

    /** So many users come in one answer. */
    private static final int MAX_MEMBERS = 1000;

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

    FrameHandler(HubLoop loop) {
        this.loop = loop;
    }

    private HubAccess access() {
        return loop.options().access();
    }

    // ---- rate ----

    /**
     * Counts a frame; how long before its time it came, which is positive if it is to be refused.
     * Each frame takes its share of a second, and a client that rested may be ahead by a burst.
     */
    Duration tooEarly(HubConnection connection) {
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

    // ---- frames ----

    /** Answers a frame, in the coroutine that brought it. */
    void handle(HubConnection connection, ClientFrame frame) {
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
            case ClientFrame.Subscribe subscribe -> subscribe(connection, subscribe);
            case ClientFrame.Unsubscribe(var id, var topic) -> {
                connection.unsubscribe(topic);
                connection.send(ServerFrames.unsubscribed(id, topic));
            }
            case ClientFrame.Publish publish -> publish(connection, publish);
            case ClientFrame.Presence presence -> presence(connection, presence);
            case ClientFrame.History history -> history(connection, history);
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

    // ---- topics ----

    private void subscribe(HubConnection connection, ClientFrame.Subscribe frame) throws Exception {
        var name = frame.topic();
        if (connection.subscription(name) != null) {
            throw new HubRefusal(ErrorCode.MALFORMED, "subscribed already to " + name);
        }
        if (connection.subscriptionCount() >= loop.options().maxSubscriptions()) {
            throw new HubRefusal(
                    ErrorCode.LIMIT,
                    "at most " + loop.options().maxSubscriptions() + " subscriptions");
        }
        if (!access().maySubscribe(connection, name)) {
            throw HubRefusal.forbidden("no subscription to " + name);
        }
        if (connection.isEnded() || connection.subscription(name) != null) {
            return;
        }
        var subscription = new ConnectionSubscription(connection, loop.feeds().feed(name));
        connection.add(subscription);
        try {
            begin(subscription, frame);
        } catch (RuntimeException e) {
            connection.unsubscribe(name);
            throw e;
        }
        if (!subscription.isClosed() && subscription.options().presence()) {
            join(connection, subscription);
        }
    }

    private void begin(ConnectionSubscription subscription, ClientFrame.Subscribe frame) {
        Async.await(Async.shield(subscription.start())); // others wait for it, too
        if (subscription.isClosed()) {
            throw ConnectionSubscription.ended();
        }
        Async.await(subscription.begin(frame.id(), frame.since()));
    }

    /** Behind the answer to the client, who is told of itself, too, and not before. */
    private void join(HubConnection connection, ConnectionSubscription subscription) {
        var topic = subscription.name().text();
        var user = connection.user();
        var info = user.info() == null ? null : Json.encode(user.info());
        subscription.isPresent(true);
        var joined = loop.engine().join(topic, connection.id(), user.id(), info);
        if (subscription.isClosed()) {
            leave(connection, subscription); // once more: the first may have overtaken the join
        }
        try {
            Async.await(joined);
        } catch (EngineUnavailableException e) {
            log.debug("{} could not join {}", connection, topic, e);
            connection.unsubscribe(topic, ErrorCode.UNAVAILABLE, "not possible now; try again");
        }
    }

    /** The connection is present no more. */
    void leave(HubConnection connection, ConnectionSubscription subscription) {
        var left =
                loop.engine()
                        .leave(subscription.name().text(), connection.id(), connection.user().id());
        left.whenComplete((nothing, failure) -> {
            if (failure != null) {
                log.debug("{} could not leave {}", connection, subscription.name(), failure);
            }
        });
    }

    private void publish(HubConnection connection, ClientFrame.Publish frame) throws Exception {
        var topic = frame.topic();
        if (!access().mayPublish(connection, topic, frame.data())) {
            throw HubRefusal.forbidden("no publishing to " + topic);
        }
        var position =
                Async.await(
                        loop.engine()
                                .publish(
                                        topic,
                                        Json.encode(frame.data()),
                                        connection.user().id(),
                                        loop.options().topic(topic).history()));
        if (frame.id() != null) {
            connection.send(ServerFrames.published(frame.id(), topic, position));
        }
    }

    private void presence(HubConnection connection, ClientFrame.Presence frame) throws Exception {
        var topic = frame.topic();
        if (!loop.options().topic(topic).presence()
                || !access().maySeePresence(connection, topic)) {
            throw HubRefusal.forbidden("no presence of " + topic);
        }
        var members = Async.await(loop.engine().members(topic));
        var told = members.subList(0, countOfPresent(members));
        connection.send(ServerFrames.presence(frame.id(), topic, told, members.size()));
    }

    private void history(HubConnection connection, ClientFrame.History frame) throws Exception {
        var topic = frame.topic();
        if (!access().maySubscribe(connection, TopicPattern.topic(topic))) {
            throw HubRefusal.forbidden("no history of " + topic);
        }
        int most = loop.options().maxHistoryPage();
        int limit = frame.limit() == null ? most : Math.clamp(frame.limit(), 0, most);
        var page = Async.await(loop.engine().history(topic, frame.since(), limit));
        var answer = shortened(page, frame.since() == null);
        connection.send(ServerFrames.history(frame.id(), topic, answer));
    }

    /** So many of them fit into an answer. */
    private static int countOfPresent(List<Member> members) {
        int most = Math.min(members.size(), MAX_MEMBERS);
        int count = 0;
        for (int size = 0; count < most; count++) {
            var member = members.get(count);
            size += member.user().length() + (member.info() == null ? 0 : member.info().length());
            if (size > MAX_ANSWER_SIZE && count > 0) {
                break;
            }
        }
        return count;
    }

    /** As much of it as fits into an answer: the newest or the oldest part. */
    private static HistoryPage shortened(HistoryPage page, boolean newest) {
        var all = page.publications();
        var order = newest ? all.reversed() : all;
        int count = 0;
        for (int size = 0; count < order.size(); count++) {
            size += order.get(count).json().length();
            if (size > MAX_ANSWER_SIZE && count > 0) {
                break;
            }
        }
        var part = newest ? all.subList(all.size() - count, all.size()) : all.subList(0, count);
        return new HistoryPage(page.position(), part, page.complete());
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
