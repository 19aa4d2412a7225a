package whirlwind.benchmarks.peer;

import tools.jackson.databind.JsonNode;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubOptions;
import whirlwind.web.Application;

/** A hub to whose topics anybody may publish. */
public final class WhirlwindHub {
    private WhirlwindHub() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        var hub = new Hub(HubOptions.DEFAULTS.withAccess(new Open()));
        var application = new Application();
        hub.mount(application);
        application.listen("127.0.0.1", Integer.parseInt(args[0]));
        IOLoop.current().start();
    }

    private static final class Open implements HubAccess {
        @Override
        public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
            return true;
        }
    }
}
