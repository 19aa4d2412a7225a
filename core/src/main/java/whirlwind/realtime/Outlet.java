package whirlwind.realtime;

import org.jspecify.annotations.Nullable;
import whirlwind.realtime.protocol.Frame;

/** The way to a client that a transport provides. Called on the connection's loop. */
interface Outlet {
    /** {@code websocket}, {@code sse} or {@code longpoll}. */
    String transport();

    /** What the client is told to be its session; null: the connection's id. */
    default @Nullable String session() {
        return null;
    }

    /**
     * Sends a frame; it is taken in any case.
     *
     * @return whether more can be sent at once; if not, nothing is until the transport calls {@link
     *     HubConnection#ready}
     */
    boolean send(Frame frame);

    /** Ends the way, behind what was sent; the transport need not call {@code ended} then. */
    void close();
}
