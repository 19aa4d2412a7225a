package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpStatus;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.transport.BodySink;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;
import whirlwind.net.connect.ConnectTimeoutException.Stage;

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

        /** How far the connection that it waits for has come. */
        default Stage connecting(ClientCall call) {
            return Stage.CONNECT;
        }
    }

    private static final Map<String, Duration> NOTHING_MEASURED = Map.of();

    /** How often a request that was not looked at is sent again, in all. */
    private static final int MAX_REPETITIONS = 3;

    /**
     * How long a body waits for the server's consent: many servers never give it, RFC 9110 section
     * 10.1.1. As curl.
     */
    private static final Duration CONSENT_PATIENCE = Duration.ofSeconds(1);

    final TransportRequest request;
    private final ResponseListener listener;
    private final IOLoop loop;
    private final boolean head;
    private Link link;
    private int repetitions;
    private boolean attempted;
    private boolean over;
    private @Nullable ClientDecoding decoding;

    /** Sends the body that waits for the server's consent; null if none does. */
    private @Nullable Runnable heldBody;

    private @Nullable Timeout consentTimer;

    private boolean bodyBegun;

    /** Those of a response that is whole, but not decoded yet. */
    private @Nullable Headers trailers;

    /** A call that waits at {@code link}. */
    ClientCall(TransportRequest request, ResponseListener listener, Link link, IOLoop loop) {
        this.loop = loop;
        this.request = request;
        this.head = request.method().equals("HEAD");
        this.listener = listener;
        this.link = link;
    }

    boolean isOver() {
        return over;
    }

    // ---- from above ----

    @Override
    public void cancel() {
        if (!over) {
            finish();
            link.cancel(this);
        }
    }

    @Override
    public void pause() {
        if (!over) {
            if (decoding != null) {
                decoding.pause();
            }
            link.pause(this, true);
        }
    }

    @Override
    public void resume() {
        if (!over) {
            if (decoding != null) {
                decoding.resume();
                loop.addCallback(() -> decode(null));
            }
            link.pause(this, false);
        }
    }

    @Override
    public Stage connecting() {
        return link.connecting(this);
    }

    // ---- from the pool ----

    /** Whether a connection is being made for it. */
    boolean hasAttempt() {
        return attempted;
    }

    void hasAttempt(boolean attempted) {
        this.attempted = attempted;
    }

    boolean mayRepeat() {
        return repetitions < MAX_REPETITIONS;
    }

    /** Whether a streamed body has been asked for: it can't be had again. */
    boolean hasBegunBody() {
        return bodyBegun;
    }

    /** Waits again. */
    void waitAt(Link link) {
        dropHeldBody();
        this.link = link;
        repetitions++;
        listener.reconnecting();
    }

    // ---- from below ----

    void connected(Link link, boolean reused) {
        this.link = link;
        if (!over) {
            listener.connected(reused);
        }
    }

    void sendBody(BodySink sink) {
        if (!over) {
            bodyBegun = true;
            listener.sendBody(sink);
        }
    }

    /** Has the body sent when the server agrees, or has said nothing for a while. */
    void holdBody(Runnable send) {
        if (over) {
            return;
        }
        heldBody = send;
        consentTimer = loop.callLater(CONSENT_PATIENCE, this::releaseBody);
    }

    /** The server wants the body; it may say so again, or of one that wasn't held. */
    void releaseBody() {
        var send = heldBody;
        dropHeldBody();
        if (send != null) {
            send.run();
        }
    }

    private void dropHeldBody() {
        heldBody = null;
        if (consentTimer != null) {
            consentTimer.cancel();
            consentTimer = null;
        }
    }

    boolean answersHead() {
        return head;
    }

    /** The head is there; the buffers that its body may need are allocated there. */
    void head(ResponseStartLine startLine, Headers headers, ByteBufAllocator allocator) {
        if (over) {
            return;
        }
        dropHeldBody();
        var coding = headers.get("Content-Encoding");
        if (coding != null
                && request.decompress()
                && !answersHead()
                && !HttpStatus.hasNoBody(startLine.code())) {
            decoding = ClientDecoding.of(coding, allocator);
            if (decoding != null) {
                headers.remove("Content-Encoding");
                headers.remove("Content-Length");
                headers.add("X-Consumed-Content-Encoding", coding);
            }
        }
        listener.head(startLine, headers);
    }

    void body(ByteBuf piece) {
        if (over) {
            return;
        }
        if (decoding == null) {
            listener.body(piece.nioBuffer());
            return;
        }
        decode(piece);
    }

    /** Goes on decoding, with a piece more perhaps; on the loop's own thread. */
    private void decode(@Nullable ByteBuf piece) {
        if (over || decoding == null) {
            return;
        }
        try {
            decoding.decode(piece, this::decoded);
            if (trailers != null) {
                end(trailers);
            }
        } catch (HttpInputException corrupt) {
            if (!over) {
                finish();
                link.cancel(this);
                listener.failed(corrupt);
            }
        }
    }

    private void decoded(ByteBuf piece) {
        if (!over) {
            listener.body(piece.nioBuffer());
        }
    }

    void end(Headers trailers) {
        if (over) {
            return;
        }
        if (decoding != null && decoding.isHeld()) {
            this.trailers = trailers; // until the listener has taken what comes before
            return;
        }
        try {
            if (decoding != null) {
                decoding.end();
            }
        } catch (HttpInputException corrupt) {
            fail(corrupt);
            return;
        }
        finish();
        listener.end(trailers, NOTHING_MEASURED);
    }

    void fail(Throwable cause) {
        if (!over) {
            finish();
            listener.failed(cause);
        }
    }

    private void finish() {
        over = true;
        dropHeldBody();
        if (decoding != null) {
            decoding.close();
        }
    }
}
