package whirlwind.demos.chat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.visitor.Visitor;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.ConnectRequest;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.HubRefusal;
import whirlwind.realtime.HubUser;
import whirlwind.realtime.TopicOptions;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.web.Application;

/**
 * The chat over the hub. Room {@code lobby} is the topic {@code chat.lobby}, which has history and
 * presence; who writes something there is told in {@code typing.lobby}. Pages say things by a
 * request, because the server has a word in it.
 */
public final class Chat implements HubAccess {
    private static final int MEMORY = 200; // messages of a room
    private static final int MAX_TEXT = 2000; // UTF-16 units, as a browser counts
    private static final int MAX_ROOMS = 64; // each with a memory, and anybody may open one
    private static final Pattern ROOM = Pattern.compile("[a-z0-9-]{1,24}");
    private static final Pattern TOPIC = Pattern.compile("(chat|typing)\\." + ROOM);

    /**
     * What a page says.
     *
     * @param key the page's name for the message: said twice with the same key, it is taken once
     * @param again whether it may have been taken already
     */
    private record Say(String room, String key, String text, boolean again) {
        Say {
            require(ROOM.matcher(room).matches(), "room: not a room");
            require(!key.isEmpty() && key.length() <= 64, "key: 1 to 64 characters");
        }

        static Say of(JsonNode data) {
            return new Say(
                    data.path("room").asString(""),
                    data.path("key").asString(""),
                    data.path("text").asString(""),
                    data.path("again").asBoolean(false));
        }
    }

    /** What everybody in the room hears. */
    private record Said(String key, String name, String text) {}

    private final Hub hub;
    private final Map<HubConnection, Allowance> allowances = new HashMap<>();
    private final Set<String> rooms = new HashSet<>(); // where somebody has said something

    private Chat(HubOptions options) {
        var rooms =
                TopicOptions.DEFAULTS.withHistory(MEMORY, Duration.ofDays(7)).withPresence(true);
        hub = new Hub(options.withTopics("chat.*", rooms).withAccess(this));
    }

    /** The application, on no port yet, for a single process. */
    public static Application application() {
        return application(HubOptions.DEFAULTS);
    }

    /** The same, perhaps with an engine that several processes share. */
    public static Application application(HubOptions options) {
        var application = ChatPage.addTo(new Application(), "chat.js");
        new Chat(options).hub.mount(application);
        return application;
    }

    @Override
    public HubUser connect(ConnectRequest request) {
        return Visitor.of(request.token());
    }

    @Override
    public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
        return TOPIC.matcher(topic.text()).matches();
    }

    /** A sign that one types, which says nothing else. */
    @Override
    public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
        return topic.startsWith("typing.") && TOPIC.matcher(topic).matches() && data.isNull();
    }

    @Override
    public Object onRequest(HubConnection connection, String name, JsonNode data) {
        if (!name.equals("say")) {
            throw HubRefusal.forbidden(name + ": not a request");
        }
        say(connection, Say.of(data));
        return Map.of();
    }

    @Override
    public void onDisconnect(HubConnection connection) {
        allowances.remove(connection);
    }

    private void say(HubConnection connection, Say say) {
        var text = say.text.replaceAll("[\\p{Cc}&&[^\n\t]]", "").strip();
        require(!text.isEmpty(), "empty");
        require(
                text.length() <= MAX_TEXT,
                "%d characters (at most %d)".formatted(text.length(), MAX_TEXT));
        if (!rooms.contains(say.room) && rooms.size() == MAX_ROOMS) {
            throw new HubRefusal("limit", "there are %d rooms, and no more".formatted(MAX_ROOMS));
        }
        var topic = "chat." + say.room;
        if (say.again && isSaid(topic, say.key)) {
            return;
        }
        var now = IOLoop.current().time();
        var allowance = allowances.computeIfAbsent(connection, _ -> new Allowance(now));
        if (allowance.take(now).isPositive()) {
            throw new HubRefusal("rate", "too many messages");
        }
        rooms.add(say.room);
        var user = connection.user();
        var said = new Said(say.key, Visitor.nameOf(user), text);
        Async.await(hub.publish(topic, said, user.id()));
    }

    private boolean isSaid(String topic, String key) {
        return Async.await(hub.history(topic, null, MEMORY)).publications().stream()
                .anyMatch(known -> Json.decode(known.json()).path("key").asString("").equals(key));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new HubRefusal("malformed", otherwise);
        }
    }
}
