package whirlwind.realtime;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.websocket.WebSocketHandler;

/** The transport over WebSocket: a frame is a text message. */
final class HubSocket extends WebSocketHandler implements Outlet {
    private static final String SUBPROTOCOL = "whirlwind.v1";

    /** A frame refers to none before it: so one that goes to many is the same for all. */
    private static final DeflateOptions EACH_BY_ITSELF = new DeflateOptions(-1, true, true);

    private final HubConnection connection;

    HubSocket(HubLoop loop) {
        this.connection = new HubConnection(loop, this);
    }

    private HubOptions hubOptions() {
        return connection.loop().options();
    }

    @Override
    public String transport() {
        return "websocket";
    }

    @Override
    protected boolean checkOrigin(String origin) {
        return super.checkOrigin(origin) || connection.loop().allowsOrigin(origin);
    }

    @Override
    protected @Nullable String selectSubprotocol(List<String> offered) {
        return offered.contains(SUBPROTOCOL) ? SUBPROTOCOL : null;
    }

    @Override
    protected @Nullable DeflateOptions getCompressionOptions() {
        return hubOptions().compression() ? EACH_BY_ITSELF : null;
    }

    /** The hub's own heartbeats do it. */
    @Override
    protected Duration pingInterval() {
        return Duration.ZERO;
    }

    /** The hub moves its clients away, each with a word on when to come again. */
    @Override
    protected boolean leavesByItself() {
        return true;
    }

    /** In bytes, of which a character has three at most. */
    @Override
    protected int maxMessageSize() {
        return Math.multiplyExact(3, hubOptions().maxFrameSize());
    }

    @Override
    protected void open() {
        connection.begin(request());
    }

    @Override
    protected void onMessage(String message) {
        connection.receive(message);
    }

    @Override
    protected void onMessage(byte[] message) {
        close(1003, "frames are text");
    }

    @Override
    protected void onClose() {
        connection.ended();
    }

    @Override
    public boolean send(Frame frame) {
        if (!isOpen()) {
            return true; // onClose is on its way
        }
        var taken = writeMessage(frame.webSocket());
        if (taken.isDone()) {
            return true;
        }
        taken.whenComplete((nothing, failure) -> {
            if (failure == null) {
                connection.ready();
            }
        });
        return false;
    }
}
