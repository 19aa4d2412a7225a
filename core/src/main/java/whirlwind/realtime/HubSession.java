package whirlwind.realtime;

import tools.jackson.databind.JsonNode;
import whirlwind.realtime.session.Session;

/** The transports over server-sent events and long polling. */
final class HubSession extends Session implements Outlet {
    private final HubConnection connection;

    HubSession(HubLoop loop, Start start) {
        super(loop, start);
        this.connection = new HubConnection(loop, this);
        connection.begin(start.request());
    }

    @Override
    public String session() {
        return token();
    }

    @Override
    protected void received(JsonNode frame) {
        connection.receive(frame);
    }

    @Override
    protected void heard() {
        connection.heard();
    }

    @Override
    protected void ready() {
        connection.ready();
    }

    @Override
    protected void ended() {
        connection.ended();
    }

    @Override
    protected boolean isOpen() {
        return connection.isOpen();
    }
}
