package whirlwind.http.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.http.transport.BodySink;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;

/** One request of a fetch, and the response to it: what the transport tells is put together. */
final class Hop implements ResponseListener {
    /** The rest of a response that nobody wants is read up to there, to keep the connection. */
    private static final int WORTH_READING = 64 << 10;

    private final Fetch fetch;
    private final Outgoing outgoing;
    private HttpTransport.@Nullable Exchange exchange;
    private boolean connected;
    private boolean over;
    private @Nullable ResponseStartLine startLine;
    private Headers headers = new Headers();
    private @Nullable Headers trailers;
    private @Nullable Outgoing next;
    private boolean retried;
    private long received;
    private @Nullable BodyBuffer body;
    private @Nullable Delivery delivery;
    private @Nullable Upload upload;

    Hop(Fetch fetch, Outgoing outgoing) {
        this.fetch = fetch;
        this.outgoing = outgoing;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    boolean isConnected() {
        return connected;
    }

    /** How far it has come. */
    Stage stage() {
        if (!connected) {
            return exchange == null ? Stage.CONNECT : Stage.of(exchange.connecting());
        }
        return startLine == null ? Stage.REQUEST : Stage.BODY;
    }

    /** Whether the user has seen some of the response, so that it can't be had again. */
    boolean hasDelivered() {
        return delivery != null;
    }

    private ResponseStartLine line() {
        return Objects.requireNonNull(startLine);
    }

    HttpVersion version() {
        return line().version();
    }

    int code() {
        return line().code();
    }

    String reason() {
        var reason = line().reason();
        return reason.isEmpty() ? HttpStatus.reason(code()) : reason;
    }

    Headers headers() {
        return headers;
    }

    Headers trailers() {
        return trailers == null ? new Headers() : trailers;
    }

    /** It has gone out as this exchange. */
    void sent(HttpTransport.Exchange exchange) {
        this.exchange = exchange;
        if (over) {
            exchange.cancel();
        }
    }

    /** Stops whatever still runs. */
    void drop() {
        over = true;
        if (exchange != null) {
            exchange.cancel();
        }
        if (delivery != null) {
            delivery.cancel();
        }
        if (upload != null) {
            upload.cancel();
        }
    }

    // ---- the transport tells ----

    @Override
    public void connected(boolean reused) {
        connected = true;
        fetch.connected();
    }

    @Override
    public void reconnecting() {
        connected = false;
        fetch.connecting(this);
    }

    @Override
    public void sendBody(BodySink sink) {
        upload = new Upload(fetch, outgoing, sink);
        upload.start();
    }

    @Override
    public void head(ResponseStartLine startLine, Headers headers) {
        this.startLine = startLine;
        this.headers = headers;
        try {
            next = fetch.after(this);
        } catch (HttpProtocolException senseless) {
            fetch.fail(senseless);
            return;
        }
        retried = next == null && fetch.retriesStatus(code());
        if (next != null || retried) {
            return;
        }
        long announced = announced();
        if (announced > maxBodySize()) {
            tooLarge(announced + " bytes of body announced");
            return;
        }
        var chunks = outgoing.settings().streamingCallback();
        var lines = outgoing.settings().headerCallback();
        if (chunks != null || lines != null) {
            delivery = new Delivery(fetch, Objects.requireNonNull(exchange), chunks);
            if (lines != null) {
                delivery.head(startLine, headers, lines);
            }
        }
        if (chunks == null) {
            body = new BodyBuffer(announced);
        }
    }

    /** The body's length, if the head says it and there is a body; else -1. */
    private long announced() {
        if (outgoing.method().equals("HEAD") || HttpStatus.hasNoBody(code())) {
            return -1;
        }
        var length = headers.get("Content-Length");
        return length == null ? -1 : Long.parseLong(length); // the transport has looked at it
    }

    private long maxBodySize() {
        long most = Objects.requireNonNull(outgoing.settings().maxBodySize());
        return isStreamed() ? most : Math.min(most, BodyBuffer.MOST);
    }

    private boolean isStreamed() {
        return outgoing.settings().streamingCallback() != null;
    }

    private void tooLarge(String what) {
        long most = maxBodySize();
        var how = most == BodyBuffer.MOST && !isStreamed() ? ", unless it is streamed" : "";
        fetch.broken(new HttpInputException(what + " (at most " + most + how + ")"));
    }

    @Override
    public void body(ByteBuffer piece) {
        received += piece.remaining();
        if (next != null || retried) {
            if (received > WORTH_READING) {
                goOn();
            }
        } else if (received > maxBodySize()) {
            tooLarge("more bytes of body than allowed");
        } else if (body != null) {
            body.add(piece);
        } else if (delivery != null) {
            var chunk = new byte[piece.remaining()];
            piece.get(chunk);
            delivery.chunk(chunk);
        }
    }

    private void goOn() {
        if (next != null) {
            fetch.goOn(next);
        } else {
            fetch.retryStatus(headers);
        }
    }

    @Override
    public void end(Headers trailers, Map<String, Duration> timeInfo) {
        this.trailers = trailers;
        if (next != null || retried) {
            goOn();
        } else if (delivery != null) {
            delivery.end(() -> succeed(timeInfo));
        } else {
            succeed(timeInfo);
        }
    }

    private void succeed(Map<String, Duration> timeInfo) {
        fetch.succeed(this, body == null ? BodyBuffer.NONE : body.bytes(), timeInfo);
    }

    @Override
    public void failed(Throwable cause) {
        fetch.broken(cause);
    }
}
