package whirlwind.demos.cursors;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.page.Pages;
import whirlwind.demos.visitor.Visitor;
import whirlwind.realtime.ConnectRequest;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.HubUser;
import whirlwind.realtime.Overflow;
import whirlwind.realtime.TopicOptions;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.web.Application;

/** Lets visitors tell each other where they point. */
public final class Cursors implements HubAccess {
    private static final String TOPIC = "cursors";
    private static final Set<String> FIELDS = Set.of("x", "y", "press");

    private Cursors() {}

    /** The application, on no port yet. */
    public static Application application() {
        // Whoever is too slow to see every move sees the last ones.
        var topic = TopicOptions.DEFAULTS.withPresence(true).withQueue(64, Overflow.DROP_OLDEST);
        var hub = new Hub(HubOptions.DEFAULTS.withTopics(TOPIC, topic).withAccess(new Cursors()));
        var application = Pages.add(new Application(), Cursors.class, "cursors.css", "cursors.js");
        hub.mount(application);
        return application;
    }

    @Override
    public HubUser connect(ConnectRequest request) {
        return Visitor.of(request.token());
    }

    @Override
    public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
        return topic.text().equals(TOPIC);
    }

    /** A place, in parts of the field, and whether the button is pressed there. */
    @Override
    public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
        return topic.equals(TOPIC)
                && FIELDS.containsAll(data.propertyNames())
                && isPart(data.path("x"))
                && isPart(data.path("y"))
                && (!data.has("press") || data.path("press").isBoolean());
    }

    private static boolean isPart(JsonNode number) {
        double part = number.isNumber() ? number.asDouble(-1) : -1; // it may be beyond all doubles
        return part >= 0 && part <= 1;
    }
}
