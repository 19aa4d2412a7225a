package whirlwind.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.HttpServerRequest;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.ClientFrame;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * A client of a {@link Hub}, whichever transport it came by. Methods are for any thread unless they
 * say otherwise; what they send to a client that has gone is dropped.
 */
public final class HubConnection {
    /** Half heartbeats of silence after which the client is asked, and after which it is gone. */
    private static final int ASK = 2;

    private static final int GONE = 4;

    private final HubLoop loop;
    private final Outlet outlet;
    private final long number = ThreadLocalRandom.current().nextLong();

    /** Null before it has come, and once it is let in. */
    private @Nullable HttpServerRequest request;

    /** Null for somebody anonymous. */
    private @Nullable HubUser user;

    /** The first of its subscriptions, each of which knows the one that follows; null for none. */
    private @Nullable ConnectionSubscription subscriptions;

    /** What the server asked the client; null if it never did. */
    private @Nullable Questions questions;

    /** What waits for the client; null while it takes everything. */
    private @Nullable SendQueue waiting;

    /** When the client could send a whole burst again, in microseconds of the loop's clock. */
    private long restedAt;

    private int answering;

    /** Where it stands among the {@link Connections} of its loop. */
    int place;

    /** In half heartbeats. */
    private byte sinceHeard;

    private byte sinceSent;
    private boolean connected;
    private boolean ended;

    HubConnection(HubLoop loop, Outlet outlet) {
        this.loop = loop;
        this.outlet = outlet;
    }

    /** Somebody has come; nothing is known yet. Frames can be sent at once. */
    void begin(HttpServerRequest request) {
        this.request = request;
        loop.connections().add(this);
    }

    // ---- for the application ----

    /** Names this connection, in all processes of the hub. */
    public String id() {
        return Long.toHexString(number);
    }

    /** Who it is. Once it has been let in, that doesn't change. */
    public HubUser user() {
        var known = user;
        return known != null ? known : new HubUser("anonymous-" + id());
    }

    /** {@code websocket}, {@code sse} or {@code longpoll}. */
    public String transport() {
        return outlet.transport();
    }

    /** What it has subscribed to; on the connection's loop only. */
    public List<TopicPattern> topics() {
        var names = new ArrayList<TopicPattern>();
        for (var each = subscriptions; each != null; each = each.following) {
            names.add(each.name());
        }
        return names;
    }

    /**
     * Sends something to this client alone, outside of topics.
     *
     * @param data what {@link Json} encodes
     */
    public void send(@Nullable Object data) {
        var frame = ServerFrames.message(Json.encode(data));
        loop.run(() -> send(frame));
    }

    /**
     * Asks the client something.
     *
     * @param data what {@link Json} encodes
     * @param timeout how long it may take to answer
     * @return its answer; fails with {@link whirlwind.loop.AsyncTimeoutException}, with {@link
     *     HubRefusal} if the client said no, or with {@link HubConnectionClosedException}
     */
    public CompletableFuture<JsonNode> request(@Nullable Object data, Duration timeout) {
        var json = Json.encode(data);
        var answer = loop.io().<JsonNode>newFuture();
        loop.run(() -> ask(json, timeout, answer));
        return answer;
    }

    /**
     * Ends a subscription of this client, and tells it.
     *
     * @param topic as it subscribed; harmless if it did not
     * @param code for programs, see {@link HubRefusal}
     * @param message for people
     */
    public void unsubscribe(String topic, String code, String message) {
        var pattern = new TopicPattern(topic);
        loop.run(() -> {
            if (unsubscribe(pattern)) {
                send(ServerFrames.unsubscribed(pattern, code, message));
            }
        });
    }

    /**
     * Says good-bye and ends the connection; twice is once.
     *
     * @param code for programs, see {@link HubRefusal}
     * @param message for people
     * @param reconnect whether the client may come again
     */
    public void disconnect(String code, String message, boolean reconnect) {
        loop.run(() -> end(code, message, reconnect, -1));
    }

    /** Whether it has been let in and not ended. */
    public boolean isOpen() {
        return connected && !ended;
    }

    /** Names it for people. */
    @Override
    public String toString() {
        return "HubConnection[" + id() + ", " + user().id() + ", " + transport() + "]";
    }

    // ---- from the transport, on the loop ----

    /**
     * A client has sent a frame. In a coroutine: it returns when the next one may come.
     *
     * @param text the JSON
     */
    void receive(String text) {
        int most = loop.options().maxFrameSize();
        if (text.length() > most) {
            end(ErrorCode.LIMIT, "a frame has at most " + most + " characters", false, -1);
        } else {
            receive(() -> ClientFrame.parse(text));
        }
    }

    /** The same with a tree. */
    void receive(JsonNode json) {
        receive(() -> ClientFrame.of(json));
    }

    private void receive(Supplier<ClientFrame> frame) {
        heard();
        if (!ended) {
            loop.frames().receive(this, frame);
        }
    }

    /** The client has given a sign of life without a frame. */
    void heard() {
        sinceHeard = 0;
    }

    /** The outlet takes more. */
    void ready() {
        var queue = waiting;
        if (queue == null || ended) {
            return;
        }
        for (Frame frame; (frame = queue.poll()) != null; ) {
            sinceSent = 0;
            if (!outlet.send(frame)) {
                return;
            }
        }
        waiting = null;
        for (var each = subscriptions; each != null; each = each.following) {
            each.ready();
        }
    }

