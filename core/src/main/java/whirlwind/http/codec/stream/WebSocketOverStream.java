package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketWire;

/** A stream of a connection with many that carries a WebSocket, RFC 8441 and RFC 9220. */
final class WebSocketOverStream implements WebSocketWire {
    private final ServerStream stream;
    private final WebSocketChannel webSocket;
    private boolean reading;
    private int unread;

    WebSocketOverStream(ServerStream stream, WebSocketChannel webSocket) {
        this.stream = stream;
        this.webSocket = webSocket;
    }

    // ---- what the stream tells ----

    /** The 200 is out. */
    void begin() {
        stream.context().connections().add(webSocket);
        webSocket.carriedBy(this);
    }

    /** How many of the bytes that have come are kept. */
    int received(ByteBuf data) {
        int size = data.readableBytes();
        if (size > 0) {
            webSocket.received(data.retainedSlice());
        }
        if (reading) {
            return 0;
        }
        unread += size;
        return size;
    }

    void writable() {
        webSocket.writable();
    }

    void ended() {
        webSocket.ended();
    }

    void lostBeforeItOpened() {
        webSocket.lostBeforeItOpened();
    }

    Outbox outbox() {
        return webSocket.outbox();
    }

    // ---- what the WebSocket asks for ----

    @Override
    public ByteBufAllocator alloc() {
        return stream.alloc();
    }

    @Override
    public void setReading(boolean reading) {
        this.reading = reading;
        if (reading && unread > 0) {
            stream.taken(unread, true);
            unread = 0;
        }
    }

    @Override
    public boolean drain(Outbox outbox) {
        stream.sendMore();
        return outbox.isEmpty();
    }

    @Override
    public boolean keepsOutbox() {
        return true;
    }

    @Override
    public void closeBehindOutput() {
        stream.end(null);
    }

    @Override
    public void endOutput() {
        stream.end(null);
    }

    @Override
    public void close() {
        stream.abort();
    }

    @Override
    public void setNodelay(boolean nodelay) {
        // the connection is not the WebSocket's own
    }
}
