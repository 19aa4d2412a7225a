package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Map;
import whirlwind.http.Headers;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.transport.BodySink;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;

/**
 * One request from its start to its end, wherever it is: waiting for a connection, or on one. Its
 * listener hears nothing after the end.
 */
final class ClientCall implements HttpTransport.Exchange {
    /** What carries a call. */
    interface Link {
        /** Ends the call without a word. */
        void cancel(ClientCall call);

        /** Stops reading the response's body, or goes on. */
        void pause(ClientCall call, boolean paused);
    }

    private static final Map<String, Duration> NOTHING_MEASURED = Map.of();

    final TransportRequest request;
    private final ResponseListener listener;
    private Link link;
    private boolean over;
    private boolean repeated;

    /** A call that waits at {@code link}. */
    ClientCall(TransportRequest request, ResponseListener listener, Link link) {
        this.request = request;
        this.listener = listener;
        this.link = link;
    }

    boolean isOver() {
        return over;
    }

    /** Whether it has to have a fresh connection, for a kept one turned out to be closed. */
    boolean isRepeated() {
        return repeated;
    }

    // ---- from above ----

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            link.cancel(this);
        }
    }

    @Override
    public void pause() {
        if (!over) {
            link.pause(this, true);
        }
    }

    @Override
    public void resume() {
        if (!over) {
            link.pause(this, false);
        }
    }

    // ---- from below ----

    /** Waits again, for a connection of its own. */
    void repeatAt(Link link) {
        this.link = link;
        repeated = true;
    }

    void connected(Link link, boolean reused) {
        this.link = link;
        if (!over) {
            listener.connected(reused);
        }
    }

    void sendBody(BodySink sink) {
        if (!over) {
            listener.sendBody(sink);
        }
    }

    void head(ResponseStartLine startLine, Headers headers) {
        if (!over) {
            listener.head(startLine, headers);
        }
    }

    void body(ByteBuf piece) {
        if (!over) {
            listener.body(piece.nioBuffer());
        }
    }

    void end() {
        if (!over) {
            over = true;
            listener.end(NOTHING_MEASURED);
        }
    }

    void fail(Throwable cause) {
        if (!over) {
            over = true;
            listener.failed(cause);
        }
    }
}