    /** The way to the client has ended; twice is once. */
    void ended() {
        if (ended) {
            return;
        }
        ended = true;
        waiting = null;
        request = null;
        loop.connections().remove(this);
        for (ConnectionSubscription mine; (mine = subscriptions) != null; ) {
            subscriptions = mine.following;
            leave(mine);
        }
        if (questions != null) {
            questions.fail(gone());
        }
        if (connected) {
            loop.frames().disconnected(this);
        }
    }

    // ---- inside, on the loop ----

    HubLoop loop() {
        return loop;
    }

    /** What the client is told to be its session. */
    String session() {
        var given = outlet.session();
        return given != null ? given : id();
    }

    /** Whether it is by WebSocket. */
    boolean isSocket() {
        return outlet instanceof HubSocket;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isConnected() {
        return connected;
    }

    /** The request by which it came, until it is let in. */
    @Nullable HttpServerRequest request() {
        return request;
    }

    void connected(HubUser who) {
        user = who.equals(HubUser.ANONYMOUS) ? null : who;
        request = null;
        connected = true;
    }

    long restedAt() {
        return restedAt;
    }

    void restedAt(long micros) {
        restedAt = micros;
    }

    /** One more request of the client is being answered, or one less. */
    int answering(int change) {
        answering += change;
        return answering;
    }

    private SendQueue newQueue() {
        return new SendQueue(loop.options().maxQueuedBytes());
    }

    /** Whether frames go out at once. */
    boolean isReady() {
        return waiting == null && !ended;
    }

    /** Whether so little waits that what comes live fits behind a little more. */
    boolean hasRoom() {
        return waiting == null || !waiting.isHalfFull();
    }

    /** Sends a frame that is not to be dropped. */
    void send(Frame frame) {
        if (ended) {
            return;
        }
        sinceSent = 0;
        if (waiting != null) {
            waiting.add(frame);
            endIfTooSlow();
        } else if (!outlet.send(frame)) {
            waiting = newQueue();
        }
    }

    /** Sends what a subscription brings, or does with it as the topic's options say. */
    void deliver(Frame frame, ConnectionSubscription subscription) {
        if (ended) {
            return;
        }
        sinceSent = 0;
        if (waiting == null) {
            if (!outlet.send(frame)) {
                waiting = newQueue();
            }
        } else if (waiting.add(frame, subscription)) {
            endIfTooSlow();
        } else {
            endTooSlow();
        }
    }

    private void endIfTooSlow() {
        if (waiting != null && waiting.isTooLarge()) {
            endTooSlow();
        }
    }

    private void endTooSlow() {
        end(ErrorCode.LIMIT, "too slow for what it subscribed to", true, -1);
    }

    void sendError(@Nullable Long id, String code, String message) {
        send(ServerFrames.error(id, code, message));
    }

    /** The history of one of its topics can't be read: it had better come again. */
    void unavailable() {
        end(ErrorCode.UNAVAILABLE, "history can't be read now", true, -1);
    }

    /** Says good-bye, whatever else waits. */
    void end(String code, String message, boolean reconnect, long afterMillis) {
        if (!ended) {
            outlet.send(ServerFrames.disconnect(code, message, reconnect, afterMillis));
            ended();
            outlet.close();
        }
    }

    // ---- subscriptions ----

    int subscriptionCount() {
        int count = 0;
        for (var each = subscriptions; each != null; each = each.following) {
            count++;
        }
        return count;
    }

    @Nullable ConnectionSubscription subscription(TopicPattern name) {
        var each = subscriptions;
        while (each != null && !each.name().equals(name)) {
            each = each.following;
        }
        return each;
    }

    void add(ConnectionSubscription subscription) {
        subscription.following = subscriptions;
        subscriptions = subscription;
    }

    /** Whether there was such a subscription. */
    boolean unsubscribe(TopicPattern name) {
        var known = subscription(name);
        if (known == null) {
            return false;
        }
        if (known == subscriptions) {
            subscriptions = known.following;
        } else {
            var before = Objects.requireNonNull(subscriptions);
            while (before.following != known) {
                before = Objects.requireNonNull(before.following);
            }
            before.following = known.following;
        }
        leave(known);
        return true;
    }

    private void leave(ConnectionSubscription subscription) {
        if (waiting != null) {
            waiting.forget(subscription);
        }
        subscription.close();
    }

    // ---- questions to the client ----

    private void ask(String json, Duration timeout, CompletableFuture<JsonNode> answer) {
        if (!isOpen()) {
            answer.completeExceptionally(gone());
            return;
        }
        if (questions == null) {
            questions = new Questions(loop.io());
        }
        send(ServerFrames.request(questions.add(timeout, answer), json));
    }

    private HubConnectionClosedException gone() {
        return new HubConnectionClosedException(this + " has gone");
    }

    /** What waits for the client's answers, if anything does. */
    @Nullable Questions questions() {
        return questions;
    }

    // ---- from the sweep ----

    /** Half a heartbeat has passed: asks for a sign of life, or gives up. */
    void checkAlive() {
        sinceHeard++;
        sinceSent++;
        if (sinceHeard >= GONE || !connected && sinceHeard >= ASK) {
            end(ErrorCode.TIMEOUT, "nothing was heard for too long", true, -1);
        } else if (connected && (sinceHeard == ASK || sinceSent >= ASK)) {
            send(ServerFrames.PING);
        }
    }
}
