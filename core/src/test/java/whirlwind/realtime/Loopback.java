package whirlwind.realtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;
import whirlwind.realtime.protocol.Frame;

/**
 * A transport without a network, for tests of what is above: what the hub sends is kept, and the
 * client takes as much as it is told to. Confined to its loop.
 */
final class Loopback implements Outlet {
    private final HubConnection connection;
    private final List<JsonNode> received = new ArrayList<>();
    private final ArrayDeque<Frame> unread = new ArrayDeque<>();
    private boolean reading = true;
    private boolean closed;

    Loopback(Hub hub) {
        connection = new HubConnection(hub.here(), this);
        connection.begin(
                new HttpServerRequest(
                        new RequestStartLine("GET", "/", HttpVersion.HTTP_1_1),
                        Headers.of("Host", "x")));
    }

    /** Connected as a user. */
    static Loopback of(Hub hub, String user) {
        var made = new Loopback(hub);
        made.say("{\"type\":\"connect\",\"version\":1,\"token\":\"" + user + "\"}");
        return made;
    }

    HubConnection connection() {
        return connection;
    }

    /** In a coroutine. */
    void say(String frame) {
        connection.receive(frame);
    }

    /** Stops to take frames, but for those under way. */
    void stopReading() {
        reading = false;
    }

    /** Takes what was under way, and all that comes. */
    void read() {
        reading = true;
        while (!unread.isEmpty()) {
            take(unread.remove());
        }
        connection.ready();
    }

    private void take(Frame frame) {
        received.add(Json.decode(frame.json()));
    }

    /** What has been received since this was asked for the last time. */
    List<JsonNode> received() {
        var all = List.copyOf(received);
        received.clear();
        return all;
    }

    boolean isClosed() {
        return closed;
    }

    /** The network breaks. */
    void breakOff() {
        closed = true;
        connection.ended();
    }

    @Override
    public String transport() {
        return "loopback";
    }

    @Override
    public boolean send(Frame frame) {
        if (closed) {
            return true;
        }
        if (reading) {
            take(frame);
        } else {
            unread.add(frame);
        }
        return reading;
    }

    @Override
    public void close() {
        closed = true;
    }
}
