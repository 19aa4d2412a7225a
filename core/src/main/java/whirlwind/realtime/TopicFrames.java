package whirlwind.realtime;

import java.util.List;
import java.util.function.ToIntFunction;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.ClientFrame;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * Answers what clients say of topics. Each is called in the coroutine that brings the frame, and
 * throws what {@link FrameHandler} tells the client.
 */
final class TopicFrames {
    /** So many characters of publications, or of users, come in one answer, or a single one. */
    private static final int MAX_ANSWER_SIZE = 256 << 10;

    /** So many users come in one answer. */
    private static final int MAX_MEMBERS = 1000;

    private final HubLoop loop;

    TopicFrames(HubLoop loop) {
        this.loop = loop;
    }

    private HubAccess access() {
        return loop.options().access();
    }

    void subscribe(HubConnection connection, ClientFrame.Subscribe frame) throws Exception {
        var name = frame.topic();
        if (connection.subscription(name) != null) {
            throw new HubRefusal(ErrorCode.MALFORMED, "subscribed already to " + name);
        }
        int most = loop.options().maxSubscriptions();
        if (connection.subscriptionCount() >= most) {
            throw new HubRefusal(ErrorCode.LIMIT, "at most " + most + " subscriptions");
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
            subscription.join(); // the client is told of itself, too, and not before the answer
        }
    }

    private static void begin(ConnectionSubscription subscription, ClientFrame.Subscribe frame) {
        Async.await(Async.shield(subscription.start())); // others wait for it, too
        if (subscription.isClosed()) {
            throw ConnectionSubscription.ended();
        }
        Async.await(subscription.begin(frame.id(), frame.since()));
    }

    void unsubscribe(HubConnection connection, ClientFrame.Unsubscribe frame) {
        connection.unsubscribe(frame.topic());
        connection.send(ServerFrames.unsubscribed(frame.id(), frame.topic()));
    }

    void publish(HubConnection connection, ClientFrame.Publish frame) throws Exception {
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

    void presence(HubConnection connection, ClientFrame.Presence frame) throws Exception {
        var topic = frame.topic();
        if (!loop.options().topic(topic).presence()
                || !access().maySeePresence(connection, topic)) {
            throw HubRefusal.forbidden("no presence of " + topic);
        }
        var members = Async.await(loop.engine().members(topic));
        var some = members.subList(0, Math.min(members.size(), MAX_MEMBERS));
        var told = fitting(some, TopicFrames::size);
        connection.send(ServerFrames.presence(frame.id(), topic, told, members.size()));
    }

    private static int size(Member member) {
        return member.user().length() + (member.info() == null ? 0 : member.info().length());
    }

    void history(HubConnection connection, ClientFrame.History frame) throws Exception {
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

    /** As much of it as fits into an answer: the newest or the oldest part. */
    private static HistoryPage shortened(HistoryPage page, boolean newest) {
        var all = page.publications();
        var part =
                newest
                        ? fitting(all.reversed(), each -> each.json().length()).reversed()
                        : fitting(all, each -> each.json().length());
        return new HistoryPage(page.position(), part, page.complete());
    }

    /** The first of them: as many as fit into an answer, but one in any case. */
    private static <T> List<T> fitting(List<T> all, ToIntFunction<T> size) {
        int count = 0;
        for (int sum = 0; count < all.size(); count++) {
            sum += size.applyAsInt(all.get(count));
            if (sum > MAX_ANSWER_SIZE && count > 0) {
                break;
            }
        }
        return all.subList(0, count);
    }
}
